package dev.godwit.worker.pace;

import java.time.Duration;

/** When a slice has to end. Used by one slice, from one thread. */
public interface Deadline {
  /** Whether another page as slow as the slowest so far might not be finished in time. */
  boolean isNear();

  /** Whether the page at hand should be cut short: the slice's time is already over. */
  boolean isPast();

  /** Learns from a finished page. */
  void pageTook(Duration duration);
}
