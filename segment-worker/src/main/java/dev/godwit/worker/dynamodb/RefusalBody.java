package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.migration.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What the body of a refused request says.
 *
 * @param item the item that a condition did not hold for; absent when there is none
 * @param cancellations why each part of a transaction was not done
 * @param throttlings what throttled it, as in {@code TableWriteKeyRangeThroughputExceeded}
 */
record RefusalBody(
    Optional<Item> item, List<Cancellation> cancellations, List<String> throttlings) {

  /** Why one part of a transaction was not done; {@code None} for a part with no objection. */
  record Cancellation(String code, String message, Optional<Item> item) {}

  /** Reads {@code body}; absent when it is no JSON object, as when something else has answered. */
  static Optional<RefusalBody> of(byte[] body) {
    var reading = new Reading(body);
    try {
      WireJson.read(body, reading::field);
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
    return Optional.of(new RefusalBody(reading.item, reading.cancellations, reading.throttlings));
  }

  /** Of one object. */
  private static final class Reading {
    private final byte[] body;
    private String code = "";
    private String message = "";
    private Optional<Item> item = Optional.empty();
    private List<Cancellation> cancellations = List.of();
    private List<String> throttlings = List.of();

    Reading(byte[] body) {
      this.body = body;
    }

    void field(String name, JsonParser value) throws IOException {
      switch (name) {
        case "Code" -> code = text(value);
        case "message", "Message" -> message = text(value);
        case "Item" -> item = itemIn(value);
        case "CancellationReasons" -> cancellations = list(value, this::cancellation);
        // with a small letter in a ThrottlingException, with a capital in the others
        case "ThrottlingReasons", "throttlingReasons" ->
            throttlings = list(value, Reading::throttling);
        default -> {}
      }
    }

    private Cancellation cancellation(JsonParser value) throws IOException {
      var reason = new Reading(body);
      WireJson.object(value, reason::field);
      return new Cancellation(reason.code, reason.message, reason.item);
    }

    private static String throttling(JsonParser value) throws IOException {
      var reason = new String[] {""};
      WireJson.object(
          value,
          (name, content) -> {
            if (name.equals("reason")) {
              reason[0] = text(content);
            }
          });
      return reason[0];
    }

    private Optional<Item> itemIn(JsonParser value) throws IOException {
      return value.isExpectedStartObjectToken()
          ? Optional.of(WireJson.item(value, body))
          : Optional.empty();
    }

    private static <T> List<T> list(JsonParser value, WireJson.ValueReader<T> element)
        throws IOException {
      return value.isExpectedStartArrayToken() ? WireJson.array(value, element) : List.of();
    }

    private static String text(JsonParser value) throws IOException {
      return value.currentToken() == JsonToken.VALUE_STRING ? value.getText() : "";
    }
  }
}
