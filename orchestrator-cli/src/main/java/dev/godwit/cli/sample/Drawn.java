package dev.godwit.cli.sample;

/**
 * How many items were looked at, and of how many.
 *
 * @param items that were looked at
 * @param filled segments that these are of; those without items tell nothing of how items differ
 * @param collections partition keys that these have
 * @param squaredSegmentSizes the sum, over those segments, of the square of how many items of it
 *     were looked at
 * @param tableItems how many items the table holds; at least those that were looked at
 * @param isComplete whether these were all
 */
record Drawn(
    long items,
    int filled,
    long collections,
    double squaredSegmentSizes,
    long tableItems,
    boolean isComplete) {
  Drawn {
    tableItems = Math.max(tableItems, items);
  }

  /** Which part of the table's items was looked at; less than 1 unless all were. */
  double share() {
    return isComplete ? 1 : Math.min(0.999_999, (double) items / Math.max(1, tableItems));
  }
}
