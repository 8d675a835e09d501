package dev.godwit.worker.pace;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Ends a slice when its seconds or the function's are used up, whichever comes first.
 *
 * <p>It is near once a page as slow as twice the slowest so far would not fit any more.
 */
public final class SliceDeadline implements Deadline {
  /** Kept free of the function's own time for writing the answer. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final LongSupplier nanoClock;
  private final LongSupplier functionMillisLeft;
  private final long end;
  private Duration slowest = Duration.ZERO;

  public SliceDeadline(Duration slice, LongSupplier nanoClock, LongSupplier functionMillisLeft) {
    this.nanoClock = nanoClock;
    this.functionMillisLeft = functionMillisLeft;
    this.end = nanoClock.getAsLong() + slice.toNanos();
  }

  @Override
  public boolean isNear() {
    return left().compareTo(slowest.multipliedBy(2)) <= 0;
  }

  @Override
  public boolean isPast() {
    return left().isNegative() || left().isZero();
  }

  @Override
  public void pageTook(Duration duration) {
    if (duration.compareTo(slowest) > 0) {
      slowest = duration;
    }
  }

  private Duration left() {
    var ofSlice = Duration.ofNanos(end - nanoClock.getAsLong());
    var ofFunction = Duration.ofMillis(functionMillisLeft.getAsLong()).minus(ANSWER);
    return ofSlice.compareTo(ofFunction) < 0 ? ofSlice : ofFunction;
  }
}
