package dev.godwit.run.ledger;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far throttling has slowed a run, for reading or for writing: beside its budget, which it does
 * not change. It grows back by itself: what stands here is the last step down, and how fast the run
 * may go since follows from how long ago that was.
 *
 * @param times how often that has happened; 0 for never
 * @param unitsPerSecond what the whole run was slowed to; absent when it has no budget: then each
 *     worker takes a third off what it does itself
 * @param by the limit that made it so, the last time; absent for never
 */
public record Slowdown(long times, OptionalDouble unitsPerSecond, Optional<Limit> by) {
  /** Of a run that was never slowed. */
  public static final Slowdown NONE = new Slowdown(0, OptionalDouble.empty(), Optional.empty());

  /** What is left of a rate after a step down. */
  public static final double STEP = 2 / 3.0;

  /** Of what it was slowed to, each second: back from one step after 15 seconds. */
  private static final double GROWTH_PER_SECOND = 1 / 30.0;

  /** Units per second, each second: back from next to nothing before long. */
  private static final double LEAST_GROWTH = 5;

  private static final double LEAST_UNITS = 1;
  private static final Duration HELD = Duration.ofMinutes(5);

  /**
   * A limit that all segments of a run meet. A partition's limit is none of these: it is met by the
   * segment that writes there.
   */
  public enum Limit {
    /** The table's provisioned capacity. */
    TABLE("table", Counter.TABLE_THROTTLES, Duration.ZERO),
    /** That of an index. */
    INDEX("index", Counter.INDEX_THROTTLES, Duration.ZERO),
    /** The account's quota for a table. */
    ACCOUNT("account", Counter.ACCOUNT_THROTTLES, Slowdown.HELD),
    /** The maximum that somebody has set for an on-demand table or index. */
    MAXIMUM("maximum", Counter.MAXIMUM_THROTTLES, Slowdown.HELD);

    private final String word;
    private final Counter counter;
    private final Duration held;

    Limit(String word, Counter counter, Duration held) {
      this.word = word;
      this.counter = counter;
      this.held = held;
    }

    /** As it stands in the ledger. */
    public String word() {
      return word;
    }

    /** How long nothing grows back: bursts and auto scaling do not move these limits. */
    public Duration held() {
      return held;
    }

    /** The limit that {@code throttles} speak of; absent for none, or when that is not known. */
    public static Optional<Limit> of(Tally throttles) {
      Optional<Limit> found = Optional.empty();
      for (Limit limit : values()) {
        if (throttles.count(limit.counter) > 0) {
          found = Optional.of(limit);
        }
      }
      return found;
    }

    /** The limit that is called {@code word} in the ledger; absent for one of a later version. */
    public static Optional<Limit> named(String word) {
      for (Limit limit : values()) {
        if (limit.word.equals(word)) {
          return Optional.of(limit);
        }
      }
      return Optional.empty();
    }
  }

  public Slowdown {
    if (times < 0) {
      throw new IllegalArgumentException("times must not be negative, but is " + times);
    }
  }

  /**
   * How fast a run may go.
   *
   * @param budget the run's, in units per second
   * @param since how long ago it was slowed
   * @return never more than {@code budget}
   */
  public double of(double budget, Duration since) {
    if (unitsPerSecond.isEmpty()) {
      return budget;
    }
    double slowed = unitsPerSecond.getAsDouble();
    double growing =
        Math.max(0, since.minus(by.map(Limit::held).orElse(Duration.ZERO)).toMillis() / 1000.0);
    return Math.min(budget, slowed + growing * Math.max(LEAST_GROWTH, slowed * GROWTH_PER_SECOND));
  }

  /**
   * A step further down.
   *
   * @param present how fast the run may go now, in units per second; absent without a budget
   */
  public Slowdown next(OptionalDouble present, Limit limit) {
    return new Slowdown(
        times + 1,
        present.isPresent()
            ? OptionalDouble.of(Math.max(LEAST_UNITS, present.getAsDouble() * STEP))
            : OptionalDouble.empty(),
        Optional.of(limit));
  }
}
