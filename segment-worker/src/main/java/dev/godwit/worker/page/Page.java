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
 * @param counted what is counted of it beside its items, once, when it is used
 */
public record Page(
    List<Item> items,
    int examined,
    Optional<Item> next,
    double readUnits,
    Tally throttles,
    Tally counted) {
  public Page {
    items = List.copyOf(items);
  }

  /** A page of which nothing is counted but its items. */
  public Page(
      List<Item> items, int examined, Optional<Item> next, double readUnits, Tally throttles) {
    this(items, examined, next, readUnits, throttles, Tally.ZERO);
  }

  /** What reading it has cost, whether it is used or not. */
  public Tally cost() {
    return throttles.plus(Counter.READ_UNITS, readUnits);
  }

  /** What using it adds to the slice's tally beside its items: what it has cost, too. */
  public Tally tally() {
    return cost().plus(counted);
  }
}
