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

/** How an item is written on a line. */
enum ItemFormat {
  /** Plain JSON: strings, numbers of up to 38 digits, booleans, null, arrays and objects. */
  JSON("json") {
    @Override
    Item parse(String line) {
      return plain(line);
    }
  },
  /** DynamoDB's own: each value under its type. */
  DYNAMODB_JSON("dynamodb-json") {
    @Override
    Item parse(String line) {
      return DynamoDbJson.parse(line);
    }
  };

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

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
