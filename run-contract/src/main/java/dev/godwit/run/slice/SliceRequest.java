package dev.godwit.run.slice;

import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.SourceRules;
import dev.godwit.run.Tally;
import dev.godwit.run.TargetRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Lambda invocation's worth of a segment: from a cursor until time runs short. It is the whole
 * input of a child execution's state, so a redriven child goes on from its cursor.
 *
 * @param runId the run's name; also the folder of its records
 * @param startedAt when the run started; what the transform sees as its time
 * @param tableName the table to migrate
 * @param keys the table's key attributes, partition key first
 * @param migration the id of the migration
 * @param direction which of its transforms
 * @param mode whether changes are written
 * @param guard what writes are conditioned on
 * @param stamp an attribute that the write sets to the migration's id, so that no item is
 *     transformed twice
 * @param segment from 0 to {@code totalSegments - 1}
 * @param totalSegments from 1 to 1,000,000
 * @param cursor where to go on, exclusive; absent for the start of the segment
 * @param segmentTally the counters of this segment's earlier slices
 * @param timeline when these were counted
 * @param sliceSeconds how long the slice may take; it ends at the next page boundary
 * @param readUnitsPerSecond this worker's share of the run's read budget when all workers are at
 *     work; absent for no limit
 * @param writeUnitsPerSecond the same of the write budget
 * @param sharing how these shares move while the run goes on; absent when they do not
 * @param itemFailuresAllowed how many items of a segment may fail before the segment does
 * @param parameters what the transform may read, name to text
 * @param deferred instead of scanning: the deferred actions to carry out
 * @param retryFailures instead of scanning: an earlier run, whose failed items are offered again;
 *     each segment takes its share of that run's files of records, whatever segments these were
 *     written by
 * @param undo instead of scanning: an earlier run over as many segments, whose writes to this
 *     segment's items are taken back
 * @param keepBeforeImages whether what an item holds is kept before it is written; absent for no
 * @param source where the items come from, as it was when the run began; absent for the migration's
 *     own source, or whatever that is like now
 * @param target another table that items are put into; absent for the migration's own, or else to
 *     change them in place
 * @param sample of a verification with a target, how many items of the segment are looked at, at
 *     most; absent for all
 * @param canary whether the segment is one of the run's canary: then it counts by how much items
 *     grow, and in mode verify looks at what the same run has written, and leaves the records of
 *     that as they are; absent for no
 * @param code the digest of the migration's code that the run began with
 * @param attempt how often the child execution that sends this has been redriven: 0 for the first
 *     try of a segment
 * @param enteredAt when the child execution came to this slice; the same for all of its retries
 * @param retry how often the slice has been asked for again since: 0 for the first time
 */
public record SliceRequest(
    String runId,
    Instant startedAt,
    String tableName,
    List<String> keys,
    String migration,
    Direction direction,
    Mode mode,
    Guard guard,
    Optional<String> stamp,
    int segment,
    int totalSegments,
    Optional<Item> cursor,
    Optional<Tally> segmentTally,
    Optional<Timeline> timeline,
    int sliceSeconds,
    Optional<Double> readUnitsPerSecond,
    Optional<Double> writeUnitsPerSecond,
    Optional<Sharing> sharing,
    long itemFailuresAllowed,
    Map<String, String> parameters,
    Optional<StoredObject> deferred,
    Optional<String> retryFailures,
    Optional<String> undo,
    Optional<Boolean> keepBeforeImages,
    Optional<GivenSource> source,
    Optional<Target> target,
    Optional<Integer> sample,
    Optional<Boolean> canary,
    String code,
    int attempt,
    Instant enteredAt,
    int retry) {
  public SliceRequest {
    keys = List.copyOf(keys);
    parameters = Map.copyOf(parameters);
    if (tableName.startsWith("arn:")) {
      throw new IllegalArgumentException(
          "tableName must be the table's name, not its ARN: under two names one table would have"
              + " two leases");
    }
    if (keys.isEmpty() || keys.size() > 2) {
      throw new IllegalArgumentException(
          "keys must name the partition key and perhaps the sort key, not " + keys);
    }
    if (totalSegments < 1 || totalSegments > RunRequest.MOST_SEGMENTS) {
      throw new IllegalArgumentException(
          "totalSegments must be from 1 to 1,000,000, not " + totalSegments);
    }
    if (segment < 0 || segment >= totalSegments) {
      throw new IllegalArgumentException(
          "segment must be from 0 to totalSegments - 1 = "
              + (totalSegments - 1)
              + ", not "
              + segment);
    }
    if (sliceSeconds < 1) {
      throw new IllegalArgumentException("sliceSeconds must be at least 1, not " + sliceSeconds);
    }
    if (itemFailuresAllowed < 0) {
      throw new IllegalArgumentException(
          "itemFailuresAllowed must be at least 0, not " + itemFailuresAllowed);
    }
    if (attempt < 0) {
      throw new IllegalArgumentException("attempt must be at least 0, not " + attempt);
    }
    if (retry < 0) {
      throw new IllegalArgumentException("retry must be at least 0, not " + retry);
    }
    if (undo.isPresent() && (retryFailures.isPresent() || guard instanceof Guard.None)) {
      throw new IllegalArgumentException(
          "undo needs a guard, and goes without retryFailures: it takes back a run's writes, no others");
    }
    var asked =
        new TargetRules.Asked(
            tableName,
            direction,
            mode,
            guard,
            stamp.isPresent(),
            undo.isPresent(),
            keepBeforeImages.orElse(false),
            false);
    source.ifPresent(from -> SourceRules.check(from.source(), target, asked));
    boolean reads = source.map(from -> SourceRules.readsTheTable(from.source())).orElse(true);
    target.ifPresent(there -> TargetRules.check(there, reads ? asked : asked.withoutReading()));
    checkUnits("readUnitsPerSecond", readUnitsPerSecond);
    checkUnits("writeUnitsPerSecond", writeUnitsPerSecond);
    if (stamp.isPresent() && guard instanceof Guard.None) {
      throw new IllegalArgumentException(
          "stamp needs a guard: with guard none a write has no condition");
    }
  }

  /** Whether the segment is one of the run's canary. */
  public boolean isOfCanary() {
    return canary.orElse(false);
  }

  /** Whether it looks again at what the run has written to its canary. */
  public boolean checksCanary() {
    return isOfCanary() && mode == Mode.VERIFY;
  }

  /** What else than a target is asked for. */
  public TargetRules.Asked asked() {
    return new TargetRules.Asked(
        tableName,
        direction,
        mode,
        guard,
        stamp.isPresent(),
        undo.isPresent(),
        keepBeforeImages.orElse(false),
        false);
  }

  private static void checkUnits(String name, Optional<Double> units) {
    if (units.isPresent() && !(units.get() > 0)) {
      throw new IllegalArgumentException(name + " must be above 0, not " + units.get());
    }
  }
}
