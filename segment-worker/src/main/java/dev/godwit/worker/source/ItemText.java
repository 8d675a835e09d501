package dev.godwit.worker.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Source.Format;
import dev.godwit.migration.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads items as files have them. Thread-safe. */
public final class ItemText {
  private static final JsonFactory FACTORY =
      DynamoDbJson.parsers().rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final String NEW_IMAGE = "NewImage";
  private static final String KEYS = "Keys";

  /** What an item is wrapped in, in AWS's exports to S3. */
  private static final String WRAPPER = "Item";

  private ItemText() {}

  /**
   * Reads the item written in {@code bytes}.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static Item parse(Format format, byte[] bytes) {
    return parse(format, text(bytes));
  }

  private static String text(byte[] bytes) {
    if (bytes.length > Pieces.LONGEST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "it has more than %,d bytes, which no item has; write one item on each line",
              Pieces.LONGEST));
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "it is no UTF-8; convert the file, as in 'iconv -f LATIN1 -t UTF-8'", e);
    }
  }

  /**
   * Reads the item written {@code text}.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static Item parse(Format format, String text) {
    return format == Format.JSON ? plain(text) : typed(text);
  }

  /**
   * What a line of an export says.
   *
   * @param item it; of one that was deleted, its key
   * @param isDeleted whether it was, as only an incremental export says
   */
  record Exported(Item item, boolean isDeleted) {}

  /**
   * Reads a line of an export, full or incremental: developer guide, "DynamoDB table export output
   * format"; read 2026-11-26.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static Exported exported(byte[] bytes) {
    var text = text(bytes);
    var members = members(text);
    if (members.containsKey(NEW_IMAGE)) {
      return new Exported(DynamoDbJson.parse(members.get(NEW_IMAGE)), false);
    }
    if (members.containsKey(WRAPPER)) {
      return new Exported(DynamoDbJson.parse(members.get(WRAPPER)), false);
    }
    if (members.containsKey(KEYS)) {
      return new Exported(DynamoDbJson.parse(members.get(KEYS)), true);
    }
    throw new IllegalArgumentException("a line of an export has Item, NewImage or Keys");
  }

  private static Map<String, String> members(String text) {
    var members = new LinkedHashMap<String, String>();
    try (var parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("a line of an export must be a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        if (parser.currentToken() == JsonToken.END_OBJECT) {
          int to = (int) parser.currentTokenLocation().getCharOffset() + 1;
          members.put(name, text.substring(from, to));
        }
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("there is more than one JSON object");
      }
      return members;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e); // the parser's words are about itself
    }
  }

  private static Item plain(String text) {
    try (var parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an item must be a JSON object");
      }
      var item = Item.of(entries(parser));
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("there is more than one JSON object");
      }
      return item;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e); // the parser's words are about itself
    }
  }

  /**
   * DynamoDB JSON, perhaps wrapped as in AWS's exports to S3 (developer guide, "DynamoDB table
   * export output format"; read 2026-11-20).
   */
  private static Item typed(String text) {
    var wrapped = wrapped(text);
    if (wrapped.isEmpty()) {
      return DynamoDbJson.parse(text);
    }
    try {
      return DynamoDbJson.parse(wrapped.get());
    } catch (IllegalArgumentException e) {
      return orElseThrow(text, e);
    }
  }

  /**
   * What is wrapped in {@code text}, if anything. Perhaps it is an item with one attribute, a map
   * called {@code Item}: then what is inside of it is none.
   */
  private static Optional<String> wrapped(String text) {
    try (var parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT
          || !WRAPPER.equals(parser.nextFieldName())
          || parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      int from = (int) parser.currentTokenLocation().getCharOffset();
      parser.skipChildren();
      int to = (int) parser.currentTokenLocation().getCharOffset() + 1;
      return parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null
          ? Optional.of(text.substring(from, to))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // told by who parses it
    }
  }

  private static Item orElseThrow(String text, IllegalArgumentException ofWhatIsWrapped) {
    try {
      return DynamoDbJson.parse(text);
    } catch (IllegalArgumentException e) {
      throw ofWhatIsWrapped;
    }
  }

  /**
   * Whether {@code item}, read as plain JSON, looks as if it had been written as DynamoDB JSON:
   * each attribute a map of one entry that is called as a type is.
   */
  static boolean looksTyped(Item item) {
    return !item.names().isEmpty()
        && item.attributes().values().stream().allMatch(ItemText::looksTyped);
  }

  private static boolean looksTyped(Value value) {
    if (value.type() != AttributeType.M || value.asMap().size() != 1) {
      return false;
    }
    var name = value.asMap().keySet().iterator().next();
    return List.of(AttributeType.values()).stream().anyMatch(type -> type.name().equals(name));
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
