package dev.godwit.worker.pace;

import dev.godwit.run.ledger.Slowdown;
import java.util.OptionalDouble;

/**
 * What a run's rate document says.
 *
 * @param asked what somebody has set
 * @param segmentsScanned how many segments are scanned, or fewer: never more
 * @param segmentsActed the same of segments whose deferred actions are done
 * @param reads how far throttling has slowed its reads
 * @param writes the same of its writes
 */
public record Rate(
    Asked asked, long segmentsScanned, long segmentsActed, Slowdown reads, Slowdown writes) {
  /** Of a run that has no document: as it was asked for, and nothing is finished. */
  public static final Rate AS_ASKED =
      new Rate(
          new Asked(OptionalDouble.empty(), OptionalDouble.empty(), 0, false, 0),
          0,
          0,
          Slowdown.NONE,
          Slowdown.NONE);

  /**
   * What somebody has set.
   *
   * @param readUnitsPerSecond the read budget of the whole run; absent for what the run was asked
   *     for
   * @param writeUnitsPerSecond the same for writing
   * @param atOnce the most segments that were ever to be at work at once; 0 for what the run was
   *     asked for
   * @param paused whether slices are to end
   * @param revision how often it was changed
   */
  public record Asked(
      OptionalDouble readUnitsPerSecond,
      OptionalDouble writeUnitsPerSecond,
      int atOnce,
      boolean paused,
      long revision) {}

  Slowdown slowdown(Use use) {
    return use == Use.READS ? reads : writes;
  }

  /** The same with another slowdown. */
  Rate slowed(Use use, Slowdown slowdown) {
    return new Rate(
        asked,
        segmentsScanned,
        segmentsActed,
        use == Use.READS ? slowdown : reads,
        use == Use.WRITES ? slowdown : writes);
  }

  /**
   * The newer of this and {@code other}, whichever was read first: a read that is not consistent
   * may answer what was before.
   */
  Rate orNewer(Rate other) {
    return new Rate(
        other.asked.revision >= asked.revision ? other.asked : asked,
        Math.max(segmentsScanned, other.segmentsScanned),
        Math.max(segmentsActed, other.segmentsActed),
        newer(reads, other.reads),
        newer(writes, other.writes));
  }

  private static Slowdown newer(Slowdown one, Slowdown other) {
    return other.times() >= one.times() ? other : one;
  }
}
