package dev.godwit.worker.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One change that a run without writes would make: {@code {"key":{…},"before":{…},"after":{…}}} on
 * a line of its own.
 *
 * @param key the item's key attributes
 * @param before the item as it is
 * @param after the item as it would be; absent when it would be deleted
 */
public record SampleRecord(Item key, Item before, Optional<Item> after) {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  /**
   * Reads a file of samples.
   *
   * @throws IOException when it is not one
   */
  public static List<SampleRecord> parse(byte[] lines) throws IOException {
    var samples = new ArrayList<SampleRecord>();
    try (var nodes = JSON.readerFor(JsonNode.class).<JsonNode>readValues(lines)) {
      while (nodes.hasNextValue()) {
        var line = nodes.nextValue();
        samples.add(
            new SampleRecord(
                item(line.path("key")),
                item(line.path("before")),
                line.has("after") ? Optional.of(item(line.get("after"))) : Optional.empty()));
      }
    }
    return samples;
  }

  /** Appends this sample as a line. */
  void write(ByteArrayOutputStream out) {
    write("{\"key\":", key, out);
    write(",\"before\":", before, out);
    after.ifPresent(item -> write(",\"after\":", item, out));
    out.writeBytes("}\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static void write(String field, Item item, ByteArrayOutputStream out) {
    out.writeBytes(field.getBytes(StandardCharsets.US_ASCII));
    DynamoDbJson.write(item, out);
  }

  private static Item item(JsonNode node) {
    return DynamoDbJson.parse(node.toString());
  }
}
