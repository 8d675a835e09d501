package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What Godwit counts on DynamoDB to answer, and who says so: questions for the real service, asked
 * by {@link TableOnAws}. Answers that DynamoDB Local does not give are {@link ServiceAnswer}s in
 * the contract tests; what is asked here tells whether they are right.
 *
 * <p>Sources as in {@link ServiceAnswer}: <i>conformance</i>, <i>dynoxide</i>; all read 2026-11-25.
 */
enum TableQuestion {
  CONFLICT_OF_AN_UPDATE(
      "A statement's condition fails, ALL_OLD asked for: is the item told?",
      "dynoxide 3.2.0, two regions, 2026-10-10; without it: ServiceAnswer.CONFLICT_WITHOUT_ITEM",
      "ConditionalCheckFailed with item") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("conflict", Map.of("v", n("1")));
      return conflict(
          tables.batch(
              update(
                  "UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=? AND \"v\"=?",
                  tables, n("2"), s("conflict"), n("5"))));
    }
  },
  CONFLICT_OF_A_DELETE(
      "The same for DELETE … RETURNING ALL OLD *",
      "seen by nobody; without it: ServiceAnswer.CONFLICT_WITHOUT_ITEM",
      "ConditionalCheckFailed with item") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("conflict-delete", Map.of("v", n("1")));
      return conflict(
          tables.batch(
              update(
                  "DELETE FROM \"%s\" WHERE \"pk\"=? AND \"v\"=? RETURNING ALL OLD *",
                  tables, s("conflict-delete"), n("5"))));
    }
  },
  UPDATE_OF_A_MISSING_ITEM(
      "UPDATE of an item that is not there",
      "conformance, batchExecuteStatement.test.ts",
      "ConditionalCheckFailed, nothing made") {
    @Override
    Seen ask(CheckedTables tables) {
      var answer =
          tables.batch(
              update("UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=?", tables, n("2"), s("nobody")));
      return new Seen(
          codes(answer) + (tables.get("nobody").isEmpty() ? ", nothing made" : ", made"),
          answer.toString());
    }
  },
  INSERT_WHERE_ONE_IS(
      "INSERT where an item is", "developer guide, ql-reference.insert", "DuplicateItem") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("there", Map.of("v", n("1")));
      return seen(tables.batch(update("INSERT INTO \"%s\" VALUE {'pk':?}", tables, s("there"))));
    }
  },
  DELETE_OF_A_MISSING_ITEM(
      "DELETE of an item that is not there, without and with a condition",
      "developer guide, ql-reference.delete",
      "success, success") {
    @Override
    Seen ask(CheckedTables tables) {
      return seen(
          tables.batch(
              update("DELETE FROM \"%s\" WHERE \"pk\"=?", tables, s("gone")),
              update(
                  "DELETE FROM \"%s\" WHERE \"pk\"=? AND \"v\"=?", tables, s("gone too"), n("1"))));
    }
  },
  STATEMENT_THAT_IS_NONE(
      "One statement of a batch is not understood",
      "conformance, batchExecuteStatement.test.ts; ServiceAnswer.STATEMENT_NOT_UNDERSTOOD",
      "success, " + code(ServiceAnswer.STATEMENT_NOT_UNDERSTOOD)) {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("understood", Map.of());
      return seen(
          tables.batch(
              update("UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=?", tables, n("2"), s("understood")),
              update("NONSENSE \"%s\"", tables)));
    }
  },
  TABLE_THAT_IS_NOT_THERE(
      "A statement names a table that is not there",
      "conformance, batchExecuteStatement.test.ts; ServiceAnswer.TABLE_NOT_THERE",
      code(ServiceAnswer.TABLE_NOT_THERE)) {
    @Override
    Seen ask(CheckedTables tables) {
      return seen(
          tables.batch(
              BatchStatementRequest.builder()
                  .statement("UPDATE \"" + tables.plain() + "-not\" SET \"v\"=? WHERE \"pk\"=?")
                  .parameters(n("1"), s("a"))
                  .build()));
    }
  },
  ONE_KEY_TWICE(
      "Two statements of a batch on one key",
      "dynoxide, capture V2",
      "ValidationException, nothing done") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("twice", Map.of("v", n("0")));
      var one = update("UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=?", tables, n("1"), s("twice"));
      var other = update("UPDATE \"%s\" SET \"w\"=? WHERE \"pk\"=?", tables, n("1"), s("twice"));
      String told;
      String raw;
      try {
        raw = tables.batch(one, other).toString();
        told = "no refusal";
      } catch (DynamoDbException e) {
        told = e.awsErrorDetails().errorCode();
        raw = String.valueOf(e.getMessage());
      }
      boolean done = !n("0").equals(tables.get("twice").get("v"));
      return new Seen(told + (done ? ", half done" : ", nothing done"), raw);
    }
  },
  CAPACITY_OF_A_BATCH(
      "Consumed units of a batch of which one statement fails, and of one of which all do",
      "dynoxide, captures M1, M4, R3, C1, 2026-08-13; ServiceAnswer.CAPACITY_OF_STATEMENTS",
      "2.0, none") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("units", Map.of("v", n("1")));
      tables.put("units failing", Map.of("v", n("1")));
      var failing =
          update(
              "UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=? AND \"v\"=?",
              tables, n("2"), s("units failing"), n("5"));
      var one =
          tables.batch(
              update("UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=?", tables, n("2"), s("units")),
              failing);
      var none = tables.batch(failing);
      return new Seen(units(one) + ", " + units(none), one + " " + none);
    }
  },
  SET_AND_REMOVE(
      "SET and REMOVE in one statement, one of an attribute that is missing, and IS MISSING",
      "tried on DynamoDB Local only",
      "success; v = 2, w gone; then ConditionalCheckFailed with item") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("both", Map.of("v", n("1"), "w", n("1")));
      var statement =
          update(
              "UPDATE \"%s\" SET \"v\"=? REMOVE \"w\" REMOVE \"x\" WHERE \"pk\"=? AND \"v\"=? AND \"y\" IS MISSING",
              tables, n("2"), s("both"), n("1"));
      var first = tables.batch(statement);
      var item = tables.get("both");
      tables.put("both", Map.of("v", n("1"), "y", n("1")));
      return new Seen(
          codes(first)
              + "; v = "
              + (item.get("v") == null ? "none" : item.get("v").n())
              + (item.containsKey("w") ? ", w there" : ", w gone")
              + "; then "
              + conflict(tables.batch(statement)).answer(),
          first.toString());
    }
  },
  AWKWARD_NAMES(
      "Names of attributes with a dot, hyphen, space, #, : and letters beyond ASCII, in double quotes",
      "found nowhere",
      "success: a.b, a-b, a b, #a, :a, ä, select") {
    @Override
    Seen ask(CheckedTables tables) {
      var names = List.of("a.b", "a-b", "a b", "#a", ":a", "ä", "select");
      var told = new ArrayList<String>();
      String codes = "success";
      var raw = new StringBuilder();
      for (String name : names) {
        tables.put("awkward", Map.of(name, n("1")));
        var answer =
            tables.batch(
                update(
                    "UPDATE \"%s\" SET \"" + name + "\"=? WHERE \"pk\"=? AND \"" + name + "\"=?",
                    tables,
                    n("2"),
                    s("awkward"),
                    n("1")));
        raw.append(name).append(' ').append(answer).append(' ');
        if (!codes(answer).equals("success")) {
          codes = codes(answer);
        } else if (n("2").equals(tables.get("awkward").get(name))) {
          told.add(name);
        }
      }
      return new Seen(codes + ": " + String.join(", ", told), raw.toString());
    }
  },
  AWKWARD_KEYS("Keys that are called #pk and :sk, in double quotes", "found nowhere", "success") {
    @Override
    Seen ask(CheckedTables tables) {
      tables
          .client()
          .putItem(
              put -> put.tableName(tables.awkward()).item(Map.of("#pk", s("a"), ":sk", s("b"))));
      return seen(
          tables.batch(
              BatchStatementRequest.builder()
                  .statement(
                      "UPDATE \""
                          + tables.awkward()
                          + "\" SET \"v\"=? WHERE \"#pk\"=? AND \":sk\"=?")
                  .parameters(n("1"), s("a"), s("b"))
                  .build()));
    }
  },
  EMPTY_VALUES(
      "Conditions on an empty string, list and map, in a list too", "found nowhere", "success") {
    @Override
    Seen ask(CheckedTables tables) {
      var empty = s("");
      var list =
          AttributeValue.fromL(
              List.of(AttributeValue.fromM(Map.of()), AttributeValue.fromL(List.of()), s("")));
      var map = AttributeValue.fromM(Map.of());
      tables.put("empty", Map.of("s", empty, "l", list, "m", map));
      return seen(
          tables.batch(
              update(
                  "UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=? AND \"s\"=? AND \"l\"=? AND \"m\"=?",
                  tables, n("1"), s("empty"), empty, list, map)));
    }
  },
  EQUALITY(
      "Conditions: numbers by value, sets by content; lists in order",
      "conformance, partiqlGrammar",
      "success, success, ConditionalCheckFailed") {
    @Override
    Seen ask(CheckedTables tables) {
      for (String pk : List.of("eq 1", "eq 2", "eq 3")) {
        tables.put(
            pk,
            Map.of(
                "n", n("1"),
                "set", AttributeValue.fromSs(List.of("a", "b")),
                "list", AttributeValue.fromL(List.of(n("1"), n("2")))));
      }
      return seen(
          tables.batch(
              compared(tables, "eq 1", "n", n("1.00")),
              compared(tables, "eq 2", "set", AttributeValue.fromSs(List.of("b", "a"))),
              compared(tables, "eq 3", "list", AttributeValue.fromL(List.of(n("2"), n("1"))))));
    }

    private BatchStatementRequest compared(
        CheckedTables tables, String pk, String name, AttributeValue value) {
      return update(
          "UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=? AND \"" + name + "\"=?",
          tables,
          n("1"),
          s(pk),
          value);
    }
  },
  TOO_MANY_DIGITS(
      "A condition with a number of 39 digits", "conformance, partiqlGrammar", "ValidationError") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("digits", Map.of("n", n("1")));
      return seen(
          tables.batch(
              update(
                  "UPDATE \"%s\" SET \"v\"=? WHERE \"pk\"=? AND \"n\"=?",
                  tables, n("1"), s("digits"), n("1".repeat(39)))));
    }
  },
  TRANSACTION_CONFLICT(
      "Each failing write of a transaction has its code and item",
      "conformance; API reference, CancellationReason",
      "None without item, ConditionalCheckFailed with item") {
    @Override
    Seen ask(CheckedTables tables) {
      tables.put("in transaction", Map.of("v", n("1")));
      try {
        var put =
            TransactWriteItem.builder()
                .put(it -> it.tableName(tables.plain()).item(Map.of("pk", s("new"))))
                .build();
        var delete =
            TransactWriteItem.builder()
                .delete(
                    it ->
                        it.tableName(tables.plain())
                            .key(Map.of("pk", s("in transaction")))
                            .conditionExpression("v = :v")
                            .expressionAttributeValues(Map.of(":v", n("5")))
                            .returnValuesOnConditionCheckFailure(
                                ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
        tables.client().transactWriteItems(write -> write.transactItems(put, delete));
        return new Seen("no refusal", "");
      } catch (TransactionCanceledException e) {
        var reasons =
            e.cancellationReasons().stream()
                .map(reason -> reason.code() + (reason.hasItem() ? " with item" : " without item"))
                .toList();
        return new Seen(String.join(", ", reasons), e.cancellationReasons().toString());
      }
    }
  },
  SIZES_OF_NUMBERS(
      "Units of items that by our count have 1,024 and 1,025 bytes, with numbers of all kinds",
      "conformance, numberByteSize.test.ts, eu-west-2, 2026-08-18",
      "1.0, 2.0") {
    @Override
    Seen ask(CheckedTables tables) {
      var item = Item.empty().with("pk", "sizes");
      int i = 0;
      for (String number :
          List.of(
              "0",
              "1",
              "-1",
              "12",
              "123",
              "-12.345",
              "1000000",
              "0.00001234",
              "1e30",
              "12345678901234567890")) {
        item = item.with("n" + i++, new BigDecimal(number));
      }
      item = item.with("pad", "");
      var told = new ArrayList<String>();
      for (int bytes : new int[] {1024, 1025}) {
        var padded = item.with("pad", "x".repeat((int) (bytes - item.sizeBytes())));
        tables.delete("sizes");
        var answer =
            tables
                .client()
                .putItem(
                    put ->
                        put.tableName(tables.plain())
                            .item(SdkItems.toSdk(padded))
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
        told.add(
            answer.consumedCapacity() == null
                ? "none"
                : "" + answer.consumedCapacity().capacityUnits());
      }
      return new Seen(String.join(", ", told), "");
    }
  },
  LARGEST_ITEM(
      "A put of 409,600 bytes by our count, and of one more",
      "conformance, itemSizeBySurface.test.ts",
      "accepted, ValidationException") {
    @Override
    Seen ask(CheckedTables tables) {
      var told = new ArrayList<String>();
      for (int bytes : new int[] {409_600, 409_601}) {
        int rest = bytes - "pklargestv".length();
        told.add(accepted(() -> tables.put("largest", Map.of("v", s("x".repeat(rest))))));
      }
      return new Seen(String.join(", ", told), "");
    }
  },
  LONGEST_NAME(
      "An attribute's name of 65,535 bytes, and of one more",
      "ExtendDB/extenddb#365, aws-sdk-java-v2#6913; ServiceAnswer.LONG_NAMES",
      "accepted, ValidationException") {
    @Override
    Seen ask(CheckedTables tables) {
      return new Seen(
          accepted(() -> tables.put("name", Map.of("n".repeat(65_535), n("1"))))
              + ", "
              + accepted(() -> tables.put("name", Map.of("n".repeat(65_536), n("1")))),
          "");
    }
  },
  WARM_THROUGHPUT(
      "What a new on-demand table is warm for, and asking for the same",
      "developer guide; ansible community.aws#1558",
      "12000/4000, ValidationException") {
    @Override
    Seen ask(CheckedTables tables) {
      var warm =
          tables
              .client()
              .describeTable(it -> it.tableName(tables.plain()))
              .table()
              .warmThroughput();
      if (warm == null) {
        return new Seen("not told", "");
      }
      return new Seen(
          warm.readUnitsPerSecond()
              + "/"
              + warm.writeUnitsPerSecond()
              + ", "
              + accepted(
                  () ->
                      tables
                          .client()
                          .updateTable(
                              it ->
                                  it.tableName(tables.plain())
                                      .warmThroughput(
                                          w ->
                                              w.readUnitsPerSecond(warm.readUnitsPerSecond())
                                                  .writeUnitsPerSecond(
                                                      warm.writeUnitsPerSecond())))),
          warm.toString());
    }
  },
  BILLING_MODE(
      "BillingModeSummary of a table that never was on demand", "terraform and others", "absent") {
    @Override
    Seen ask(CheckedTables tables) {
      var summary =
          tables
              .client()
              .describeTable(it -> it.tableName(tables.small()))
              .table()
              .billingModeSummary();
      return new Seen(summary == null ? "absent" : summary.billingModeAsString(), "" + summary);
    }
  },
  THROTTLED(
      "By what a request is throttled, as its exception says",
      "API reference, ThrottlingReason; ServiceAnswer.THROTTLED_FOR_A_REASON",
      "ProvisionedThroughputExceededException: " + reason(ServiceAnswer.ThrottledFor.TABLE)) {
    @Override
    Seen ask(CheckedTables tables) {
      for (int i = 0; i < 20; i++) {
        var item = Map.of("pk", s("r" + i), "v", s("x".repeat(50_000)));
        try {
          tables.client().putItem(put -> put.tableName(tables.small()).item(item));
        } catch (ProvisionedThroughputExceededException e) {
          var reasons = e.throttlingReasons().stream().map(ThrottlingReason::reason).toList();
          return new Seen(
              e.awsErrorDetails().errorCode() + ": " + String.join(", ", reasons), e.toString());
        }
      }
      return new Seen("not throttled", "");
    }
  },
  STATEMENT_THROTTLED(
      "How a statement on a provisioned table is throttled",
      "API reference, BatchStatementError, Code; on demand: ServiceAnswer.STATEMENT_THROTTLED",
      "ProvisionedThroughputExceeded") {
    @Override
    Seen ask(CheckedTables tables) {
      for (int i = 0; i < 20; i++) {
        var answer =
            tables.batch(
                BatchStatementRequest.builder()
                    .statement("INSERT INTO \"" + tables.small() + "\" VALUE {'pk':?,'v':?}")
                    .parameters(s("s" + i), s("x".repeat(50_000)))
                    .build());
        if (!codes(answer).equals("success")) {
          return seen(answer);
        }
      }
      return new Seen("not throttled", "");
    }
  },
  SAME_CAPACITY(
      "UpdateTable with the capacity that there is",
      "ansible community.aws#1558",
      "ValidationException: will not change") {
    @Override
    Seen ask(CheckedTables tables) {
      try {
        tables
            .client()
            .updateTable(
                it ->
                    it.tableName(tables.small())
                        .provisionedThroughput(
                            p -> p.readCapacityUnits(1L).writeCapacityUnits(1L)));
        return new Seen("accepted", "");
      } catch (DynamoDbException e) {
        var message = e.awsErrorDetails().errorMessage();
        return new Seen(
            e.awsErrorDetails().errorCode()
                + (message.contains("will not change") ? ": will not change" : ""),
            message);
      }
    }
  };

  /** What was answered, in the words of {@link #expected}, and as it came. */
  record Seen(String answer, String raw) {}

  private final String text;
  private final String source;
  private final String expected;

  TableQuestion(String text, String source, String expected) {
    this.text = text;
    this.source = source;
    this.expected = expected;
  }

  String text() {
    return text;
  }

  String source() {
    return source;
  }

  String expected() {
    return expected;
  }

  abstract Seen ask(CheckedTables tables);

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }

  private static BatchStatementRequest update(
      String statement, CheckedTables tables, AttributeValue... parameters) {
    var request =
        BatchStatementRequest.builder()
            .statement(statement.replace("%s", tables.plain()))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    if (parameters.length > 0) {
      request.parameters(parameters);
    }
    return request.build();
  }

  private static Seen seen(BatchExecuteStatementResponse answer) {
    return new Seen(codes(answer), answer.toString());
  }

  private static String codes(BatchExecuteStatementResponse answer) {
    return String.join(", ", answer.responses().stream().map(TableQuestion::code).toList());
  }

  private static String code(BatchStatementResponse response) {
    return response.error() == null ? "success" : response.error().codeAsString();
  }

  private static Seen conflict(BatchExecuteStatementResponse answer) {
    var error = answer.responses().get(0).error();
    return new Seen(
        codes(answer) + (error != null && error.hasItem() ? " with item" : " without item"),
        answer.toString());
  }

  private static String units(BatchExecuteStatementResponse answer) {
    return answer.consumedCapacity().isEmpty()
        ? "none"
        : String.join(
            ", ", answer.consumedCapacity().stream().map(c -> "" + c.capacityUnits()).toList());
  }

  private static String accepted(Runnable request) {
    try {
      request.run();
      return "accepted";
    } catch (DynamoDbException e) {
      return e.awsErrorDetails().errorCode();
    }
  }

  private static String code(ServiceAnswer answer) {
    return between(answer.statementError(), "\"Code\":\"");
  }

  private static String reason(ServiceAnswer.ThrottledFor kind) {
    return between(kind.body(), "\"reason\":\"");
  }

  private static String between(String json, String before) {
    int from = json.indexOf(before) + before.length();
    return json.substring(from, json.indexOf('"', from));
  }
}
