package dev.godwit.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How an item is written on a line. */
enum ItemFormat {
  /** Plain JSON: strings, numbers of up to 38 digits, booleans, null, arrays and objects. */
  JSON("json") {
    @Override
    Item parse(String line) {
      return plain(line);
    }
  },
  /**
   * DynamoDB's own: each value under its type. An item may be wrapped as {@code {"Item":{…}}}, as
   * in AWS's exports to S3 (developer guide, "DynamoDB table export output format"; read
   * 2026-11-20).
   */
  DYNAMODB_JSON("dynamodb-json") {
    @Override
    Item parse(String line) {
      var wrapped = wrapped(line);
      if (wrapped.isEmpty()) {
        return DynamoDbJson.parse(line);
      }
      try {
        return DynamoDbJson.parse(wrapped.get());
      } catch (IllegalArgumentException e) {
        return orElseThrow(line, e);
      }
    }
  };

  private static final JsonFactory FACTORY =
      DynamoDbJson.parsers().rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final String WRAPPER = "Item";

  private final String word;

  ItemFormat(String word) {
    this.word = word;
  }

  /**
   * Reads one item.
   *
   * @throws IllegalArgumentException when it is none
   */
  abstract Item parse(String line);

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return word;
  }

  private static Item plain(String line) {
    try (var parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an item must be a JSON object");
      }
      var item = Item.of(entries(parser));
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("there is more than one JSON object");
      }
      return item;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  /**
   * What is wrapped on {@code line}, if anything. Perhaps it is an item with one attribute, a map
   * called {@code Item}: then what is inside of it is none.
   */
  private static Optional<String> wrapped(String line) {
    try (var parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT
          || !WRAPPER.equals(parser.nextFieldName())
          || parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      int from = (int) parser.currentTokenLocation().getCharOffset();
      parser.skipChildren();
      int to = (int) parser.currentTokenLocation().getCharOffset() + 1;
      return parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null
          ? Optional.of(line.substring(from, to))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // told by who parses it
    }
  }

  private static Item orElseThrow(String line, IllegalArgumentException ofWhatIsWrapped) {
    try {
      return DynamoDbJson.parse(line);
    } catch (IllegalArgumentException e) {
      throw ofWhatIsWrapped;
    }
  }

  private static Map<String, Value> entries(JsonParser parser) throws IOException {
    var entries = new LinkedHashMap<String, Value>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      entries.put(name, value(parser));
    }
    return entries;
  }

  private static Value value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> Value.string(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.NumberValue(parser.getText());
      case VALUE_TRUE -> Value.bool(true);
      case VALUE_FALSE -> Value.bool(false);
      case VALUE_NULL -> Value.nothing();
      case START_ARRAY -> Value.list(elements(parser));
      case START_OBJECT -> Value.map(entries(parser));
      default -> throw new IllegalArgumentException("unexpected " + parser.currentToken());
    };
  }

  private static List<Value> elements(JsonParser parser) throws IOException {
    var elements = new ArrayList<Value>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }
}
