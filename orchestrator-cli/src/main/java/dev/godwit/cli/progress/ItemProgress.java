package dev.godwit.cli.progress;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Counts items towards a number that is known. Thread-safe. */
public final class ItemProgress implements ProgressSource {
  private final long total;
  private final long startNanos = System.nanoTime();
  private final LongAdder done = new LongAdder();

  public ItemProgress(long total) {
    this.total = total;
  }

  public void add(long items) {
    done.add(items);
  }

  @Override
  public Reading reading() {
    long items = done.sum();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return new Reading(
        total == 0 ? 1000 : (int) (1000 * items / total),
        String.format(
            Locale.ROOT, "%,d/%,d items, %,d items/s", items, total, Math.round(items / seconds)));
  }
}
