package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;

/**
 * Writes what a Map Run's children have left, in Step Functions' layout: {@code
 * <prefix>/<map-run-uuid>/manifest.json} naming {@code SUCCEEDED_0.json}, {@code FAILED_0.json} and
 * {@code PENDING_0.json}, each an array of records, each there only if it has any.
 *
 * <p>Source: Step Functions Developer Guide, "ResultWriter (Map)"; read 2026-11-20. A redriven Map
 * Run writes the same places again: what succeeded before and what succeeded now, together.
 */
final class ResultExport {
  private final ObjectStore objects;
  private final MapRunFolder folder;
  private final String mapRunArn;
  private final BitSet ended = new BitSet();

  ResultExport(ObjectStore objects, MapRunFolder folder, String mapRunArn) {
    this.objects = objects;
    this.folder = folder;
    this.mapRunArn = mapRunArn;
  }

  /**
   * @throws StateFailure if the result writer's arguments are not what they must be
   */
  static void check(JsonNode writer) {
    if (!writer.path("Bucket").isTextual()
        || !(writer.path("Prefix").isTextual() || writer.path("Prefix").isMissingNode())) {
      throw new StateFailure(
          ErrorNames.QUERY_EVALUATION_ERROR,
          "The field 'ResultWriter/Arguments' must give a Bucket, and may give a Prefix, as"
              + " strings.");
    }
  }

  /**
   * @return the Map state's result: where the manifest is
   */
  JsonNode write(JsonNode writer) {
    String bucket = writer.get("Bucket").textValue();
    String prefix = writer.path("Prefix").asText("");
    String base =
        (prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/")
            + mapRunArn.substring(mapRunArn.lastIndexOf(':') + 1)
            + "/";
    try {
      ObjectNode manifest = JsonNodeFactory.instance.objectNode();
      manifest.put("DestinationBucket", bucket).put("MapRunArn", mapRunArn);
      ObjectNode files = manifest.putObject("ResultFiles");
      ArrayNode failed = files.putArray("FAILED");
      ArrayNode pending = files.putArray("PENDING");
      ArrayNode succeeded = files.putArray("SUCCEEDED");
      add(succeeded, bucket, base + "SUCCEEDED_0.json", this::succeeded);
      add(failed, bucket, base + "FAILED_0.json", this::failed);
      add(pending, bucket, base + "PENDING_0.json", this::pending);
      objects.write(bucket, base + "manifest.json", out -> out.write(Json.bytes(manifest)));
    } catch (IOException | UncheckedIOException e) {
      throw new StateFailure(
          ErrorNames.RESULT_WRITER_FAILED, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("MapRunArn", mapRunArn);
    result
        .putObject("ResultWriterDetails")
        .put("Bucket", bucket)
        .put("Key", base + "manifest.json");
    return result;
  }

  private interface Records {
    void writeTo(ArrayWriter array) throws IOException;
  }

  private void add(ArrayNode files, String bucket, String key, Records records) throws IOException {
    if (isEmpty(records)) {
      return;
    }
    long[] bytes = {0};
    objects.write(
        bucket,
        key,
        out -> {
          ArrayWriter array = new ArrayWriter(out);
          records.writeTo(array);
          array.end();
          bytes[0] = array.bytes;
        });
    files.addObject().put("Key", key).put("Size", bytes[0]);
  }

  private static boolean isEmpty(Records records) throws IOException {
    ArrayWriter counting = new ArrayWriter(OutputStream.nullOutputStream());
    records.writeTo(counting);
    return counting.records == 0;
  }

  private void succeeded(ArrayWriter array) {
    BitSet written = new BitSet();
    folder.forEachSucceeded(
        (index, record) -> {
          // A child that a crash caught just after its end may have ended twice.
          if (!written.get(index)) {
            written.set(index);
            ended.set(index);
            array.add(record);
          }
        });
  }

  private void failed(ArrayWriter array) {
    folder.forEachFailed(
        (index, record) -> {
          ended.set(index);
          array.add(record);
        });
  }

  private void pending(ArrayWriter array) throws IOException {
    try (MapRunFolder.Items items = folder.items()) {
      for (Optional<MapItem> item = items.next(); item.isPresent(); item = items.next()) {
        if (!ended.get(item.get().index())) {
          ObjectNode record = JsonNodeFactory.instance.objectNode();
          record.put("Input", item.get().value().toString());
          record.putObject("InputDetails").put("Included", true);
          record.put("Status", "PENDING");
          array.add(record);
        }
      }
    }
  }

  /** Writes an array's elements as they come. */
  private static final class ArrayWriter extends FilterOutputStream {
    private long bytes;
    private long records;

    ArrayWriter(OutputStream out) {
      super(out);
    }

    void add(JsonNode record) throws IOException {
      put(records++ == 0 ? "[" : ",\n");
      put(record.toString());
    }

    void end() throws IOException {
      put(records == 0 ? "[]" : "]");
    }

    private void put(String text) throws IOException {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      out.write(encoded);
      bytes += encoded.length;
    }
  }
}
