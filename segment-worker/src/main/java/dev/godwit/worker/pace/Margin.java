package dev.godwit.worker.pace;

import java.time.Duration;

/**
 * A slice's deadline, sooner by a margin in which what is on its way is waited for: twice what the
 * slowest request so far has taken. Used for requests of one kind: slow reads are no reason to stop
 * quick writes early.
 */
public final class Margin implements Deadline {
  private final Deadline slice;

  /** Asked for before each item: so it is multiplied once. */
  private volatile Duration margin = Duration.ZERO;

  /** A deadline without a margin, until the first request has been answered. */
  public Margin(Deadline slice) {
    this.slice = slice;
  }

  @Override
  public Duration left() {
    var left = slice.left().minus(margin);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public Duration leftForAnswers() {
    return slice.leftForAnswers();
  }

  @Override
  public synchronized void requestTook(Duration duration) {
    var twice = duration.multipliedBy(2);
    if (twice.compareTo(margin) > 0) {
      margin = twice;
    }
  }
}
