package dev.godwit.worker.page;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How many items the next page may have, learnt from the pages so far: so few that a page takes a
 * small part of its slice, and that reading it takes a small part of a second's budget. Without
 * either need there is no limit.
 *
 * <p>Used from one thread.
 */
public final class PageLimit {
  /**
   * A page should leave room for several others in its slice, so that the slice can end in time.
   */
  private static final int PAGES_PER_SLICE = 8;

  /** A page should cost so little that the budget of a second is used evenly. */
  private static final int PAGES_PER_SECOND = 4;

  /** What the first page is limited to under a budget, when nothing is known of the items yet. */
  private static final int FIRST = 10;

  private final Duration longest;
  private final OptionalDouble readUnitsPerSecond;
  private OptionalInt byTime = OptionalInt.empty();
  private OptionalInt byUnits;

  public PageLimit(Duration slice, OptionalDouble readUnitsPerSecond) {
    this.longest = slice.dividedBy(PAGES_PER_SLICE);
    this.readUnitsPerSecond = readUnitsPerSecond;
    this.byUnits = readUnitsPerSecond.isPresent() ? OptionalInt.of(FIRST) : OptionalInt.empty();
  }

  /** The limit for the next page. */
  public OptionalInt next() {
    if (byTime.isEmpty() || byUnits.isEmpty()) {
      return byTime.isPresent() ? byTime : byUnits;
    }
    return OptionalInt.of(Math.min(byTime.getAsInt(), byUnits.getAsInt()));
  }

  /**
   * Learns from a page that was read for {@code readUnits} and took {@code duration} to migrate.
   */
  public void learn(Page page, Duration duration) {
    int items = page.items().size();
    if (items == 0) {
      return;
    }
    if (duration.compareTo(longest) > 0 || byTime.isPresent()) {
      byTime = fitting(items * (double) longest.toNanos() / Math.max(1, duration.toNanos()));
    }
    if (readUnitsPerSecond.isPresent() && page.readUnits() > 0) {
      double units = readUnitsPerSecond.getAsDouble() / PAGES_PER_SECOND;
      byUnits = fitting(items * units / page.readUnits());
    }
  }

  private static OptionalInt fitting(double items) {
    return OptionalInt.of((int) Math.max(1, Math.min(items, 1_000_000)));
  }
}
