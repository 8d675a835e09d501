package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonParser;
import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * BatchExecuteStatement: up to 25 statements in a request, each with a fate of its own.
 *
 * <p>Where the answer leaves a doubt, the write is asked for once more, alone and without PartiQL:
 * that answer is certain. So a conflict that comes without the item is not taken for a deletion,
 * nor a statement that DynamoDB does not understand for a write that it refuses.
 */
final class StatementBatch {
  /** API reference, BatchExecuteStatement, Statements; read 2026-11-20. */
  static final int MOST_STATEMENTS = 25;

  /** API reference, BatchStatementError, Code; read 2026-11-25. */
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private static final String ITEM_IS_THERE = "DuplicateItem";
  private static final Set<String> TABLES_FAULT = Set.of("AccessDenied", "ResourceNotFound");

  /**
   * The last is no code of a statement as far as the reference goes, but one of requests to a
   * global table.
   */
  private static final Set<String> PASSING =
      Set.of("InternalServerError", "TransactionConflict", "ReplicatedWriteConflict");

  private final WireDynamoDb dynamoDb;

  StatementBatch(WireDynamoDb dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /**
   * One statement.
   *
   * @param body appends it as a member of {@code Statements}
   * @param returnsItem whether it answers with the item if there was one
   */
  record Statement(String table, Consumer<JsonBytes> body, boolean returnsItem) {}

  /** Asks for the write at {@code place} alone, in another way. */
  @FunctionalInterface
  interface Alone {
    /**
     * @param code why DynamoDB refused it as a statement; empty when it did not
     */
    Answer write(int place, String code);
  }

  /**
   * Sends one request.
   *
   * @param statements no two for one key
   * @param alone for those whose fate its answer leaves open
   * @throws dev.godwit.worker.WorkerException when nothing is known of the request's fate, or a
   *     table refuses to be written to
   */
  Answer send(List<Statement> statements, Alone alone) {
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"Statements\":[");
    for (int i = 0; i < statements.size(); i++) {
      body.raw(i == 0 ? "" : ",");
      statements.get(i).body.accept(body);
    }
    var request = body.raw("]}").toByteArray();
    var answered = new Answered(statements);
    try {
      answered.read(
          dynamoDb.call(
              WireDynamoDb.Operation.BATCH_EXECUTE_STATEMENT, statements.get(0).table, request));
    } catch (WireDynamoDb.Refusal e) {
      answered.refused(e); // one statement spoils the request for all
    }
    var answer = answered.answer();
    for (Map.Entry<Integer, String> open : answered.open.entrySet()) {
      answer = answer.then(alone.write(open.getKey(), open.getValue()), List.of(open.getKey()));
    }
    return answer;
  }

  /** What an answer says of each statement. */
  private static final class Answered {
    private final List<Statement> statements;
    private final List<Outcome> outcomes = new ArrayList<>();

    /** Places whose fate is open, and why; until it is known they are told as busy. */
    private final SortedMap<Integer, String> open = new TreeMap<>();

    /** Places that have cost something, failed conditions included. */
    private final List<Integer> costly = new ArrayList<>();

    private Consumed consumed = Consumed.NOTHING;
    private Tally throttles = Tally.ZERO;

    Answered(List<Statement> statements) {
      this.statements = statements;
    }

    void refused(WireDynamoDb.Refusal e) {
      throttles = e.throttles();
      leaveAllOpen();
    }

    void read(Exchange exchange) {
      throttles = exchange.throttles();
      var body = exchange.answer();
      WireJson.read(
          body,
          (name, value) -> {
            switch (name) {
              case "Responses" -> WireJson.array(value, response -> add(response, body));
              case "ConsumedCapacity" -> consumed = Consumed.read(value);
              default -> {}
            }
          });
      if (outcomes.size() != statements.size()) {
        leaveAllOpen();
      }
    }

    private void leaveAllOpen() {
      outcomes.clear();
      for (int place = 0; place < statements.size(); place++) {
        outcomes.add(new Outcome.Busy());
        open.put(place, "");
      }
    }

    private boolean add(JsonParser response, byte[] body) throws IOException {
      var said = new Response();
      WireJson.object(response, (name, value) -> said.field(name, value, body));
      return outcomes.add(outcome(outcomes.size(), said));
    }

    private Outcome outcome(int place, Response said) {
      var throttledBy = Throttling.by(said.code);
      if (throttledBy.isPresent()) {
        throttles = throttles.plus(throttledBy.get(), 1);
        return new Outcome.Busy();
      }
      if (PASSING.contains(said.code)) {
        return new Outcome.Busy();
      }
      if (TABLES_FAULT.contains(said.code)) {
        throw new TableRefused(
            "The table "
                + statements.get(place).table
                + " refused a statement ("
                + said.code
                + "): "
                + said.message,
            new IllegalStateException(said.code));
      }
      return switch (said.code) {
        case "" -> done(place, said);
        case CONDITION_FAILED -> conflict(place, said);
        case ITEM_IS_THERE -> costing(place, new Outcome.Conflict(said.errorItem));
        default -> leftOpen(place, said.code);
      };
    }

    private Outcome done(int place, Response said) {
      return costing(
          place,
          said.hasItem || !statements.get(place).returnsItem
              ? new Outcome.Written()
              : new Outcome.Conflict(Optional.empty()));
    }

    /**
     * Without the item nobody knows whether it is gone; nor with one that cannot be read, as
     * DynamoDB Local 3.3.1 leaves the type out of empty maps within maps there.
     */
    private Outcome conflict(int place, Response said) {
      return said.errorItem.filter(Item::isReadable).isPresent()
          ? costing(place, new Outcome.Conflict(said.errorItem))
          : costing(place, leftOpen(place, ""));
    }

    private Outcome costing(int place, Outcome outcome) {
      costly.add(place);
      return outcome;
    }

    private Outcome leftOpen(int place, String code) {
      open.put(place, code);
      return new Outcome.Busy();
    }

    Answer answer() {
      var unreported =
          costly.stream().filter(place -> !consumed.covers(statements.get(place).table)).toList();
      return new Answer(outcomes, consumed.total(), unreported, throttles);
    }
  }

  /** What is said of one statement. */
  private static final class Response {
    private String code = "";
    private String message = "";
    private Optional<Item> errorItem = Optional.empty();
    private boolean hasItem;

    void field(String name, JsonParser value, byte[] body) throws IOException {
      switch (name) {
        case "Item" -> hasItem = value.isExpectedStartObjectToken();
        case "Error" -> WireJson.object(value, (field, content) -> error(field, content, body));
        default -> {}
      }
    }

    private void error(String field, JsonParser content, byte[] body) throws IOException {
      switch (field) {
        case "Code" -> code = content.getText();
        case "Message" -> message = content.getText();
        case "Item" -> errorItem = Optional.of(WireJson.item(content, body));
        default -> {}
      }
    }
  }
}
