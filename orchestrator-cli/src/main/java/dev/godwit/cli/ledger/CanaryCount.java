package dev.godwit.cli.ledger;

/**
 * What the segments of a run's canary have come to, each of them counted once.
 *
 * @param segments how many of them are migrated and looked at again
 * @param scanned items offered to the transform
 * @param written items changed, moved, deleted, or put into the target
 * @param failed items that failed
 * @param conflicts writes refused because someone else had written first
 * @param throttles throttled requests
 * @param growthBytes by how many bytes the items have grown
 * @param checked items offered to the transform again
 * @param again of these, how many it would change, or fail on, again
 */
public record CanaryCount(
    int segments,
    long scanned,
    long written,
    long failed,
    long conflicts,
    long throttles,
    long growthBytes,
    long checked,
    long again) {
  /** Of a canary of which no segment is done. */
  public static final CanaryCount NOTHING = new CanaryCount(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
