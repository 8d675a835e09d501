package dev.godwit.worker.pace;

import java.time.Duration;

/**
 * When a slice has to end. Everything that may take long asks it before it begins, and nothing
 * waits beyond it. Thread-safe.
 */
public interface Deadline {
  /** As long as a {@link Duration} can be counted in nanoseconds. */
  Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  /** One that never comes. */
  Deadline NEVER = () -> FOREVER;

  /** How much time is left; zero, never less, when there is none. */
  Duration left();

  /**
   * How long an answer that is on its way may still be waited for: the process may be stopped soon
   * after. Zero, never less, when it should have been here.
   */
  default Duration leftForAnswers() {
    return FOREVER;
  }

  /** Learns how long one request has taken, from being sent to its answer. */
  default void requestTook(Duration duration) {}

  default boolean isPast() {
    return left().isZero();
  }

  /** One that comes as soon as half of the time that is left now is over. */
  default Deadline halfway() {
    return within(left().dividedBy(2));
  }

  /** One that comes as soon as {@code most} of the time that is left now is over, or with this. */
  default Deadline within(Duration most) {
    var whole = this;
    var kept = left().minus(most);
    return new Deadline() {
      @Override
      public Duration left() {
        var left = whole.left();
        var more = kept.isNegative() ? left : left.minus(kept);
        return more.isNegative() ? Duration.ZERO : more;
      }

      @Override
      public Duration leftForAnswers() {
        return whole.leftForAnswers();
      }

      @Override
      public void requestTook(Duration duration) {
        whole.requestTook(duration);
      }
    };
  }
}
