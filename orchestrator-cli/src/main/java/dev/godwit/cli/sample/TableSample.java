package dev.godwit.cli.sample;

import java.util.List;
import java.util.Map;

/**
 * What a run would do to a whole table, as some of its items tell. Numbers are of the whole table,
 * but where they are of the items that were read.
 *
 * @param items how many were read, those included that the filter leaves out
 * @param tableItems how many the table is taken to hold
 * @param segments how many parts of it were read
 * @param totalSegments of so many
 * @param cutShort of how many of these only the first items were read
 * @param isComplete whether all items were read
 * @param readUnits what reading them has cost
 * @param outcomes how many items would change, move and so on
 * @param errors of the items read that would fail or be refused, how many with which error
 * @param writeUnits for the items themselves; those of moves count twice, as in a transaction
 * @param moveUnits those of them that are for moves
 * @param unitsWithIndexes these and those of all indexes
 * @param indexes what becomes of each index
 * @param actionUnits for what is done to other items, as far as the actions tell
 * @param stepsCrossed how many items would begin another KB, and so cost more from then on
 * @param growthBytes by how much the stored items would grow
 * @param imageBytes what before-images would take, gzipped
 * @param images how many there would be
 * @param sizes of the items read
 * @param spread how evenly the items read are spread over the segments
 * @param expired of the items offered, how many are past their time to live
 * @param microsAnItem how long the transform and what plans its writes took for an item, here
 */
public record TableSample(
    long items,
    long tableItems,
    int segments,
    int totalSegments,
    int cutShort,
    boolean isComplete,
    double readUnits,
    Map<Outcome, Interval> outcomes,
    Map<String, Long> errors,
    Interval writeUnits,
    Interval moveUnits,
    Interval unitsWithIndexes,
    List<IndexEffects> indexes,
    Interval actionUnits,
    Interval stepsCrossed,
    Interval growthBytes,
    Interval imageBytes,
    Interval images,
    Sizes sizes,
    Spread spread,
    Interval expired,
    double microsAnItem) {
  public TableSample {
    outcomes = Map.copyOf(outcomes);
    errors = Map.copyOf(errors);
    indexes = List.copyOf(indexes);
  }

  /** How many items would be written. */
  public Interval written() {
    return outcome(Outcome.CHANGED).plus(outcome(Outcome.MOVED)).plus(outcome(Outcome.DELETED));
  }

  /** How many items would come to {@code outcome}. */
  public Interval outcome(Outcome outcome) {
    return outcomes.getOrDefault(outcome, Interval.ZERO);
  }

  /**
   * What becomes of an index.
   *
   * @param units of writes that this takes
   */
  public record IndexEffects(
      String name,
      boolean isGlobal,
      Interval added,
      Interval moved,
      Interval removed,
      Interval rewritten,
      Interval units) {}

  /**
   * Sizes in bytes, as DynamoDB counts them, of the items read.
   *
   * @param before the mean of those offered
   * @param after the mean of the same, of those that would still be there
   * @param largestBefore of all
   * @param largestAfter of all
   */
  public record Sizes(double before, double after, long largestBefore, long largestAfter) {}

  /**
   * How items are spread.
   *
   * @param itemsASegment the mean of the segments read
   * @param largestSegment the most that one of them has, as far as it was read
   * @param largestCollection the most items that were read of one partition key
   */
  public record Spread(double itemsASegment, long largestSegment, long largestCollection) {}
}
