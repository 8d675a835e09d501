package dev.godwit.migration;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of an item. One that was stored is the bytes that it came in until someone asks for
 * its value, so that what a transform never looks at is never decoded; one that was made is a value
 * until someone asks for its bytes.
 *
 * <p>Racing threads decode or encode twice, into equal immutable results.
 */
final class Attribute {
  private static final int WHOLE = -1;

  private volatile byte @Nullable [] source;
  private final int from;

  /** Where the value ends in its source; {@link #WHOLE} if it is the whole of it. */
  private final int to;

  private @Nullable Value value;

  private Attribute(byte @Nullable [] source, int from, int to, @Nullable Value value) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.value = value;
  }

  static Attribute of(Value value) {
    return new Attribute(null, 0, WHOLE, Objects.requireNonNull(value));
  }

  /**
   * The typed value, as in {@code {"S":"text"}}, that stands in {@code source} from {@code from} to
   * before {@code to}.
   */
  static Attribute stored(byte[] source, int from, int to) {
    return new Attribute(source, from, to, null);
  }

  Value value() {
    var decoded = value;
    if (decoded == null) {
      decoded = DynamoDbJson.decode(bytes(), from, to);
      value = decoded;
    }
    return decoded;
  }

  void writeTo(ByteArrayOutputStream out) {
    out.write(bytes(), from, length());
  }

  /** The length of this value as DynamoDB JSON, in bytes. */
  int length() {
    return to == WHOLE ? bytes().length : to - from;
  }

  /** The size that DynamoDB counts for this value; its length, if it cannot be read. */
  long sizeBytes() {
    try {
      return ItemSize.of(value());
    } catch (IllegalArgumentException e) {
      return length();
    }
  }

  /** Whether DynamoDB holds both values equal; those that cannot be read are equal byte by byte. */
  boolean isEqualTo(Attribute other) {
    try {
      return value().equals(other.value());
    } catch (IllegalArgumentException e) {
      return Arrays.equals(raw(), other.raw());
    }
  }

  /** A hash of the value that goes with {@link #isEqualTo}. */
  int hash() {
    try {
      return value().hashCode();
    } catch (IllegalArgumentException e) {
      return Arrays.hashCode(raw());
    }
  }

  private byte[] raw() {
    return Arrays.copyOfRange(bytes(), from, from + length());
  }

  private byte[] bytes() {
    var stored = source;
    if (stored == null) {
      var out = new ByteArrayOutputStream();
      DynamoDbJson.write(Objects.requireNonNull(value), out);
      stored = out.toByteArray();
      source = stored;
    }
    return stored;
  }
}
