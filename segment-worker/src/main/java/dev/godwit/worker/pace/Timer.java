package dev.godwit.worker.pace;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A monotonic clock, and waiting by it. */
public interface Timer {
  /** How long it may take until somebody who sleeps hears of a nearer deadline. */
  Duration STEP = Duration.ofMillis(250);

  Timer SYSTEM =
      new Timer() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) {
          long end = System.nanoTime() + duration.toNanos();
          boolean interrupted = false;
          for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            interrupted |= Thread.interrupted(); // or parking would return at once, again and again
            LockSupport.parkNanos(left);
          }
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
        }
      };

  /** Nanoseconds since some moment. */
  long nanos();

  /** Returns after {@code duration}, and not before when the thread is interrupted. */
  void sleep(Duration duration);

  /**
   * Sleeps, but not beyond {@code deadline}, which is asked from time to time: it may have come
   * nearer.
   *
   * @return whether all of {@code duration} is over
   */
  default boolean sleep(Duration duration, Deadline deadline) {
    long end = nanos() + duration.toNanos();
    for (long rest = duration.toNanos(); rest > 0; rest = end - nanos()) {
      long step = Math.min(Math.min(rest, STEP.toNanos()), deadline.left().toNanos());
      if (step <= 0) {
        return false;
      }
      sleep(Duration.ofNanos(step));
    }
    return true;
  }
}
