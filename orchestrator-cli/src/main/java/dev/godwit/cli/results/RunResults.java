package dev.godwit.cli.results;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.run.Course;
import dev.godwit.cli.run.FailedItem;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunReport.FailedActions;
import dev.godwit.cli.run.RunReport.FailedSegment;
import dev.godwit.cli.run.RunState;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.Tally;
import dev.godwit.run.results.ExportedPart;
import dev.godwit.run.results.RecordName;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import dev.godwit.worker.record.SampleRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What runs have left in a results location: the files of the Map Runs' ResultWriters, and the
 * worker's failure records beside them.
 *
 * <p>Of a segment, or its deferred actions, that is in several files, as after a redrive, its
 * success counts, once. Of failure records those count that no later try has overtaken ({@link
 * RecordName#thatCount}), and of one item the last.
 */
public final class RunResults {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  /** The Map Run that migrates. */
  private static final String SEGMENTS = "/Segments:";

  /** The Map Run that carries out what was deferred, a child for each file of actions. */
  private static final String DEFERRED = "/Deferred:";

  /** Where the worker keeps what failed: items, and deferred actions. */
  private static final List<Kind> FAILURES = List.of(Kind.FAILURES, Kind.FAILED_ACTIONS);

  /** The folders of a run that have no Map Run's results: records, of which there may be many. */
  private static final Set<String> RECORDS =
      Stream.of(Kind.values()).map(Kind::folder).collect(Collectors.toUnmodifiableSet());

  /** As many as anybody looks at. */
  static final int MOST_SAMPLES = 20;

  private final ResultFiles files;

  public RunResults(ResultFiles files) {
    this.files = files;
  }

  /** The sum of the tallies of all segments and files of deferred actions that have succeeded. */
  public Tally exact(String runId) throws IOException {
    return ended(runId, 0).exact.total();
  }

  /**
   * All that the run has left.
   *
   * @param location of its results, for people
   */
  public RunReport report(RunState state, String location) throws IOException {
    String runId = state.request().runId();
    var ended = ended(runId, state.request().totalSegments());
    var failures = new TreeMap<String, Long>();
    var places = new ArrayList<String>();
    for (Kind kind : FAILURES) {
      var latest = new LatestWords();
      for (String key : thatCount(runId, kind)) {
        places.add(location + key.substring(ResultsLayout.folder(runId).length()));
        read(key, kind, latest);
      }
      latest.addTo(failures);
    }
    var course = ended.course();
    return new RunReport(
        state,
        ended.exact.total(),
        ended.withoutSuccess(),
        ended.actionsWithoutSuccess(),
        failures,
        places,
        location,
        samples(runId),
        course,
        new RunReport.Code(course.code(), Optional.empty()));
  }

  /**
   * Some of what has failed, by the latest word about each: of each error as many as {@code most}.
   */
  public List<FailedItem> failedItems(String runId, int most) throws IOException {
    var failed = new ArrayList<FailedItem>();
    var ofError = new HashMap<String, Integer>();
    for (Kind kind : FAILURES) {
      var keys = thatCount(runId, kind);
      Collections.reverse(keys); // of an item the last word comes first
      var seen = new HashSet<String>(); // the keys of one segment at a time
      var folder = "";
      for (String key : keys) {
        if (!key.startsWith(folder) || folder.isEmpty()) {
          folder = key.substring(0, key.lastIndexOf('/') + 1);
          seen.clear();
        }
        for (JsonNode record : lastFirst(key)) {
          var error = record.path("error").asText();
          boolean isItem = kind == Kind.FAILURES;
          boolean isNews = !isItem || seen.add(record.path("key").toString());
          if (isNews && ofError.merge(error, 1, Integer::sum) <= most) {
            failed.add(
                new FailedItem(
                    error,
                    record.path("message").asText(),
                    (isItem ? record.path("item") : record).toString()));
          }
        }
      }
    }
    failed.sort(Comparator.comparing(FailedItem::error));
    return failed;
  }

  private List<JsonNode> lastFirst(String key) throws IOException {
    var records = new ArrayList<JsonNode>();
    try (var lines =
        new BufferedReader(new InputStreamReader(files.read(key), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          records.add(0, JSON.readTree(line));
        }
      }
    }
    return records;
  }

  /** Keeps the page about the run beside its results; one that is there is written over. */
  public void keepPage(String runId, String html) throws IOException {
    files.write(ResultsLayout.report(runId), html.getBytes(StandardCharsets.UTF_8));
  }

  /** Keeps the plan that the run began with, as JSON. */
  public void keepPlan(String runId, String json) throws IOException {
    files.write(ResultsLayout.plan(runId), json.getBytes(StandardCharsets.UTF_8));
  }

  /** The plan that the run began with, as JSON; empty when none is kept. */
  public Optional<byte[]> plan(String runId) throws IOException {
    var name = ResultsLayout.plan(runId);
    if (!files.under(name).contains(name)) {
      return Optional.empty();
    }
    try (var file = files.read(name)) {
      return Optional.of(file.readAllBytes());
    }
  }

  /**
   * Refuses to offer the failed items of {@code runId} again when it has left none on record.
   *
   * @param location of its results, for people
   * @throws CommandFailed when there are none
   */
  public void checkFailures(String runId, String location) throws IOException {
    if (thatCount(runId, Kind.FAILURES).isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "There are no failure records of the run "
              + runId
              + " under "
              + location
              + "/failures; 'godwit runs' lists the runs. Nothing was started");
    }
  }

  /**
   * How many before-images the run {@code runId} has kept.
   *
   * @param location of its results, for people
   * @throws CommandFailed when they are not all there, or are damaged; the file is named
   */
  public long checkedBeforeImages(String runId, String location) throws IOException {
    return new KeptImages(files, runId, location).checked(ended(runId, 0).images);
  }

  /** Some of the changes that the run would make, from all over the table; the same each time. */
  public List<SampleRecord> samples(String runId) throws IOException {
    var names = new ArrayList<>(files.under(ResultsLayout.folder(runId, Kind.SAMPLES) + "/"));
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

  /**
   * @param totalSegments of which the course is told; 0 to leave it out
   */
  private Ended ended(String runId, int totalSegments) throws IOException {
    var ended = new Ended(totalSegments);
    var folder = ResultsLayout.folder(runId) + "/";
    for (String name : files.foldersIn(folder)) {
      if (!RECORDS.contains(name)) {
        for (String key : files.under(folder + name + "/")) {
          if (key.endsWith("/manifest.json")) {
            add(key, ended);
          }
        }
      }
    }
    return ended;
  }

  private void add(String manifestKey, Ended ended) throws IOException {
    JsonNode manifest;
    try (var file = files.read(manifestKey)) {
      manifest = JSON.readTree(file);
    }
    var mapRun = manifest.path("MapRunArn").asText();
    if (mapRun.contains(SEGMENTS)) {
      forEachChild(manifest, "SUCCEEDED", ended::succeeded);
      forEachChild(manifest, "FAILED", ended::failed);
    } else if (mapRun.contains(DEFERRED)) {
      forEachChild(manifest, "SUCCEEDED", ended::actionsSucceeded);
      forEachChild(manifest, "FAILED", ended::actionsFailed);
    }
  }

  private void forEachChild(JsonNode manifest, String kind, ChildConsumer consumer)
      throws IOException {
    for (JsonNode name : manifest.path("ResultFiles").path(kind)) {
      try (var file = files.read(name.path("Key").asText());
          var parser = JSON.createParser(file)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          consumer.accept(JSON.readTree(parser));
        }
      }
    }
  }

  /** The files of records that no later try has overtaken, in the order in which they were made. */
  /**
   * The names of the files that have each item once that a run has exported.
   *
   * @throws CommandFailed when some are gone
   */
  public List<String> exported(RunRequest request) throws IOException {
    var all = files.under(ResultsLayout.folder(request.runId(), Kind.EXPORT) + "/");
    try {
      return ExportedPart.whole(all, request.runId(), request.totalSegments());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          ExitCode.RUN_FAILED,
          e.getMessage() + ": the files of the run are gone. Export again; nothing was written",
          e);
    }
  }

  /** A file of these, gzipped. Close it. */
  public InputStream read(String name) throws IOException {
    return files.read(name);
  }

  private List<String> thatCount(String runId, Kind kind) throws IOException {
    return RecordName.thatCount(files.under(ResultsLayout.folder(runId, kind) + "/"));
  }

  private void read(String key, Kind kind, LatestWords latest) throws IOException {
    var folder = key.substring(0, key.lastIndexOf('/'));
    try (var lines =
        new BufferedReader(new InputStreamReader(files.read(key), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          var record = JSON.readTree(line);
          var error = record.path("error").asText();
          if (kind == Kind.FAILURES) {
            latest.hear(folder, record.path("key").toString(), error);
          } else {
            latest.count(error);
          }
        }
      }
    }
  }

  /**
   * Counts failures by their error, an item once: with its last. Holds the keys of one segment at a
   * time.
   */
  private static final class LatestWords {
    private final Map<String, Long> counted = new HashMap<>();
    private final Map<String, String> errors = new HashMap<>();
    private String folder = "";

    void hear(String ofFolder, String key, String error) {
      if (!folder.equals(ofFolder)) {
        settle();
        folder = ofFolder;
      }
      errors.put(key, error);
    }

    void count(String error) {
      counted.merge(error, 1L, Long::sum);
    }

    private void settle() {
      errors.values().forEach(this::count);
      errors.clear();
    }

    void addTo(Map<String, Long> failures) {
      settle();
      counted.forEach((error, count) -> failures.merge(error, count, Long::sum));
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
    private final Map<Integer, Long> images = new TreeMap<>();
    private final Set<String> actionsSucceeded = new HashSet<>();
    private final Map<String, FailedActions> actionsFailed = new TreeMap<>();
    private final CourseCount course;

    Ended(int totalSegments) {
      this.course = new CourseCount(totalSegments);
    }

    Course course() {
      withoutSuccess().forEach(segment -> course.failed(segment.segment()));
      return course.course();
    }

    void succeeded(JsonNode child) throws IOException {
      var output = JSON.readTree(child.path("Output").asText());
      int segment = output.path("segment").asInt();
      if (!succeeded.get(segment)) {
        succeeded.set(segment);
        add(output.path("tally"));
        images.merge(
            segment, output.path("tally").path(Counter.BEFORE_IMAGES.field()).asLong(), Long::sum);
        course.succeeded(segment, child, output);
        if (!course.knowsCode()) {
          course.asked(slice(child));
        }
      }
    }

    void failed(JsonNode child) throws IOException {
      var slice = slice(child);
      int segment = slice.path("segment").asInt();
      course.asked(slice);
      course.tried(segment, child);
      failed.put(segment, new FailedSegment(segment, error(child), child.path("Cause").asText()));
    }

    void actionsSucceeded(JsonNode child) throws IOException {
      if (actionsSucceeded.add(actionsFile(child))) {
        var output = JSON.readTree(child.path("Output").asText());
        add(output.path("tally"));
        course.actionsSucceeded(output);
      }
    }

    void actionsFailed(JsonNode child) throws IOException {
      var file = actionsFile(child);
      actionsFailed.put(file, new FailedActions(file, error(child), child.path("Cause").asText()));
    }

    private void add(JsonNode tally) {
      for (Counter counter : Counter.values()) {
        exact.add(counter, tally.path(counter.field()).asDouble());
      }
    }

    /** What the worker was asked for. */
    private static JsonNode slice(JsonNode child) throws IOException {
      return JSON.readTree(child.path("Input").asText()).path("slice");
    }

    private static String actionsFile(JsonNode child) throws IOException {
      return slice(child).path("deferred").path("key").asText();
    }

    private static String error(JsonNode child) {
      return child.path("Error").asText(child.path("Status").asText());
    }

    List<FailedSegment> withoutSuccess() {
      return failed.values().stream().filter(child -> !succeeded.get(child.segment())).toList();
    }

    List<FailedActions> actionsWithoutSuccess() {
      return actionsFailed.values().stream()
          .filter(child -> !actionsSucceeded.contains(child.file()))
          .toList();
    }
  }
}
