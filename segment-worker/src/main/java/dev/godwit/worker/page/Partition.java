package dev.godwit.worker.page;

import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Value;
import java.util.Optional;

/**
 * The items with one partition key, or some of them.
 *
 * @param key the partition key
 * @param where which of them, by their sort key; absent for all
 * @param isConsistent whether what was written just before is read for sure
 */
public record Partition(Value key, Optional<SortCondition> where, boolean isConsistent) {}
