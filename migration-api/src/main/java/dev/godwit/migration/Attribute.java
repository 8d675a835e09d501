package dev.godwit.migration;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of an item: the bytes that it was stored in until someone asks for its value, so
 * that what a transform never looks at is never decoded.
 */
final class Attribute {
  private final byte @Nullable [] source;
  private final int from;
  private final int to;
  private @Nullable Value value;

  private Attribute(byte @Nullable [] source, int from, int to, @Nullable Value value) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.value = value;
  }

  static Attribute of(Value value) {
    return new Attribute(null, 0, 0, value);
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
      value = decoded; // racing threads decode twice, into equal immutable values
    }
    return decoded;
  }

  void writeTo(ByteArrayOutputStream out) {
    if (source != null) {
      out.write(source, from, to - from);
    } else {
      DynamoDbJson.write(value(), out);
    }
  }

  /** The length of this value as DynamoDB JSON, in bytes. */
  int length() {
    if (source != null) {
      return to - from;
    }
    var out = new ByteArrayOutputStream();
    writeTo(out);
    return out.size();
  }

  private byte[] bytes() {
    if (source == null) {
      throw new IllegalStateException("An attribute has a value or the bytes of one");
    }
    return source;
  }
}
