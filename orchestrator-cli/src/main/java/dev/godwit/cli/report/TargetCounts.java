package dev.godwit.cli.report;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;

/** What the counters of a verification with a target mean together. */
final class TargetCounts {
  private TargetCounts() {}

  /**
   * How many items of the target come from no item that was read. Each that was read explains one:
   * where two that are equal come to one key, one less seems unexplained for it.
   */
  static long unexplained(Tally tally) {
    return Math.max(
        0,
        tally.count(Counter.IN_TARGET)
            - tally.count(Counter.THERE_ALREADY)
            - tally.count(Counter.DIFFERENT));
  }
}
