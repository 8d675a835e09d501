package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonParser;
import dev.godwit.migration.Item;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What BatchExecuteStatement answers: 200, with an error for each statement that did not go
 * through.
 */
final class StatementAnswer {
  /** API reference, BatchStatementError, Code; read 2026-11-20. */
  private static final Set<String> THROTTLED =
      Set.of("ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded");

  private static final Set<String> TRANSIENT = Set.of("InternalServerError", "TransactionConflict");

  private final List<Outcome> outcomes = new ArrayList<>();
  private OptionalDouble units = OptionalDouble.empty();
  private int throttles;
  private int indexThrottles;

  private StatementAnswer() {}

  static Answer of(RawBody.Exchange exchange) {
    var answer = new StatementAnswer();
    answer.throttles = exchange.throttles();
    answer.indexThrottles = exchange.indexThrottles();
    var body = exchange.answer();
    WireJson.read(
        body,
        (name, value) -> {
          switch (name) {
            case "Responses" ->
                WireJson.array(
                    value, response -> answer.outcomes.add(answer.outcome(response, body)));
            case "ConsumedCapacity" -> answer.units = WireJson.units(value);
            default -> {}
          }
        });
    return new Answer(answer.outcomes, answer.units, answer.throttles, answer.indexThrottles);
  }

  private Outcome outcome(JsonParser response, byte[] body) throws IOException {
    var error = new StatementError();
    WireJson.object(
        response,
        (name, value) -> {
          if (name.equals("Error")) {
            WireJson.object(value, (field, content) -> error.read(field, content, body));
          }
        });
    if (error.code.isEmpty()) {
      return new Outcome.Written();
    }
    if (THROTTLED.contains(error.code)) {
      throttles++;
      indexThrottles += error.message.contains("index") ? 1 : 0;
      return new Outcome.Busy();
    }
    if (TRANSIENT.contains(error.code)) {
      return new Outcome.Busy();
    }
    return error.code.equals("ConditionalCheckFailed") || error.code.equals("DuplicateItem")
        ? new Outcome.Conflict(error.item)
        : new Outcome.Refused(error.code, error.message);
  }

  private static final class StatementError {
    private String code = "";
    private String message = "";
    private Optional<Item> item = Optional.empty();

    void read(String field, JsonParser content, byte[] body) throws IOException {
      switch (field) {
        case "Code" -> code = content.getText();
        case "Message" -> message = content.getText();
        case "Item" -> item = Optional.of(WireJson.item(content, body));
        default -> {}
      }
    }
  }
}
