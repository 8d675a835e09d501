package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A request body in the making: JSON as bytes, so that stored values pass through as they came. */
final class JsonBytes extends ByteArrayOutputStream {
  JsonBytes() {
    super(4096);
  }

  /** Appends {@code ascii} as it is. */
  JsonBytes raw(String ascii) {
    writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
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
