package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.DynamoDbJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Answers that the real service gives and DynamoDB Local does not: the one place where they are,
 * each with its source and the date on which it was read. {@link AnsweringAsTheService} gives them.
 *
 * <p>Sources are named by their repository: <i>conformance</i> is paritysuite/dynamodb-conformance
 * (formerly of nubo-db), <i>dynoxide</i> is nubo-db/dynoxide; both hold what AWS answered in real
 * regions.
 */
public enum ServiceAnswer {
  /**
   * A statement's condition fails, and its item is not told, though ALL_OLD was asked for: dynoxide
   * tests/batch_statement_member_fields.rs before 3.2.0, B7 to B9, eu-west-2, 2026-08-15. In
   * October two regions told it (the same, 3.2.0). Read 2026-11-25.
   */
  CONFLICT_WITHOUT_ITEM {
    @Override
    void change(ObjectNode request, ObjectNode answer, Random random) {
      for (var response : answer.path("Responses")) {
        if (response.has("Error")) {
          ((ObjectNode) response.get("Error")).remove("Item");
        }
      }
    }

    @Override
    boolean concerns(String operation) {
      return isStatements(operation);
    }
  },

  /**
   * Statements that are not understood are refused one by one, with HTTP 200 for the request:
   * conformance tests/tier2/partiql/batchExecuteStatement.test.ts, eu-west-2. Read 2026-11-25.
   */
  STATEMENT_NOT_UNDERSTOOD {
    @Override
    String statementError() {
      return "{\"Code\":\"ValidationError\",\"Message\":\"Statement wasn't well formed, can't be"
          + " processed: Expected data manipulation\"}";
    }
  },

  /** On demand a statement is throttled in these words: boto/boto3#3834. Read 2026-11-25. */
  STATEMENT_THROTTLED {
    @Override
    String statementError() {
      return "{\"Code\":\"ThrottlingError\",\"Message\":\"Throughput exceeds the current capacity of"
          + " your table or index. DynamoDB is automatically scaling your table or index so please"
          + " try again shortly. If exceptions persist, check if you have a hot key\"}";
    }
  },

  /** API reference, BatchStatementError, Code. Read 2026-11-25. */
  STATEMENT_OVER_THE_ACCOUNTS_QUOTA {
    @Override
    String statementError() {
      return "{\"Code\":\"RequestLimitExceeded\",\"Message\":\"Throughput exceeds the current"
          + " throughput quota for your account\"}";
    }
  },

  /** API reference, BatchStatementError, Code. Read 2026-11-25. */
  STATEMENT_IN_CONFLICT_WITH_A_TRANSACTION {
    @Override
    String statementError() {
      return "{\"Code\":\"TransactionConflict\",\"Message\":\"Transaction is ongoing for the item\"}";
    }
  },

  /**
   * Of a global table with strong consistency: the name of the exception as others are shortened in
   * a BatchStatementError. Neither the reference nor a capture has it; it is better expected.
   */
  STATEMENT_WRITTEN_IN_ANOTHER_REGION {
    @Override
    String statementError() {
      return "{\"Code\":\"ReplicatedWriteConflict\",\"Message\":\"One or more items in the request"
          + " are being modified by a request in another Region.\"}";
    }
  },

  /** API reference, BatchStatementError, Code. Read 2026-11-25. */
  STATEMENT_FAILED_INSIDE {
    @Override
    String statementError() {
      return "{\"Code\":\"InternalServerError\",\"Message\":\"Internal server error\"}";
    }
  },

  /**
   * A table that may not be written to is told statement by statement: API reference,
   * BatchStatementError, Code; of single requests: common errors. Read 2026-11-25.
   */
  ACCESS_DENIED {
    @Override
    String statementError() {
      return "{\"Code\":\"AccessDenied\",\"Message\":\"User is not authorized to perform:"
          + " dynamodb:PartiQLUpdate\"}";
    }

    @Override
    String refusal(Random random) {
      return "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"User is not"
          + " authorized to perform this\"}";
    }
  },

  /**
   * A table that is not there is told statement by statement: conformance
   * tests/tier2/partiql/batchExecuteStatement.test.ts, eu-west-2. Read 2026-11-25.
   */
  TABLE_NOT_THERE {
    @Override
    String statementError() {
      return "{\"Code\":\"ResourceNotFound\",\"Message\":\"Requested resource not found\"}";
    }

    @Override
    String refusal(Random random) {
      return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\",\"message\":"
          + "\"Requested resource not found\"}";
    }
  },

  /**
   * What a batch has consumed is told by table, failures added to the total of a table of which
   * anything succeeded; a table whose statements all failed is left out, and all of it when nothing
   * succeeded: dynoxide captures M1, M4, R3 and C1, 2026-08-13. Read 2026-11-25.
   */
  CAPACITY_OF_STATEMENTS {
    @Override
    void change(ObjectNode request, ObjectNode answer, Random random) {
      var units = new TreeMap<String, Integer>();
      var succeeded = new HashSet<String>();
      var responses = answer.path("Responses");
      for (int i = 0; i < responses.size(); i++) {
        var table = table(request.path("Statements").path(i).path("Statement").asText());
        units.merge(table, 1, Integer::sum);
        if (!responses.get(i).has("Error")) {
          succeeded.add(table);
        }
      }
      answer.remove("ConsumedCapacity");
      units.keySet().retainAll(succeeded);
      units.forEach(
          (table, consumed) ->
              answer
                  .withArray("/ConsumedCapacity")
                  .addObject()
                  .put("TableName", table)
                  .put("CapacityUnits", consumed.doubleValue()));
    }

    private String table(String statement) {
      int from = statement.indexOf('"') + 1;
      return statement.substring(from, statement.indexOf('"', from));
    }

    @Override
    boolean concerns(String operation) {
      return isStatements(operation);
    }
  },

  /**
   * No capacity is told: as in {@link #CAPACITY_OF_STATEMENTS} when nothing has succeeded, and of
   * requests that nobody has asked it for.
   */
  CAPACITY_LEFT_OUT {
    @Override
    void change(ObjectNode request, ObjectNode answer, Random random) {
      answer.remove("ConsumedCapacity");
    }

    @Override
    boolean concerns(String operation) {
      return true;
    }
  },

  /**
   * The item of a global table with strong consistency is being written in another region: API
   * reference, ReplicatedWriteConflictException, 400, retry-safe. Read 2026-11-25.
   */
  WRITTEN_IN_ANOTHER_REGION {
    @Override
    String refusal(Random random) {
      return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException\","
          + "\"message\":\"The request was rejected because one or more items in the request are"
          + " being modified by a request in another Region.\"}";
    }

    @Override
    boolean concerns(String operation) {
      return WRITES.contains(operation) && !operation.equals("BatchWriteItem");
    }
  },

  /** A move that is throttled: API reference, CancellationReason. Read 2026-11-25. */
  TRANSACTION_THROTTLED {
    @Override
    String refusal(Random random) {
      return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\",\"Message\":"
          + "\"Transaction cancelled, please refer cancellation reasons for specific reasons [None,"
          + " ThrottlingError]\",\"CancellationReasons\":[{\"Code\":\"None\"},{\"Code\":"
          + "\"ThrottlingError\",\"Message\":\"Throughput exceeds the current capacity of your table or"
          + " index.\"}]}";
    }

    @Override
    boolean concerns(String operation) {
      return operation.equals("TransactWriteItems");
    }
  },

  /** As below, of an index: API reference, ThrottlingReason. Read 2026-11-26. */
  UPDATE_THROTTLED_BY_AN_INDEX {
    @Override
    String refusal(Random random) {
      return ThrottledFor.INDEX.body();
    }

    @Override
    boolean concerns(String operation) {
      return operation.equals("UpdateItem");
    }
  },

  /**
   * A request is throttled, and reasons say by what: API reference, ThrottlingReason; the member is
   * called ThrottlingReasons, but throttlingReasons in a ThrottlingException (the SDK's model,
   * 2.41.28). Which of them, is drawn. Read 2026-11-25.
   */
  THROTTLED_FOR_A_REASON {
    @Override
    String refusal(Random random) {
      var kinds = ThrottledFor.values();
      return kinds[random.nextInt(kinds.length)].body();
    }

    @Override
    boolean concerns(String operation) {
      return WRITES.contains(operation) || READS.contains(operation);
    }
  },

  /**
   * An attribute has a name of 65,535 bytes: ExtendDB/extenddb#365, aws/aws-sdk-java-v2#6913, whose
   * own parser gives up at 50,000 as DynamoDB Local does. Here {@code long name} stands for it in
   * DynamoDB Local. Read 2026-11-25.
   */
  LONG_NAMES {
    @Override
    void narrow(ObjectNode request) {
      rename(request, LONG_NAME, NAME_FOR_IT);
    }

    @Override
    void change(ObjectNode request, ObjectNode answer, Random random) {
      rename(answer, NAME_FOR_IT, LONG_NAME);
    }

    private void rename(ObjectNode json, String from, String to) {
      try {
        var renamed = (ObjectNode) JSON.readTree(json.toString().replace(from, to));
        json.removeAll();
        json.setAll(renamed);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    boolean concerns(String operation) {
      return true;
    }
  },

  /**
   * BatchWriteItem does what the table takes, and leaves the other writes: API reference,
   * BatchWriteItem, UnprocessedItems. Here it does the first ones. Read 2026-11-25.
   */
  WRITES_LEFT_UNDONE {
    @Override
    void narrow(ObjectNode request) {
      request.get("RequestItems").forEach(table -> shorten((ArrayNode) table));
    }

    @Override
    void change(ObjectNode request, ObjectNode answer, Random random) {
      var left = answer.putObject("UnprocessedItems");
      for (var table : request.get("RequestItems").properties()) {
        var writes = rest((ArrayNode) table.getValue());
        if (!writes.isEmpty()) {
          left.set(table.getKey(), writes);
        }
      }
    }

    @Override
    boolean concerns(String operation) {
      return operation.equals("BatchWriteItem");
    }
  },

  /**
   * BatchGetItem answers no more than 1 MB of a partition, and leaves the other keys: API
   * reference, BatchGetItem, UnprocessedKeys. Here it is made of the first items. Read 2026-11-25.
   */
  KEYS_LEFT_FOR_SIZE {
    @Override
    void narrow(ObjectNode request) {
      request.get("RequestItems").forEach(table -> shorten((ArrayNode) table.get("Keys")));
    }

    @Override
    void change(ObjectNode request, ObjectNode answer, Random random) {
      var left = answer.withObject("UnprocessedKeys"); // perhaps with some that others left
      for (var table : request.get("RequestItems").properties()) {
        var keys = rest((ArrayNode) table.getValue().get("Keys"));
        if (!keys.isEmpty()) {
          left.withObject(table.getKey()).withArray("Keys").addAll(keys);
        }
      }
    }

    @Override
    boolean concerns(String operation) {
      return operation.equals("BatchGetItem");
    }
  };

  /** What is done of a batch: so many items of 400 KB that a fourth would not go into 1 MB. */
  private static final int DONE = 2;

  /** A name as long as one may be, and what stands for it where that is too long. */
  static final String LONG_NAME = "n".repeat(65_535);

  static final String NAME_FOR_IT = "long name";

  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());
  private static final List<String> READS = List.of("Scan", "BatchGetItem");
  private static final List<String> WRITES =
      List.of(
          "BatchExecuteStatement",
          "BatchWriteItem",
          "PutItem",
          "UpdateItem",
          "DeleteItem",
          "TransactWriteItems");

  /** What can throttle a request, with an exception as each of them comes in. */
  enum ThrottledFor {
    TABLE("ProvisionedThroughputExceededException", "TableWriteProvisionedThroughputExceeded"),
    INDEX("ProvisionedThroughputExceededException", "IndexWriteProvisionedThroughputExceeded"),
    PARTITION("ThrottlingException", "TableWriteKeyRangeThroughputExceeded"),
    PARTITION_OF_AN_INDEX("ThrottlingException", "IndexWriteKeyRangeThroughputExceeded"),
    ACCOUNT("RequestLimitExceeded", "TableWriteAccountLimitExceeded"),
    MAXIMUM("ThrottlingException", "TableReadMaxOnDemandThroughputExceeded");

    private final String code;
    private final String reason;

    ThrottledFor(String code, String reason) {
      this.code = code;
      this.reason = reason;
    }

    /** The body of the refusal; its words speak of a table and an index alike. */
    String body() {
      boolean isCoral = code.equals("ThrottlingException");
      return "{\"__type\":\""
          + (isCoral ? "com.amazon.coral.availability#" : "com.amazonaws.dynamodb.v20120810#")
          + code
          + "\",\"message\":\"Throughput exceeds the current capacity of your table or index.\",\""
          + (isCoral ? "throttlingReasons" : "ThrottlingReasons")
          + "\":[{\"reason\":\""
          + reason
          + "\",\"resource\":\"arn:aws:dynamodb:eu-west-2:123456789012:table/Cities\"}]}";
    }
  }

  /** The body of a refusal, with status 400, for what an index can take. */
  public static String throttledByAnIndex() {
    return ThrottledFor.INDEX.body();
  }

  private static void shorten(ArrayNode parts) {
    while (parts.size() > DONE) {
      parts.remove(parts.size() - 1);
    }
  }

  private static ArrayNode rest(ArrayNode parts) {
    var rest = parts.deepCopy();
    for (int i = 0; i < DONE && !rest.isEmpty(); i++) {
      rest.remove(0);
    }
    return rest;
  }

  /**
   * Those that a run gets over by itself: it leaves what it would have left without them. The
   * others end a slice, need a table made for them, or are one of THROTTLED_FOR_A_REASON.
   */
  public static Set<ServiceAnswer> passing() {
    return EnumSet.complementOf(
        EnumSet.of(ACCESS_DENIED, TABLE_NOT_THERE, LONG_NAMES, UPDATE_THROTTLED_BY_AN_INDEX));
  }

  /** Whether this may be an answer to {@code operation}. */
  boolean concerns(String operation) {
    return (isStatements(operation) && !statementError().isEmpty())
        || (WRITES.contains(operation) && !refusal(new Random(0)).isEmpty());
  }

  /** The {@code Error} of statements that are not carried out; empty when this is none. */
  String statementError() {
    return "";
  }

  /** The body of a refusal with status 400, instead of doing anything; empty when this is none. */
  String refusal(Random random) {
    return "";
  }

  /** Takes from {@code request} what shall not be done. */
  void narrow(ObjectNode request) {}

  /** Makes of an answer to what was done an answer to {@code request}, as it was asked. */
  void change(ObjectNode request, ObjectNode answer, Random random) {}

  static boolean isWrite(String operation) {
    return WRITES.contains(operation);
  }

  static boolean isStatements(String operation) {
    return operation.equals("BatchExecuteStatement");
  }
}
