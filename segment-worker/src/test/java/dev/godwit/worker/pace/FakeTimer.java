package dev.godwit.worker.pace;

import java.time.Duration;

/** A clock that moves only when somebody sleeps, or when told to. */
public final class FakeTimer implements Timer {
  private long now;

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized void sleep(Duration duration) {
    now += duration.toNanos();
  }
}
