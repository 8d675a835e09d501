package dev.godwit.worker.pace;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A monotonic clock, and waiting by it. */
public interface Timer {
  Timer SYSTEM =
      new Timer() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) {
          long end = System.nanoTime() + duration.toNanos();
          for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
        }
      };

  /** Nanoseconds since some moment. */
  long nanos();

  /** Returns after {@code duration}. */
  void sleep(Duration duration);
}
