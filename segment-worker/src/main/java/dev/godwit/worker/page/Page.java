package dev.godwit.worker.page;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.util.List;
import java.util.Optional;

/**
 * Some consecutive items of a segment.
 *
 * @param items perhaps none, even when there is a next page: a filter may have left nothing
 * @param examined how many items were read for it, those included that a filter left out
 * @param next the cursor of the next page; absent after the last
 * @param readUnits capacity consumed by reading it
 * @param throttles how many times reading it was throttled, by what
 */
public record Page(
    List<Item> items, int examined, Optional<Item> next, double readUnits, Tally throttles) {
  public Page {
    items = List.copyOf(items);
  }

  /** What reading it has cost. */
  public Tally tally() {
    return throttles.plus(Counter.READ_UNITS, readUnits);
  }
}
