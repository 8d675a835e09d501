package dev.godwit.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The bytes of an item, as a table holds them. */
@SuppressWarnings("ArrayRecordComponent") // never handed out, never compared
record StoredItem(byte[] json) {
  private static final JsonFactory JSON = DynamoDbJson.parsers();

  static StoredItem of(Item item) {
    var out = new ByteArrayOutputStream();
    DynamoDbJson.write(item, out);
    return new StoredItem(out.toByteArray());
  }

  /** An equal item, of which nothing has been read yet. */
  Item fresh() {
    try (var parser = JSON.createParser(json)) {
      parser.nextToken();
      return DynamoDbJson.read(parser, json);
    } catch (IOException e) {
      throw new UncheckedIOException("An item was written that cannot be read", e);
    }
  }
}
