package dev.godwit.worker.slice;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys of any type. */
final class RandomKeys {
  private static final BigDecimal FAR = new BigDecimal("1000000.5");

  private RandomKeys() {}

  /** A key of {@code type}, another one for each number. */
  static Value of(AttributeType type, int number) {
    return switch (type) {
      case S -> Value.string("key " + number + " ключ");
      case N -> Value.number(BigDecimal.valueOf(number, 1));
      case B -> Value.binary(("key" + number).getBytes(StandardCharsets.UTF_8));
      default -> throw new IllegalArgumentException("No key is of type " + type);
    };
  }

  /** Another key, which {@link #of} does not make. */
  static Value elsewhere(Value key) {
    return switch (key.type()) {
      case S -> Value.string("moved " + key.asString());
      case N -> Value.number(key.asNumber().add(FAR));
      default -> {
        var bytes = key.asBinary();
        var longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = 127;
        yield Value.binary(longer);
      }
    };
  }
}
