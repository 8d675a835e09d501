package dev.godwit.worker.slice;

import dev.godwit.worker.pace.Deadline;
import java.time.Duration;

/** A deadline that comes after it has been asked so many times, wherever the slice is then. */
final class CountedDeadline implements Deadline {
  private static final Duration PLENTY = Duration.ofDays(1);

  private int questionsLeft;

  CountedDeadline(int questions) {
    this.questionsLeft = questions;
  }

  @Override
  public synchronized Duration left() {
    return questionsLeft-- > 0 ? PLENTY : Duration.ZERO;
  }
}
