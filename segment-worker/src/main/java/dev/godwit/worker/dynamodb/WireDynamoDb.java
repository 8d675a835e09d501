package dev.godwit.worker.dynamodb;

import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.wire.JsonService;
import dev.godwit.worker.wire.RetriedCalls;
import dev.godwit.worker.wire.ServiceRefused;
import dev.godwit.worker.write.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

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

  /** The longest, however much time is left: what takes so long has been lost on its way. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

  private final JsonService service;
  private final RetriedCalls calls;
  private final Deadline deadline;
  private final boolean once;

  /** Calls of {@code service}, without a deadline. */
  WireDynamoDb(JsonService service, RetriedCalls calls) {
    this(service, calls, Deadline.NEVER, false);
  }

  private WireDynamoDb(JsonService service, RetriedCalls calls, Deadline deadline, boolean once) {
    this.service = service;
    this.calls = calls;
    this.deadline = deadline;
    this.once = once;
  }

  /** The same, but no call waits beyond {@code deadline} before it is tried again. */
  WireDynamoDb until(Deadline deadline) {
    return new WireDynamoDb(service, calls, deadline, once);
  }

  /** The same, but no call is tried again: one that is throttled is refused. */
  WireDynamoDb once() {
    return new WireDynamoDb(service, calls, deadline, true);
  }

  /** The calls that are made this way. */
  enum Operation {
    SCAN("Scan"),
    QUERY("Query"),
    BATCH_GET_ITEM("BatchGetItem"),
    BATCH_EXECUTE_STATEMENT("BatchExecuteStatement"),
    BATCH_WRITE_ITEM("BatchWriteItem"),
    PUT_ITEM("PutItem"),
    UPDATE_ITEM("UpdateItem"),
    DELETE_ITEM("DeleteItem"),
    TRANSACT_WRITE_ITEMS("TransactWriteItems"),
    DESCRIBE_TABLE("DescribeTable");

    private final String name;

    Operation(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A refusal that concerns what was asked, not the table: its body tells more. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String reason;
    private final transient Optional<RefusalBody> body;
    private final transient Tally throttles;

    Refusal(ServiceRefused e, Optional<RefusalBody> body, Tally throttles) {
      super(e.reason(), e);
      this.code = e.code();
      this.reason = e.reason();
      this.body = body;
      this.throttles = throttles;
    }

    String code() {
      return code;
    }

    String reason() {
      return reason;
    }

    /** How many tries were throttled, by what. */
    Tally throttles() {
      return throttles;
    }

    /** Why each part of a transaction was not done; none for what was no transaction. */
    List<RefusalBody.Cancellation> cancellations() {
      return body.map(RefusalBody::cancellations).orElse(List.of());
    }

    /**
     * What this means for the single write that was refused.
     *
     * @throws TableRefused when it is not that write's fault
     */
    Outcome outcome(String table, String what) {
      if (Throttling.by(code).isPresent()) {
        return new Outcome.Busy();
      }
      return switch (code) {
        // what cannot be read may tell of an item: nobody knows whether it is gone
        case "ConditionalCheckFailedException" ->
            body.isEmpty()
                ? new Outcome.Busy()
                : new Outcome.Conflict(body.flatMap(RefusalBody::item));
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
  }

  /**
   * Makes one call, again and again where that may help.
   *
   * @throws Refusal when DynamoDB refuses what was asked
   * @throws WorkerException when the table does not answer, is not there or may not be used
   */
  Exchange call(Operation operation, String table, byte[] body) throws Refusal {
    var tries = new Tries();
    try {
      var answer =
          once
              ? tries.noted(() -> once(operation, body))
              : calls.call(() -> tries.noted(() -> once(operation, body)), deadline);
      return new Exchange(answer, tries.throttles);
    } catch (ServiceRefused e) {
      if (once && tries.throttles.isSomething()) {
        throw new Refusal(e, tries.last, tries.throttles);
      }
      throw refused(operation, table, e, tries);
    } catch (SdkException e) {
      throw new TableUnavailable(
          "DynamoDB did not answer for the table " + table + ": " + e.getMessage(), e);
    }
  }

  /** An answer that comes when the function has been stopped is of no use to anybody. */
  private byte[] once(Operation operation, byte[] body) {
    var left = deadline.leftForAnswers();
    var atMost = left.compareTo(LONGEST_TIMEOUT) < 0 ? left : LONGEST_TIMEOUT;
    return service.call(
        operation.toString(),
        body,
        atMost.compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : atMost);
  }

  /** What the tries of one call were refused with. */
  private static final class Tries {
    private Tally throttles = Tally.ZERO;
    private Optional<RefusalBody> last = Optional.empty();

    byte[] noted(Supplier<byte[]> call) {
      try {
        return call.get();
      } catch (ServiceRefused e) {
        last = RefusalBody.of(e.body());
        var by = last.flatMap(it -> Throttling.by(e.code(), it.throttlings()));
        if (by.isPresent()) {
          throttles = throttles.plus(by.get(), 1);
        }
        throw e;
      }
    }
  }

  private static Refusal refused(Operation operation, String table, ServiceRefused e, Tries tries) {
    var code = e.code();
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
    return new Refusal(e, tries.last, tries.throttles);
  }
}
