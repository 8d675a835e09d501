package dev.godwit.migration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes items as DynamoDB JSON, the format of DynamoDB's own API: {@code
 * {"id":{"S":"7"},"size":{"N":"38"}}}.
 *
 * <p>Thread-safe.
 */
public final class DynamoDbJson {
  /**
   * The longest name of an attribute, in bytes: that of a top-level attribute that is no key.
   * Developer guide, "Quotas in Amazon DynamoDB", attribute names; ExtendDB/extenddb#365 saw it
   * taken; read 2026-11-25.
   */
  public static final int LONGEST_NAME_BYTES = 65_535;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNameLength(LONGEST_NAME_BYTES).build())
          // Many names of one hash are slow, and no reason not to read the rest of an answer.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private DynamoDbJson() {}

  /**
   * Reads one item.
   *
   * @throws IllegalArgumentException when it is not DynamoDB JSON
   */
  public static Item parse(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    try (var parser = JSON.createParser(bytes)) {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
      var item = read(parser, bytes);
      expect(parser, parser.nextToken(), null);
      item.stored().decode(); // what is typed by hand is checked at once
      return item;
    } catch (IOException e) {
      throw new IllegalArgumentException("Not DynamoDB JSON: " + told(e), e);
    }
  }

  /**
   * A new factory of parsers for JSON that has items in it. Unlike Jackson's own it takes names as
   * long as DynamoDB does.
   */
  public static JsonFactory parsers() {
    return JSON.copy();
  }

  /** Writes {@code item} on one line. Counts as reading nothing. */
  public static String format(Item item) {
    var out = new ByteArrayOutputStream();
    write(item, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Reads the item that {@code parser} stands at the opening brace of, and leaves it at the closing
   * one. Values are not decoded: the item keeps slices of {@code source}, which must not be changed
   * any more. What is JSON and no DynamoDB value is told when it is first asked for, so that one
   * such attribute does not keep a whole page from being read.
   *
   * @param source what {@code parser} reads, from its first byte
   */
  public static Item read(JsonParser parser, byte[] source) throws IOException {
    var attributes = new Attributes.Builder();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      var token = parser.nextToken();
      int from = (int) parser.currentTokenLocation().getByteOffset();
      int to;
      if (token.isStructStart()) {
        parser.skipChildren();
        to = (int) parser.currentTokenLocation().getByteOffset() + 1;
      } else {
        parser.finishToken();
        to = (int) parser.currentLocation().getByteOffset();
      }
      attributes.add(name, Attribute.stored(source, from, to));
    }
    expect(parser, parser.currentToken(), JsonToken.END_OBJECT);
    var built = attributes.build();
    refuseTwice(parser, built.repeated());
    return Item.stored(built);
  }

  /** Writes {@code item} as one JSON object. Counts as reading nothing. */
  public static void write(Item item, ByteArrayOutputStream out) {
    var attributes = item.stored();
    out.write('{');
    for (int i = 0; i < attributes.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      quote(attributes.name(i), out);
      out.write(':');
      attributes.value(i).writeTo(out);
    }
    out.write('}');
  }

  /**
   * Writes the value of one attribute, as in {@code {"S":"text"}}. Counts as reading nothing.
   *
   * @throws MissingAttributeException when the item does not have it
   */
  public static void writeValue(Item item, String name, ByteArrayOutputStream out) {
    var attribute = item.stored().get(name);
    if (attribute == null) {
      throw new MissingAttributeException(name);
    }
    attribute.writeTo(out);
  }

  /**
   * The length of {@code item} as DynamoDB JSON, in bytes, names with nothing escaped: never less
   * than its size in the table.
   */
  public static long length(Item item) {
    return item.stored().length();
  }

  /** Writes one value, as in {@code {"S":"text"}}. */
  public static void write(Value value, ByteArrayOutputStream out) {
    out.write('{');
    out.write('"');
    ascii(value.type().name(), out);
    out.write('"');
    out.write(':');
    writeContent(value, out);
    out.write('}');
  }

  private static void writeContent(Value value, ByteArrayOutputStream out) {
    switch (value.type()) {
      case S -> quote(value.asString(), out);
      case N -> quote(((Value.NumberValue) value).text(), out);
      case B -> quote(base64(value.asBinary()), out);
      case BOOL -> ascii(Boolean.toString(value.asBoolean()), out);
      case NULL -> ascii("true", out);
      case SS -> writeArray(((Value.StringSetValue) value).texts(), text -> quote(text, out), out);
      case NS ->
          writeArray(
              ((Value.NumberSetValue) value).numbers(), number -> quote(number.text(), out), out);
      case BS -> writeArray(value.asBinarySet(), bytes -> quote(base64(bytes), out), out);
      case L -> writeArray(value.asList(), element -> write(element, out), out);
      case M -> write(Item.of(value.asMap()), out);
    }
  }

  private static <T> void writeArray(
      List<T> elements, Consumer<T> writeElement, ByteArrayOutputStream out) {
    out.write('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      writeElement.accept(elements.get(i));
    }
    out.write(']');
  }

  private static void quote(String text, ByteArrayOutputStream out) {
    out.write('"');
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    out.write('"');
  }

  private static void ascii(String text, ByteArrayOutputStream out) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Decodes the typed value that stands in {@code source} from {@code from} to before {@code to}.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static Value decode(byte[] source, int from, int to) {
    try (var parser = JSON.createParser(source, from, to - from)) {
      parser.nextToken();
      return decode(parser);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a DynamoDB value: " + told(e), e);
    }
  }

  /** Without the parser's words on where it looked: those who read a value do not know of it. */
  private static String told(IOException e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  /** Stands at the opening brace of a typed value; ends at its closing one. */
  private static Value decode(JsonParser parser) throws IOException {
    expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
    var type = parser.nextFieldName();
    parser.nextToken();
    var value =
        switch (type == null ? "" : type) {
          case "S" -> new Value.StringValue(text(parser));
          case "N" -> new Value.NumberValue(text(parser));
          case "B" -> binary(parser);
          case "BOOL" -> new Value.BooleanValue(parser.getBooleanValue());
          case "NULL" -> nothing(parser);
          case "SS" -> new Value.StringSetValue(array(parser, DynamoDbJson::text));
          case "NS" ->
              new Value.NumberSetValue(
                  array(parser, number -> new Value.NumberValue(text(number))));
          case "BS" -> new Value.BinarySetValue(array(parser, DynamoDbJson::binary));
          case "L" -> new Value.ListValue(array(parser, DynamoDbJson::decode));
          case "M" -> new Value.MapValue(entries(parser));
          default ->
              throw new JsonParseException(parser, "\"" + type + "\" is not a DynamoDB type");
        };
    expect(parser, parser.nextToken(), JsonToken.END_OBJECT);
    return value;
  }

  private static Map<String, Value> entries(JsonParser parser) throws IOException {
    expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
    var entries = new LinkedHashMap<String, Value>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      refuseTwice(parser, entries.put(name, decode(parser)) == null ? null : name);
    }
    return entries;
  }

  private static void refuseTwice(JsonParser parser, @Nullable String name) throws IOException {
    if (name != null) {
      throw new JsonParseException(parser, "\"" + name + "\" is there twice");
    }
  }

  private static <T> List<T> array(JsonParser parser, Decoder<T> element) throws IOException {
    expect(parser, parser.currentToken(), JsonToken.START_ARRAY);
    var elements = new ArrayList<T>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(element.decode(parser));
    }
    return elements;
  }

  private static String text(JsonParser parser) throws IOException {
    expect(parser, parser.currentToken(), JsonToken.VALUE_STRING);
    return parser.getText();
  }

  private static Value.BinaryValue binary(JsonParser parser) throws IOException {
    var text = text(parser);
    try {
      // not the parser's own: that one takes padding in the middle of a text
      return new Value.BinaryValue(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new JsonParseException(parser, "not Base64: " + e.getMessage(), e);
    }
  }

  private static Value.NullValue nothing(JsonParser parser) throws IOException {
    expect(parser, parser.currentToken(), JsonToken.VALUE_TRUE);
    return new Value.NullValue();
  }

  private static void expect(
      JsonParser parser, @Nullable JsonToken found, @Nullable JsonToken wanted) throws IOException {
    if (found != wanted) {
      throw new JsonParseException(
          parser,
          "expected "
              + (wanted == null ? "the end" : wanted)
              + ", found "
              + (found == null ? "the end" : found));
    }
  }

  @FunctionalInterface
  private interface Decoder<T> {
    T decode(JsonParser parser) throws IOException;
  }
}
