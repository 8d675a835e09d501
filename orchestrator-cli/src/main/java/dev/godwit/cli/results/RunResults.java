package dev.godwit.cli.results;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunReport.FailedSegment;
import dev.godwit.cli.run.RunState;
import dev.godwit.worker.Counter;
import dev.godwit.worker.Tally;
import dev.godwit.worker.record.SampleRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What runs have left in a results location: the files of the Map Run's ResultWriter, and the
 * worker's failure records beside them.
 *
 * <p>Of a segment that is in several files, as after a redrive, its success counts, once.
 */
public final class RunResults {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The Map Run that migrates; the other one applies what was deferred. */
  private static final String SEGMENTS = "/Segments:";

  /** As many as anybody looks at. */
  static final int MOST_SAMPLES = 20;

  private final ResultFiles files;

  public RunResults(ResultFiles files) {
    this.files = files;
  }

  /** The folder of a run's results in its bucket. */
  public static String folder(String runId) {
    return "runs/" + runId;
  }

  /** The sum of the tallies of all segments that have succeeded. */
  public Tally exact(String runId) throws IOException {
    return ended(runId).exact.total();
  }

  /**
   * All that the run has left.
   *
   * @param location of its results, for people
   */
  public RunReport report(RunState state, String location) throws IOException {
    String runId = state.request().runId();
    var ended = ended(runId);
    var failures = new TreeMap<String, Long>();
    var places = new ArrayList<String>();
    for (String key : files.under(folder(runId) + "/failures/")) {
      places.add(location + key.substring(folder(runId).length()));
      count(key, failures);
    }
    return new RunReport(
        state,
        ended.exact.total(),
        ended.withoutSuccess(),
        failures,
        places,
        location,
        samples(runId));
  }

  /** Some of the changes that the run would make, from all over the table; the same each time. */
  public List<SampleRecord> samples(String runId) throws IOException {
    var names = new ArrayList<>(files.under(folder(runId) + "/samples/"));
    Collections.shuffle(names, new Random(runId.hashCode()));
    var samples = new ArrayList<SampleRecord>();
    for (String name : names) {
      if (samples.size() >= MOST_SAMPLES) {
        break;
      }
      try (var file = files.read(name)) {
        samples.addAll(SampleRecord.parse(file.readAllBytes()));
      }
    }
    return samples.subList(0, Math.min(samples.size(), MOST_SAMPLES));
  }

  private Ended ended(String runId) throws IOException {
    var ended = new Ended();
    for (String key : files.under(folder(runId) + "/")) {
      if (key.endsWith("/manifest.json")) {
        add(key, ended);
      }
    }
    return ended;
  }

  private void add(String manifestKey, Ended ended) throws IOException {
    JsonNode manifest;
    try (var file = files.read(manifestKey)) {
      manifest = JSON.readTree(file);
    }
    if (manifest.path("MapRunArn").asText().contains(SEGMENTS)) {
      for (JsonNode file : manifest.path("ResultFiles").path("SUCCEEDED")) {
        forEachChild(file.path("Key").asText(), ended::succeeded);
      }
      for (JsonNode file : manifest.path("ResultFiles").path("FAILED")) {
        forEachChild(file.path("Key").asText(), ended::failed);
      }
    }
  }

  private void forEachChild(String key, ChildConsumer consumer) throws IOException {
    try (var file = files.read(key);
        var parser = JSON.createParser(file)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        consumer.accept(JSON.readTree(parser));
      }
    }
  }

  private void count(String key, Map<String, Long> failures) throws IOException {
    try (var lines =
        new BufferedReader(new InputStreamReader(files.read(key), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          failures.merge(JSON.readTree(line).path("error").asText(), 1L, Long::sum);
        }
      }
    }
  }

  /** Takes one child execution's record. */
  private interface ChildConsumer {
    void accept(JsonNode child) throws IOException;
  }

  /** The children that have ended. */
  private static final class Ended {
    private final Tally.Sum exact = new Tally.Sum();
    private final BitSet succeeded = new BitSet();
    private final Map<Integer, FailedSegment> failed = new TreeMap<>();

    void succeeded(JsonNode child) throws IOException {
      var output = JSON.readTree(child.path("Output").asText());
      int segment = output.path("segment").asInt();
      if (!succeeded.get(segment)) {
        succeeded.set(segment);
        for (Counter counter : Counter.values()) {
          exact.add(counter, output.path("tally").path(counter.field()).asDouble());
        }
      }
    }

    void failed(JsonNode child) throws IOException {
      int segment = JSON.readTree(child.path("Input").asText()).path("segment").asInt();
      failed.put(
          segment,
          new FailedSegment(
              segment,
              child.path("Error").asText(child.path("Status").asText()),
              child.path("Cause").asText()));
    }

    List<FailedSegment> withoutSuccess() {
      return failed.values().stream().filter(child -> !succeeded.get(child.segment())).toList();
    }
  }
}
