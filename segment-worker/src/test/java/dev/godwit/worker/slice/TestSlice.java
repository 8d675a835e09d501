package dev.godwit.worker.slice;

import dev.godwit.migration.Item;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.run.slice.Sharing;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.run.slice.StoredObject;
import dev.godwit.run.slice.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Slice requests for tests: one segment, a minute's slice, nothing limited, unless told. */
public final class TestSlice {
  /** The id of the migration that tests run. */
  public static final String MIGRATION = "20261120-under-test";

  private final String table;
  private final List<String> keys;
  private String runId = "run";
  private Direction direction = Direction.UP;
  private Mode mode = Mode.APPLY;
  private Guard guard = new Guard.ReadSet();
  private Optional<String> stamp = Optional.empty();
  private int segment;
  private int totalSegments = 1;
  private Optional<Item> cursor = Optional.empty();
  private Optional<Tally> segmentTally = Optional.empty();
  private Optional<Timeline> timeline = Optional.empty();
  private int sliceSeconds = 60;
  private Optional<Double> readUnits = Optional.empty();
  private Optional<Double> writeUnits = Optional.empty();
  private Optional<Sharing> sharing = Optional.empty();
  private long failuresAllowed;
  private Optional<StoredObject> deferred = Optional.empty();
  private Optional<String> retryFailures = Optional.empty();
  private Optional<String> undo = Optional.empty();
  private Optional<Boolean> keepBeforeImages = Optional.empty();
  private Optional<GivenSource> source = Optional.empty();
  private Optional<Target> target = Optional.empty();
  private Optional<Integer> sample = Optional.empty();
  private Optional<Boolean> canary = Optional.empty();
  private String code = TestWorker.code();
  private int attempt;
  private Instant enteredAt = Instant.parse("2026-11-20T09:30:01Z");
  private int retry;

  private TestSlice(String table, List<String> keys) {
    this.table = table;
    this.keys = keys;
  }

  public static TestSlice of(String table, List<String> keys) {
    return new TestSlice(table, keys);
  }

  public TestSlice run(String id) {
    this.runId = id;
    return this;
  }

  public TestSlice down() {
    this.direction = Direction.DOWN;
    return this;
  }

  public TestSlice mode(Mode mode) {
    this.mode = mode;
    return this;
  }

  public TestSlice guard(String guard) {
    this.guard = Guard.of(guard);
    return this;
  }

  public TestSlice stamp(String attribute) {
    this.stamp = Optional.of(attribute);
    return this;
  }

  public TestSlice segment(int segment, int totalSegments) {
    this.segment = segment;
    this.totalSegments = totalSegments;
    return this;
  }

  /** Goes on where {@code result} ended. */
  public TestSlice after(SliceResult result) {
    this.cursor = result.cursor();
    this.segmentTally = Optional.of(result.segmentTally());
    this.timeline = Optional.of(result.timeline());
    return entered();
  }

  /** The same once more, as after a crash or a timeout. */
  public TestSlice retried() {
    this.retry++;
    return this;
  }

  /** The same once more, in a run that was redriven. */
  public TestSlice redriven() {
    this.attempt++;
    return entered();
  }

  private TestSlice entered() {
    this.enteredAt = enteredAt.plusMillis(1);
    this.retry = 0;
    return this;
  }

  public TestSlice seconds(int seconds) {
    this.sliceSeconds = seconds;
    return this;
  }

  public TestSlice readUnitsPerSecond(double units) {
    this.readUnits = Optional.of(units);
    return this;
  }

  public TestSlice writeUnitsPerSecond(double units) {
    this.writeUnits = Optional.of(units);
    return this;
  }

  /** Lets its budgets move with the run's rate document. */
  public TestSlice sharing(int atOnce, int parts) {
    this.sharing = Optional.of(new Sharing("godwit-ledger", atOnce, parts));
    return this;
  }

  public TestSlice failuresAllowed(long items) {
    this.failuresAllowed = items;
    return this;
  }

  /** Carries out the deferred actions of the segment that {@code file} is of. */
  public TestSlice deferred(String file) {
    this.deferred = Optional.of(new StoredObject(file));
    this.segment = Integer.parseInt(file.replaceFirst(".*/segment-(\\d+).*", "$1"));
    return this;
  }

  /** Offers the items that failed in the run {@code earlierRun} again. */
  public TestSlice retryFailuresOf(String earlierRun) {
    this.retryFailures = Optional.of(earlierRun);
    return this;
  }

  /** Keeps what items hold before they are written. */
  public TestSlice keepingBeforeImages() {
    this.keepBeforeImages = Optional.of(true);
    return this;
  }

  /** Takes back what the run {@code earlierRun} has written. */
  public TestSlice undoOf(String earlierRun) {
    this.undo = Optional.of(earlierRun);
    return this;
  }

  /** Takes items from {@code there}. */
  public TestSlice source(Source there) {
    return source(new GivenSource(there, Optional.empty()));
  }

  /** Takes items from {@code there}, as a worker has found it. */
  public TestSlice source(GivenSource there) {
    this.source = Optional.of(there);
    return this;
  }

  /** Puts items into {@code there}. */
  public TestSlice target(Target there) {
    this.target = Optional.of(there);
    return this;
  }

  /** Looks at so many items of the segment at most. */
  public TestSlice sample(int items) {
    this.sample = Optional.of(items);
    return this;
  }

  /** Makes its segment one of the run's canary. */
  public TestSlice ofCanary() {
    this.canary = Optional.of(true);
    return this;
  }

  /** Holds the slice to the code with that digest. */
  public TestSlice code(String digest) {
    this.code = digest;
    return this;
  }

  public SliceRequest request() {
    return new SliceRequest(
        runId,
        Instant.parse("2026-11-20T09:30:00Z"),
        table,
        keys,
        MIGRATION,
        direction,
        mode,
        guard,
        stamp,
        segment,
        totalSegments,
        cursor,
        segmentTally,
        timeline,
        sliceSeconds,
        readUnits,
        writeUnits,
        sharing,
        failuresAllowed,
        Map.of(),
        deferred,
        retryFailures,
        undo,
        keepBeforeImages,
        source,
        target,
        sample,
        canary,
        code,
        attempt,
        enteredAt,
        retry);
  }
}
