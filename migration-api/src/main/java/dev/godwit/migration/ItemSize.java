package dev.godwit.migration;

import java.nio.charset.StandardCharsets;

/**
 * How many bytes DynamoDB counts for a value: developer guide, "DynamoDB item sizes and formats";
 * read 2026-11-20. Numbers are approximate there as here: about one byte for two significant
 * digits, and one.
 */
final class ItemSize {
  private static final int COLLECTION = 3;
  private static final int ELEMENT = 1;

  private ItemSize() {}

  static long of(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  static long of(Value value) {
    return switch (value.type()) {
      case S -> of(value.asString());
      case N -> ofNumber((Value.NumberValue) value);
      case B -> value.asBinary().length;
      case BOOL, NULL -> 1;
      case SS -> value.asStringSet().stream().mapToLong(ItemSize::of).sum();
      case NS ->
          ((Value.NumberSetValue) value).numbers().stream().mapToLong(ItemSize::ofNumber).sum();
      case BS -> value.asBinarySet().stream().mapToLong(bytes -> bytes.length).sum();
      case L ->
          COLLECTION + value.asList().stream().mapToLong(element -> ELEMENT + of(element)).sum();
      case M ->
          COLLECTION
              + value.asMap().entrySet().stream()
                  .mapToLong(entry -> ELEMENT + of(entry.getKey()) + of(entry.getValue()))
                  .sum();
    };
  }

  private static long ofNumber(Value.NumberValue value) {
    var number = value.asNumber().stripTrailingZeros();
    return (number.precision() + 1L) / 2 + 1 + (number.signum() < 0 ? 1 : 0);
  }
}
