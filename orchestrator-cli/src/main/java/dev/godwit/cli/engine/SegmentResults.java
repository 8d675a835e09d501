package dev.godwit.cli.engine;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.ObjectStore;
import dev.godwit.worker.Counter;
import dev.godwit.worker.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads what a Map Run's ResultWriter has written: each segment's output with its tally. */
final class SegmentResults {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectStore objects;

  SegmentResults(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * The sum of the tallies of all segments that succeeded.
   *
   * @param manifestKey of the Map Run's {@code manifest.json}
   */
  Tally total(String bucket, String manifestKey) {
    var sum = new Tally.Sum();
    try (var manifest = objects.read(bucket, manifestKey)) {
      for (JsonNode file : JSON.readTree(manifest).path("ResultFiles").path("SUCCEEDED")) {
        addAll(bucket, file.path("Key").asText(), sum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The results " + manifestKey + " cannot be read", e);
    }
    return sum.total();
  }

  private void addAll(String bucket, String key, Tally.Sum sum) throws IOException {
    try (var file = objects.read(bucket, key);
        var parser = JSON.createParser(file)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        JsonNode child = JSON.readTree(parser);
        var tally = JSON.readTree(child.path("Output").asText()).path("tally");
        for (Counter counter : Counter.values()) {
          sum.add(counter, tally.path(counter.field()).asDouble());
        }
      }
    }
  }
}
