package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A request body in the making: JSON as bytes, so that stored values pass through as they came.
 *
 * <p>Used by one thread: unlike the class that it extends it takes no locks, of which a request
 * would take thousands.
 */
final class JsonBytes extends ByteArrayOutputStream {
  JsonBytes() {
    super(8192);
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // that is the point
  public void write(int oneByte) {
    makeRoomFor(1);
    buf[count++] = (byte) oneByte;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void write(byte[] bytes, int from, int length) {
    makeRoomFor(length);
    System.arraycopy(bytes, from, buf, count, length);
    count += length;
  }

  @Override
  public void writeBytes(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  private void makeRoomFor(int more) {
    if (buf.length - count < more) {
      buf = Arrays.copyOf(buf, Math.max(2 * buf.length, count + more));
    }
  }

  /** Appends {@code ascii} as it is. */
  JsonBytes raw(String ascii) {
    int length = ascii.length();
    makeRoomFor(length);
    for (int i = 0; i < length; i++) {
      buf[count++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Appends {@code text} as a JSON string. */
  JsonBytes text(String text) {
    write('"');
    writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    write('"');
    return this;
  }

  /** Appends {@code item} as DynamoDB JSON. */
  JsonBytes item(Item item) {
    DynamoDbJson.write(item, this);
    return this;
  }

  /** Appends the value of one attribute of {@code item}. */
  JsonBytes value(Item item, String name) {
    DynamoDbJson.writeValue(item, name, this);
    return this;
  }
}
