package dev.godwit.run;

import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How runs are carried out: the fields of a run request that are the same for whatever migration.
 *
 * @param totalSegments into how many parts the table is scanned
 * @param maxConcurrency how many of them at a time
 * @param sliceSeconds how long one invocation of the worker may take
 * @param guard what writes are conditioned on
 * @param itemFailuresAllowed how many items of a segment may fail before the segment does
 * @param toleratedFailurePercentage how many segments in a hundred may fail before the run does
 * @param readUnitsPerSecond the read budget of a whole run; absent for no limit
 * @param writeUnitsPerSecond the write budget of a whole run; absent for no limit
 * @param parameters what transforms may read, name to text
 */
public record RunSettings(
    int totalSegments,
    int maxConcurrency,
    int sliceSeconds,
    Guard guard,
    int itemFailuresAllowed,
    int toleratedFailurePercentage,
    OptionalInt readUnitsPerSecond,
    OptionalInt writeUnitsPerSecond,
    Map<String, String> parameters) {
  /** What a deployment does unless it is told otherwise: 100 segments, all of them at once. */
  public static final RunSettings DEFAULT =
      new RunSettings(
          100,
          100,
          240,
          new Guard.ReadSet(),
          0,
          0,
          OptionalInt.empty(),
          OptionalInt.empty(),
          Map.of());

  public RunSettings {
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    RunRequest.checkRange("totalSegments", totalSegments, 1, RunRequest.MOST_SEGMENTS);
    RunRequest.checkRange("maxConcurrency", maxConcurrency, 1, RunRequest.MOST_CONCURRENT);
    RunRequest.checkRange("sliceSeconds", sliceSeconds, 1, RunRequest.LONGEST_SLICE_SECONDS);
    RunRequest.checkRange("itemFailuresAllowed", itemFailuresAllowed, 0, Integer.MAX_VALUE);
    RunRequest.checkRange("toleratedFailurePercentage", toleratedFailurePercentage, 0, 100);
    RunRequest.checkUnits("readUnitsPerSecond", readUnitsPerSecond);
    RunRequest.checkUnits("writeUnitsPerSecond", writeUnitsPerSecond);
  }

  /** The request of a run that is carried out like this. */
  public RunRequest request(
      String runId, String tableName, String migration, Direction direction, Mode mode) {
    return request(
        runId, tableName, migration, direction, mode, Optional.empty(), Optional.empty());
  }

  /** The same, with items from {@code source}, put into {@code target}. */
  RunRequest request(
      String runId,
      String tableName,
      String migration,
      Direction direction,
      Mode mode,
      Optional<Source> source,
      Optional<Target> target) {
    return new RunRequest(
        runId,
        tableName,
        migration,
        direction,
        mode,
        totalSegments,
        maxConcurrency,
        sliceSeconds,
        guard,
        Optional.empty(),
        itemFailuresAllowed,
        toleratedFailurePercentage,
        readUnitsPerSecond,
        writeUnitsPerSecond,
        Optional.empty(),
        parameters,
        Optional.empty(),
        Optional.empty(),
        false,
        source,
        target,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
