package dev.godwit.worker.pace;

import java.time.Duration;

/**
 * A slice's deadline, sooner by a margin in which what is on its way is waited for: twice what the
 * slowest request so far has taken. Used for requests of one kind: slow reads are no reason to stop
 * quick writes early.
 */
public final class Margin implements Deadline {
  private final Deadline slice;
  private volatile Duration slowest = Duration.ZERO;

  /** A deadline without a margin, until the first request has been answered. */
  public Margin(Deadline slice) {
    this.slice = slice;
  }

  @Override
  public Duration left() {
    var left = slice.left().minus(slowest.multipliedBy(2));
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public Duration leftForAnswers() {
    return slice.leftForAnswers();
  }

  @Override
  public synchronized void requestTook(Duration duration) {
    if (duration.compareTo(slowest) > 0) {
      slowest = duration;
    }
  }
}
