package dev.godwit.worker.write;

import dev.godwit.migration.Target;
import java.util.List;

/**
 * The table that a run puts its items into, as it was described when the slice began.
 *
 * @param target which table, and the rule for what is there
 * @param keys its key attributes, partition key first
 * @param limits what it takes as an item
 * @param writer of {@link PlannedWrite.Copy}s to it, as the run's rule for what is there says; a
 *     put that the rule keeps from being made is a conflict, with the item that is there
 */
public record TargetTable(
    Target target, List<String> keys, ItemLimits limits, ChangeWriter writer) {
  public TargetTable {
    keys = List.copyOf(keys);
  }
}
