package dev.godwit.cli.run;

/**
 * How a run's segments stand.
 *
 * @param total all of them
 * @param succeeded scanned to their end
 * @param failed given up
 * @param running being worked on, or waiting between two slices
 */
public record SegmentCounts(int total, int succeeded, int failed, int running) {
  /** Of a run of whose segments none is being worked on, or nobody knows. */
  public SegmentCounts(int total, int succeeded, int failed) {
    this(total, succeeded, failed, 0);
  }

  /** How many have ended. */
  public int ended() {
    return succeeded + failed;
  }

  /** How many have not begun. */
  public int waiting() {
    return Math.max(0, total - ended() - running);
  }
}
