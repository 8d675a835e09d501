package dev.godwit.worker.write;

import dev.godwit.migration.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Compares values as DynamoDB's {@code <} does. */
final class Ages {
  private Ages() {}

  /**
   * Whether {@code one} is less than {@code other}: numbers by value, texts and bytes byte by byte,
   * unsigned; API reference, Condition, "LT"; read 2026-11-26.
   *
   * @param other of the same type
   */
  static boolean isOlder(Value one, Value other) {
    return switch (one.type()) {
      case N -> one.asNumber().compareTo(other.asNumber()) < 0;
      case S -> Arrays.compareUnsigned(bytes(one), bytes(other)) < 0;
      case B -> Arrays.compareUnsigned(one.asBinary(), other.asBinary()) < 0;
      default -> false;
    };
  }

  private static byte[] bytes(Value text) {
    return text.asString().getBytes(StandardCharsets.UTF_8);
  }
}
