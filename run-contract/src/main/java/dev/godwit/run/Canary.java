package dev.godwit.run;

/**
 * The segments that a run migrates before all others, and what may have happened there if it is to
 * go on: a gate behind which the others are.
 *
 * <p>They are spread evenly over the table: of N segments in all, segment s is one of them if
 * {@code (s × segments) mod N < segments}. So whoever asks again, as after a redrive, gets the same
 * ones.
 *
 * @param segments how many
 * @param waits whether the run waits at the gate until somebody resumes it
 * @param againPerHundred of a hundred items that were looked at again, how many may have to be
 *     changed again
 * @param conflictsPerHundred how many conflicts there may be for a hundred items
 * @param throttlesPerHundred how many throttled requests there may be for a hundred items
 * @param growthBytesPerItem by how many bytes an item may grow on average, those that are kept
 *     included
 */
public record Canary(
    int segments,
    boolean waits,
    int againPerHundred,
    int conflictsPerHundred,
    int throttlesPerHundred,
    int growthBytesPerItem) {
  /** So that one item of the ledger can hold which of them are done. */
  public static final int MOST_SEGMENTS = 1000;

  /** A transform that does not keep what it has written is not safe to repeat. */
  public static final int AGAIN_PER_HUNDRED = 0;

  /** Somebody else writes a twentieth of the items just then: by then look who. */
  public static final int CONFLICTS_PER_HUNDRED = 5;

  /** More, and the run takes capacity that the table's users need. */
  public static final int THROTTLES_PER_HUNDRED = 10;

  /** A write unit more for each item, for whoever writes it from then on. */
  public static final int GROWTH_BYTES_PER_ITEM = 1024;

  public Canary {
    RunRequest.checkRange("canary.segments", segments, 1, MOST_SEGMENTS);
    RunRequest.checkRange("canary.againPerHundred", againPerHundred, 0, 100);
    RunRequest.checkRange("canary.conflictsPerHundred", conflictsPerHundred, 0, Integer.MAX_VALUE);
    RunRequest.checkRange("canary.throttlesPerHundred", throttlesPerHundred, 0, Integer.MAX_VALUE);
    RunRequest.checkRange("canary.growthBytesPerItem", growthBytesPerItem, 0, Integer.MAX_VALUE);
  }

  /** One of {@code segments} with what is allowed unless somebody says otherwise. */
  public static Canary of(int segments) {
    return new Canary(
        segments,
        false,
        AGAIN_PER_HUNDRED,
        CONFLICTS_PER_HUNDRED,
        THROTTLES_PER_HUNDRED,
        GROWTH_BYTES_PER_ITEM);
  }

  /** The same, but the run waits at the gate. */
  public Canary thatWaits() {
    return new Canary(
        segments,
        true,
        againPerHundred,
        conflictsPerHundred,
        throttlesPerHundred,
        growthBytesPerItem);
  }

  /** Whether {@code segment} is one of them. */
  public boolean has(int segment, int totalSegments) {
    return (long) segment * segments % totalSegments < segments;
  }
}
