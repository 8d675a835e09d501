package dev.godwit.asl;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries JSON to the JSONata library's Java values and back. */
final class JsonataValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private JsonataValues() {}

  /** Java maps, lists, strings, numbers and booleans; JSON null becomes Java null. */
  static @Nullable Object toJava(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(e -> map.put(e.getKey(), toJava(e.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>(node.size());
        node.forEach(element -> list.add(toJava(element)));
        yield list;
      }
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> toJavaNumber(node);
      case NULL -> null;
      default -> throw new IllegalArgumentException("not JSON: " + node.getNodeType());
    };
  }

  private static Number toJavaNumber(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      return node.intValue();
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    return node.doubleValue();
  }

  /**
   * @throws NotJson for functions, infinities and other things that JSON cannot say
   */
  static JsonNode toJson(@Nullable Object value) {
    if (value == null || value == Jsonata.NULL_VALUE) {
      return JSON.nullNode();
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = JSON.objectNode();
      map.forEach((key, element) -> node.set(String.valueOf(key), toJson(element)));
      return node;
    }
    if (value instanceof List<?> list) {
      ArrayNode node = JSON.arrayNode(list.size());
      list.forEach(element -> node.add(toJson(element)));
      return node;
    }
    if (value instanceof String text) {
      return JSON.textNode(text);
    }
    if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    }
    if (value instanceof Number number) {
      return toJsonNumber(number);
    }
    throw new NotJson("a function, which JSON cannot represent");
  }

  private static JsonNode toJsonNumber(Number number) {
    if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
      return JSON.numberNode(number.intValue());
    }
    if (number instanceof Long) {
      return JSON.numberNode(number.longValue());
    }
    if (number instanceof BigInteger big) {
      return JSON.numberNode(big);
    }
    if (number instanceof BigDecimal big) {
      return JSON.numberNode(big);
    }
    double value = number.doubleValue();
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new NotJson("the number " + value + ", which JSON cannot represent");
    }
    // As JavaScript prints it: 2, not 2.0.
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return toIntegral((long) value);
    }
    return JSON.numberNode(value);
  }

  private static JsonNode toIntegral(long value) {
    return value == (int) value ? JSON.numberNode((int) value) : JSON.numberNode(value);
  }

  /** What a JSONata expression gave is no JSON; the message completes "returned …". */
  static final class NotJson extends RuntimeException {
    NotJson(String message) {
      super(message);
    }
  }
}
