package dev.godwit.migration;

import java.math.BigDecimal;

/**
 * How many bytes DynamoDB counts for a value: developer guide, "DynamoDB item sizes and formats";
 * read 2026-11-20. Numbers are as captures of the real service show them, which the guide only
 * approximates.
 */
final class ItemSize {
  private static final int COLLECTION = 3;
  private static final int ELEMENT = 1;

  private ItemSize() {}

  /** The length of {@code text} in UTF-8, in bytes. */
  static long of(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x800) {
        bytes += Character.isSurrogate(c) ? 1 : 2; // a pair of surrogates is four bytes
      } else if (c >= 0x80) {
        bytes++;
      }
    }
    return bytes;
  }

  static long of(Value value) {
    return switch (value.type()) {
      case S -> of(value.asString());
      case N -> of(value.asNumber());
      case B -> value.asBinary().length;
      case BOOL, NULL -> 1;
      case SS -> value.asStringSet().stream().mapToLong(ItemSize::of).sum();
      case NS -> value.asNumberSet().stream().mapToLong(ItemSize::of).sum();
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

  /**
   * One byte, and one for two digits begun before the point, and one for two begun behind it, and
   * one for a minus; zeros at either end do not count, and zero itself is one byte.
   *
   * <p>paritysuite/dynamodb-conformance, tests/tier3/limits/numberByteSize.test.ts: 23 numbers
   * captured in eu-west-2 on 2026-08-18; read 2026-11-25.
   */
  private static long of(BigDecimal number) {
    if (number.signum() == 0) {
      return 1;
    }
    var significant = number.stripTrailingZeros();
    int digits = significant.precision();
    int behindThePoint = Math.min(digits, Math.max(0, significant.scale()));
    return 1L
        + pairsBegun(digits - behindThePoint)
        + pairsBegun(behindThePoint)
        + (number.signum() < 0 ? 1 : 0);
  }

  private static int pairsBegun(int digits) {
    return (digits + 1) / 2;
  }
}
