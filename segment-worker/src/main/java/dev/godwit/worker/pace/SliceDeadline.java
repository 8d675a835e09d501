package dev.godwit.worker.pace;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Ends a slice when its seconds or the function's are used up, whichever comes first. */
public final class SliceDeadline implements Deadline {
  /** Kept free of the function's own time for writing the answer. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final LongSupplier nanoClock;
  private final LongSupplier functionMillisLeft;
  private final long end;

  /**
   * The deadline of a slice that begins now.
   *
   * @param slice how long it may take
   * @param functionMillisLeft how long the function may still take; from 0 on, the slice is to end
   */
  public SliceDeadline(Duration slice, LongSupplier nanoClock, LongSupplier functionMillisLeft) {
    this.nanoClock = nanoClock;
    this.functionMillisLeft = functionMillisLeft;
    this.end = nanoClock.getAsLong() + slice.toNanos();
  }

  @Override
  public Duration left() {
    var ofSlice = atLeastNone(Duration.ofNanos(end - nanoClock.getAsLong()));
    var ofFunction = leftForAnswers();
    return ofSlice.compareTo(ofFunction) < 0 ? ofSlice : ofFunction;
  }

  @Override
  public Duration leftForAnswers() {
    return atLeastNone(Duration.ofMillis(functionMillisLeft.getAsLong()).minus(ANSWER));
  }

  private static Duration atLeastNone(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
