package dev.godwit.infra.deployment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still unless a test moves it. */
final class SteppedClock extends Clock {
  private Instant now;

  SteppedClock(Instant now) {
    this.now = now;
  }

  /** Answers the time that it is then. */
  Instant pass(Duration time) {
    now = now.plus(time);
    return now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
