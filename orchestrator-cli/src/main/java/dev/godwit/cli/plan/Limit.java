package dev.godwit.cli.plan;

import java.time.Duration;

/**
 * Something that a run goes no faster than.
 *
 * @param name what it is, for people, as in "the table's write capacity"
 * @param seconds that the run takes at least, because of it
 * @param why the arithmetic, for people
 * @param isKnown whether what it rests on was told; otherwise it was assumed, and {@code why} says
 *     so
 */
public record Limit(String name, double seconds, String why, boolean isKnown) {
  /** How long that is. */
  public Duration duration() {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
