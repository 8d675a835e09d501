package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Reads DynamoDB's answers. Items keep slices of the answer's bytes.
 *
 * <p>A reader is positioned on a value and leaves the parser on that value's last token.
 */
final class WireJson {
  private static final JsonFactory JSON = DynamoDbJson.parsers();

  private WireJson() {}

  /** What to do with one field of an object; fields that it does not read are skipped. */
  @FunctionalInterface
  interface FieldReader {
    void read(String name, JsonParser parser) throws IOException;
  }

  /** Reads the value that the parser stands on. */
  @FunctionalInterface
  interface ValueReader<T> {
    T read(JsonParser parser) throws IOException;
  }

  /** Reads the object that {@code body} is. */
  static void read(byte[] body, FieldReader field) {
    read(body, List.of(), field);
  }

  /**
   * Reads the object that {@code body} is.
   *
   * @param needed what it must have: without it, nothing might be taken for "no items" or "all is
   *     done"
   * @throws UncheckedIOException when it is not one, or lacks what is needed
   */
  static void read(byte[] body, List<String> needed, FieldReader field) {
    var missing = new ArrayList<>(needed);
    try (var parser = JSON.createParser(body)) {
      parser.nextToken();
      object(
          parser,
          (name, value) -> {
            missing.remove(name);
            field.read(name, value);
          });
      if (parser.nextToken() != null || !missing.isEmpty()) {
        throw new JsonParseException(parser, missing.isEmpty() ? "more follows" : "no " + missing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("DynamoDB's answer cannot be read", e);
    }
  }

  static void object(JsonParser parser, FieldReader field) throws IOException {
    expect(parser, JsonToken.START_OBJECT);
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      field.read(name, parser);
      parser.skipChildren(); // nothing, where the value was read
    }
  }

  static <T> List<T> array(JsonParser parser, ValueReader<T> element) throws IOException {
    expect(parser, JsonToken.START_ARRAY);
    var elements = new ArrayList<T>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(element.read(parser));
    }
    return elements;
  }

  private static void expect(JsonParser parser, JsonToken wanted) throws IOException {
    if (parser.currentToken() != wanted) {
      throw new JsonParseException(
          parser, "expected " + wanted + ", found " + parser.currentToken());
    }
  }

  static Item item(JsonParser parser, byte[] body) throws IOException {
    return DynamoDbJson.read(parser, body);
  }

  /** The units that an answer says were consumed; empty when it does not. */
  static OptionalDouble consumed(byte[] body) {
    var units = new OptionalDouble[] {OptionalDouble.empty()};
    read(
        body,
        (name, value) -> {
          if (name.equals("ConsumedCapacity")) {
            units[0] = units(value);
          }
        });
    return units[0];
  }

  /**
   * The units of one {@code ConsumedCapacity}, or the sum of a list of them; empty for null or
   * none.
   */
  static OptionalDouble units(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      return array(parser, WireJson::units).stream()
          .filter(OptionalDouble::isPresent)
          .mapToDouble(OptionalDouble::getAsDouble)
          .reduce(Double::sum);
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return OptionalDouble.empty();
    }
    var units = new double[] {Double.NaN};
    object(
        parser,
        (name, value) -> {
          if (name.equals("CapacityUnits")) {
            units[0] = value.getDoubleValue();
          }
        });
    return Double.isNaN(units[0]) ? OptionalDouble.empty() : OptionalDouble.of(units[0]);
  }
}
