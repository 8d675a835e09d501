package dev.godwit.cli.demo;

import dev.godwit.migration.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Remembers on which line each key was, by half of the key's SHA-256: files may have millions of
 * lines.
 */
final class SeenKeys {
  private final Map<Fingerprint, Long> lines = new HashMap<>();

  private record Fingerprint(long high, long low) {}

  /** Remembers {@code key}; answers the line that had it before, if one had. */
  OptionalLong see(List<Value> key, long line) {
    var before = lines.putIfAbsent(fingerprint(key), line);
    return before == null ? OptionalLong.empty() : OptionalLong.of(before);
  }

  private static Fingerprint fingerprint(List<Value> key) {
    var digest = sha256();
    for (Value value : key) {
      var bytes = bytes(value);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    var half = ByteBuffer.wrap(digest.digest());
    return new Fingerprint(half.getLong(), half.getLong());
  }

  /** The same for the same key: 1.0 is 1. All keys at one place are of one type. */
  private static byte[] bytes(Value value) {
    return switch (value.type()) {
      case B -> value.asBinary();
      case N -> value.asNumber().stripTrailingZeros().toString().getBytes(StandardCharsets.UTF_8);
      default -> value.asString().getBytes(StandardCharsets.UTF_8);
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
