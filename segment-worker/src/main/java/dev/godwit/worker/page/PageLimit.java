package dev.godwit.worker.page;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * How many items the next page may have: so few that two pages and what becomes of them fit a small
 * memory, that a page takes a small part of its slice, and that reading it takes a small part of a
 * second's budget. The last two are learnt from the pages so far.
 *
 * <p>Used from one thread.
 */
public final class PageLimit {
  /**
   * A page of 1 MB may have 15,000 items of 70 bytes, and an item in memory is many times as large.
   * With so many the reads are still one in 41 of the requests.
   */
  static final int MOST = 1_000;

  /**
   * A page should leave room for several others in its slice, so that the slice can end in time.
   */
  private static final int PAGES_PER_SLICE = 8;

  /** A page should cost so little that the budget of a second is used evenly. */
  private static final int PAGES_PER_SECOND = 4;

  /** What the first page is limited to under a budget, when nothing is known of the items yet. */
  private static final int FIRST = 10;

  private final Duration longest;
  private final Supplier<OptionalDouble> readUnitsPerSecond;
  private int byTime;
  private int byUnits;

  /**
   * The limit for the pages of one slice.
   *
   * @param slice how long the slice may take
   * @param readUnitsPerSecond this worker's budget for reading, as it is when asked; absent for
   *     none
   * @param writeUnitsPerSecond its budget for writing, which may make a page take long; absent for
   *     none
   */
  public PageLimit(
      Duration slice,
      Supplier<OptionalDouble> readUnitsPerSecond,
      OptionalDouble writeUnitsPerSecond) {
    this.longest = slice.dividedBy(PAGES_PER_SLICE);
    this.readUnitsPerSecond = readUnitsPerSecond;
    this.byTime = writeUnitsPerSecond.isPresent() ? FIRST : MOST;
    this.byUnits = readUnitsPerSecond.get().isPresent() ? FIRST : MOST;
  }

  /** The limit for the next page. */
  public OptionalInt next() {
    return OptionalInt.of(Math.min(byTime, byUnits));
  }

  /** How long the transform may take with the next page, so that others have their time too. */
  public Duration longest() {
    return longest;
  }

  /**
   * Learns from a page.
   *
   * @param handled how many of its items were migrated
   * @param duration how long that took, reading included
   */
  public void learn(Page page, int handled, Duration duration) {
    if (page.examined() == 0) {
      return;
    }
    int items = handled < page.items().size() ? handled : page.examined();
    byTime = fitting(items * (double) longest.toNanos() / Math.max(1, duration.toNanos()));
    var budget = readUnitsPerSecond.get();
    if (budget.isPresent() && page.readUnits() > 0) {
      double units = budget.getAsDouble() / PAGES_PER_SECOND;
      byUnits = fitting(page.examined() * units / page.readUnits());
    }
  }

  private static int fitting(double items) {
    return (int) Math.max(1, Math.min(items, MOST));
  }
}
