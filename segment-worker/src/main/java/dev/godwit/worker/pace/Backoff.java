package dev.godwit.worker.pace;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits before something is tried again: exponentially longer with full jitter, that is anything
 * from nothing to the ceiling of the try, so that thousands of workers do not come back together.
 */
public final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final RandomGenerator random;
  private final Timer timer;

  /**
   * A backoff that draws from {@code random}, which must not have been seeded before a snapshot.
   */
  public Backoff(RandomGenerator random, Timer timer) {
    this.random = random;
    this.timer = timer;
  }

  /**
   * Waits after {@code tries} tries that came to nothing.
   *
   * @return whether there is time for another; if not, it has waited until {@code deadline}
   */
  public boolean pauseAfter(int tries, Deadline deadline) {
    long ceiling = Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(tries, 20));
    return timer.sleep(Duration.ofNanos(random.nextLong(ceiling + 1)), deadline)
        && !deadline.isPast();
  }
}
