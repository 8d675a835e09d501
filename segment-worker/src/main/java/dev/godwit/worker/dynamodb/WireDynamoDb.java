package dev.godwit.worker.dynamodb;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** DynamoDB calls whose bodies are bytes. Thread-safe. */
final class WireDynamoDb {
  private static final Set<String> TRANSIENT =
      Set.of(
          "ProvisionedThroughputExceededException",
          "ThrottlingException",
          "RequestLimitExceeded",
          "InternalServerError",
          "LimitExceededException",
          "TransactionInProgressException",
          "ResourceInUseException");

  /** The shortest that a call may take, however little time is left: it has been decided upon. */
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

  private final DynamoDbClient client;
  private final RetriedCalls calls;
  private final Deadline deadline;

  /**
   * Calls made through {@code client}, which must have a {@link RawBody} among its interceptors and
   * must not try again itself, without a deadline.
   */
  WireDynamoDb(DynamoDbClient client, RetriedCalls calls) {
    this(client, calls, Deadline.NEVER);
  }

  private WireDynamoDb(DynamoDbClient client, RetriedCalls calls, Deadline deadline) {
    this.client = client;
    this.calls = calls;
    this.deadline = deadline;
  }

  /** The same, but no call waits beyond {@code deadline} before it is tried again. */
  WireDynamoDb until(Deadline deadline) {
    return new WireDynamoDb(client, calls, deadline);
  }

  /** The calls that are made this way. */
  enum Operation {
    SCAN {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.scan(request -> request.tableName(table).overrideConfiguration(with));
      }
    },
    BATCH_GET_ITEM {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.batchGetItem(request -> request.overrideConfiguration(with));
      }
    },
    BATCH_EXECUTE_STATEMENT {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.batchExecuteStatement(request -> request.overrideConfiguration(with));
      }
    },
    BATCH_WRITE_ITEM {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.batchWriteItem(request -> request.overrideConfiguration(with));
      }
    },
    PUT_ITEM {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.putItem(request -> request.tableName(table).overrideConfiguration(with));
      }
    },
    UPDATE_ITEM {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.updateItem(request -> request.tableName(table).overrideConfiguration(with));
      }
    },
    DELETE_ITEM {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.deleteItem(request -> request.tableName(table).overrideConfiguration(with));
      }
    },
    TRANSACT_WRITE_ITEMS {
      @Override
      void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table) {
        client.transactWriteItems(request -> request.overrideConfiguration(with));
      }
    };

    abstract void call(DynamoDbClient client, AwsRequestOverrideConfiguration with, String table);
  }

  /** A refusal that concerns what was asked, not the table: its body tells more. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient RawBody.Exchange exchange;

    Refusal(String code, String reason, DynamoDbException e, RawBody.Exchange exchange) {
      super(reason, e);
      this.code = code;
      this.exchange = exchange;
    }

    String code() {
      return code;
    }

    String reason() {
      var message = getMessage();
      return message == null ? "" : message;
    }

    /** Why each part of a transaction was not done; none for what was no transaction. */
    List<RefusalBody.Cancellation> cancellations() {
      return exchange.refusal().map(RefusalBody::cancellations).orElse(List.of());
    }

    /**
     * What this means for the single write that was refused.
     *
     * @throws TableRefused when it is not that write's fault
     */
    Outcome outcome(String table, String what) {
      return switch (code) {
        case "ConditionalCheckFailedException" ->
            new Outcome.Conflict(exchange.refusal().flatMap(RefusalBody::item));
        // Of a global table with strong consistency: the item is being written in another region.
        // API reference, ReplicatedWriteConflictException, retry-safe; read 2026-11-25.
        case "TransactionConflictException", "ReplicatedWriteConflictException" ->
            new Outcome.Busy();
        case "ValidationException", "ItemCollectionSizeLimitExceededException" ->
            new Outcome.Refused(code, reason());
        default ->
            throw new TableRefused(
                "The table " + table + " refused " + what + " (" + code + "): " + reason(), this);
      };
    }

    RawBody.Exchange exchange() {
      return exchange;
    }
  }

  /**
   * Makes one call, again and again where that may help.
   *
   * @throws Refusal when DynamoDB refuses what was asked
   * @throws WorkerException when the table does not answer, is not there or may not be used
   */
  RawBody.Exchange call(Operation operation, String table, byte[] body) throws Refusal {
    var exchange = new RawBody.Exchange(body);
    try {
      return calls.call(
          () -> {
            operation.call(client, with(exchange), table);
            return exchange;
          },
          deadline);
    } catch (DynamoDbException e) {
      throw refused(operation, table, e, exchange);
    } catch (SdkException e) {
      throw new TableUnavailable(
          "DynamoDB did not answer for the table " + table + ": " + e.getMessage(), e);
    }
  }

  private static Refusal refused(
      Operation operation, String table, DynamoDbException e, RawBody.Exchange exchange) {
    var code = code(e, exchange);
    if (e.statusCode() >= 500 || TRANSIENT.contains(code)) {
      throw new TableUnavailable(
          "DynamoDB is not taking requests for the table "
              + table
              + " ("
              + operation
              + "): "
              + e.getMessage(),
          e);
    }
    if (e.statusCode() == 403
        || code.startsWith("AccessDenied")
        || code.equals("ResourceNotFoundException")) {
      throw new TableRefused(
          "DynamoDB refused " + operation + " on the table " + table + ": " + e.getMessage(), e);
    }
    var details = e.awsErrorDetails();
    var reason = details == null ? e.getMessage() : details.errorMessage();
    return new Refusal(code, reason == null ? "" : reason, e, exchange);
  }

  /** DynamoDB's name of the refusal; empty when something else has answered. */
  private static String code(DynamoDbException e, RawBody.Exchange exchange) {
    var details = e.awsErrorDetails();
    var code = details == null ? null : details.errorCode();
    return code == null ? exchange.refusal().map(RefusalBody::code).orElse("") : code;
  }

  /** An answer that comes when the function has been stopped is of no use to anybody. */
  private AwsRequestOverrideConfiguration with(RawBody.Exchange exchange) {
    var configuration =
        AwsRequestOverrideConfiguration.builder()
            .putExecutionAttribute(exchange.attribute(), exchange);
    var atMost = deadline.leftForAnswers();
    if (!atMost.equals(Deadline.FOREVER)) {
      configuration.apiCallTimeout(
          atMost.compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : atMost);
    }
    return configuration.build();
  }
}
