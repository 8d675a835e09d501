package dev.godwit.run;

import dev.godwit.migration.Target;

/** What does not go together with a target, whoever has named it: the run or its migration. */
public final class TargetRules {
  private TargetRules() {}

  /**
   * What else a run is asked to do.
   *
   * @param tableName the table that it reads
   * @param stamp whether it marks items as done
   * @param undo whether it takes back another run's writes
   * @param prewarm whether it raises the table's capacity first
   */
  public record Asked(
      String tableName,
      Direction direction,
      Mode mode,
      Guard guard,
      boolean stamp,
      boolean undo,
      boolean keepBeforeImages,
      boolean prewarm) {
    /** The same of a run that does not read its table: then that may be the target. */
    public Asked withoutReading() {
      return new Asked("", direction, mode, guard, stamp, undo, keepBeforeImages, prewarm);
    }
  }

  /**
   * Refuses {@code target} for a run that is asked to do {@code asked}.
   *
   * @throws IllegalArgumentException when they do not go together; the message says what to do
   */
  public static void check(Target target, Asked asked) {
    require(
        !target.tableName().equals(asked.tableName),
        "target must be another table than the one that is read, %s; to change items where they are,"
            + " name none",
        asked.tableName);
    require(
        asked.direction == Direction.UP && !asked.undo,
        "There is no way down from a target: to take back what was put into %s, delete that table",
        target.tableName());
    require(
        asked.guard instanceof Guard.ReadSet && !asked.stamp,
        "A run with the target %s goes without a stamp and with guard read-set: it writes nothing to"
            + " the table that it reads, and put says what becomes of items that are there",
        target.tableName());
    require(
        !asked.keepBeforeImages,
        "A run with the target %s keeps no before-images: it changes nothing that it reads, so there"
            + " is nothing to put back",
        target.tableName());
    require(
        !asked.prewarm,
        "A run with the target %s goes without prewarm, which raises the table that is read: raise"
            + " the target's write capacity beforehand",
        target.tableName());
  }

  private static void require(boolean holds, String rule, String table) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(rule, table));
    }
  }
}
