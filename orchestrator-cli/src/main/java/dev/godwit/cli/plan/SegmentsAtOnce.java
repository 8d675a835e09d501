package dev.godwit.cli.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many segments are worked on at once where nobody has said: no more than the budget keeps
 * busy. Workers that only wait for their shares are billed all the same. A plan and a run reckon by
 * this.
 *
 * @param number of segments
 * @param why for people, part of a sentence; empty when no budget speaks for fewer than the place
 *     takes
 */
public record SegmentsAtOnce(int number, Optional<String> why) {
  /**
   * As many as a run on AWS has without a budget, and what a new account's functions may be at
   * once: Lambda developer guide, "Lambda quotas"; read 2026-11-20.
   */
  public static final int MOST_ON_AWS = 1_000;

  /**
   * What one worker writes in a second, in units. It would do more ({@code docs/speed.md}), but the
   * items of a page lie in one partition, which takes 1,000: developer guide, "Best practices for
   * designing and using partition keys"; read 2026-11-26.
   */
  static final int WRITE_UNITS_A_WORKER = 1_000;

  /**
   * What it reads: pages of at most 1 MB, 128 units, some 130 ms each with what is done to them.
   */
  private static final int READ_UNITS_A_WORKER = 1_000;

  /** Segments begin and end, and at times several lie in one partition: {@code docs/speed.md}. */
  private static final int SPARE = 4;

  /**
   * The number for a budget.
   *
   * @param most as many as the place takes, without a budget
   */
  public static SegmentsAtOnce of(OptionalInt readUnits, OptionalInt writeUnits, int most) {
    int writing = busy(writeUnits, WRITE_UNITS_A_WORKER);
    int reading = busy(readUnits, READ_UNITS_A_WORKER);
    if (writing == 0 && reading == 0) {
      return new SegmentsAtOnce(most, Optional.empty());
    }
    int number = SPARE * Math.max(writing, reading);
    if (number >= most) {
      return new SegmentsAtOnce(most, Optional.empty());
    }
    return new SegmentsAtOnce(
        number,
        Optional.of(
            String.format(
                Locale.ROOT,
                "the budget of %s units a second keeps %,d busy, and more would only wait",
                writing >= reading
                    ? String.format(Locale.ROOT, "%,d write", writeUnits.getAsInt())
                    : String.format(Locale.ROOT, "%,d read", readUnits.getAsInt()),
                Math.max(writing, reading))));
  }

  /** How many workers a budget keeps busy; 0 for none. */
  private static int busy(OptionalInt units, int aWorker) {
    return units.isEmpty() ? 0 : (int) Math.ceil(Math.max(1, units.getAsInt()) / (double) aWorker);
  }
}
