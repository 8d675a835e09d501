package dev.godwit.worker;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Since when DynamoDB has done nothing of what it was asked, and what it does instead. Thread-safe.
 */
public final class Unanswered {
  /** Anything shorter is a table's everyday life. */
  public static final Duration WORTH_TELLING = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private Optional<String> instead = Optional.empty();
  private long since;

  /** By the clock {@code nanoTime}, which is as {@link System#nanoTime}. */
  public Unanswered(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** As {@link PageListener#unanswered}. */
  public synchronized void failed(String instead) {
    if (this.instead.isEmpty()) {
      since = nanoTime.getAsLong();
    }
    this.instead = Optional.of(instead);
  }

  /** As {@link PageListener#answered}: it is over. */
  public synchronized void over() {
    instead = Optional.empty();
  }

  /** What to tell people, when it has lasted long enough; as in {@code … answers HTTP 503 …}. */
  public synchronized Optional<String> told() {
    var lasted = Duration.ofNanos(nanoTime.getAsLong() - since);
    return instead
        .filter(any -> lasted.compareTo(WORTH_TELLING) >= 0)
        .map(
            what ->
                String.format(Locale.ROOT, "DynamoDB %s, for %,d s now", what, lasted.toSeconds()));
  }
}
