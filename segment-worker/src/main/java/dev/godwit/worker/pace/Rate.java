package dev.godwit.worker.pace;

import java.util.OptionalDouble;

/**
 * What a run's rate document says.
 *
 * @param readUnitsPerSecond the read budget of the whole run; absent for what the run was asked for
 * @param writeUnitsPerSecond the same for writing
 * @param paused whether slices are to end
 * @param revision how often it was changed
 * @param segmentsScanned how many segments are scanned, or fewer: never more
 * @param segmentsActed the same of segments whose deferred actions are done
 */
public record Rate(
    OptionalDouble readUnitsPerSecond,
    OptionalDouble writeUnitsPerSecond,
    boolean paused,
    long revision,
    long segmentsScanned,
    long segmentsActed) {
  /** Of a run that has no document: as it was asked for, and nothing is finished. */
  public static final Rate AS_ASKED =
      new Rate(OptionalDouble.empty(), OptionalDouble.empty(), false, 0, 0, 0);

  /**
   * The newer of this and {@code other}, whichever was read first: a read that is not consistent
   * may answer what was before.
   */
  Rate orNewer(Rate other) {
    var newer = other.revision >= revision ? other : this;
    return new Rate(
        newer.readUnitsPerSecond,
        newer.writeUnitsPerSecond,
        newer.paused,
        newer.revision,
        Math.max(segmentsScanned, other.segmentsScanned),
        Math.max(segmentsActed, other.segmentsActed));
  }
}
