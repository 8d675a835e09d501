package dev.godwit.worker.dynamodb;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.WorkerException;
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

  private final DynamoDbClient client;

  /**
   * Calls made through {@code client}, which must have a {@link RawBody} among its interceptors.
   */
  WireDynamoDb(DynamoDbClient client) {
    this.client = client;
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

    Refusal(DynamoDbException e, RawBody.Exchange exchange) {
      super(e.awsErrorDetails().errorMessage(), e);
      this.code = e.awsErrorDetails().errorCode();
      this.exchange = exchange;
    }

    String code() {
      return code;
    }

    String reason() {
      var message = getMessage();
      return message == null ? "" : message;
    }

    RawBody.Exchange exchange() {
      return exchange;
    }
  }

  /**
   * Makes one call; the SDK tries again what may pass.
   *
   * @throws Refusal when DynamoDB refuses what was asked
   * @throws WorkerException when the table does not answer, is not there or may not be used
   */
  RawBody.Exchange call(Operation operation, String table, byte[] body) throws Refusal {
    var exchange = new RawBody.Exchange(body);
    try {
      operation.call(
          client,
          AwsRequestOverrideConfiguration.builder()
              .putExecutionAttribute(exchange.attribute(), exchange)
              .build(),
          table);
      return exchange;
    } catch (DynamoDbException e) {
      throw refused(operation, table, e, exchange);
    } catch (SdkException e) {
      throw new TableUnavailable(
          "DynamoDB did not answer for the table " + table + ": " + e.getMessage(), e);
    }
  }

  private static Refusal refused(
      Operation operation, String table, DynamoDbException e, RawBody.Exchange exchange) {
    var code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
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
    return new Refusal(e, exchange);
  }
}
