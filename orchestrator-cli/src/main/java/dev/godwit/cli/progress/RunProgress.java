package dev.godwit.cli.progress;

import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.text.TerminalText;
import dev.godwit.worker.Unanswered;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Adds up what a run reports. Thread-safe. */
public final class RunProgress implements RunObserver {
  /** Until so much of a run is done, its end is anybody's guess. */
  private static final int PERMILLE_BEFORE_GUESSING = 10;

  private final long estimatedItems;
  private final LongSupplier nanoTime;
  private final Tally.Sum sum = new Tally.Sum();
  private final Unanswered unanswered;
  private long startNanos;
  private boolean joining;
  private long scannedBefore;
  private int permilleBefore;
  private SegmentCounts segments;

  /**
   * Begins now.
   *
   * @param estimatedItems how many items the table is thought to hold; 0 when nobody knows
   * @param nanoTime as {@link System#nanoTime}
   */
  public RunProgress(int totalSegments, long estimatedItems, LongSupplier nanoTime) {
    this.segments = new SegmentCounts(totalSegments, 0, 0);
    this.estimatedItems = estimatedItems;
    this.nanoTime = nanoTime;
    this.unanswered = new Unanswered(nanoTime);
    this.startNanos = nanoTime.getAsLong();
  }

  /**
   * For a run that has been going on before it was looked at: what is reported first was done
   * before, and says nothing about its speed.
   */
  public static RunProgress joining(int totalSegments, long estimatedItems, LongSupplier nanoTime) {
    var progress = new RunProgress(totalSegments, estimatedItems, nanoTime);
    progress.joining = true;
    return progress;
  }

  @Override
  public synchronized void pageDone(Tally page) {
    sum.add(page);
  }

  @Override
  public synchronized void segmentsAre(SegmentCounts counts) {
    segments = counts;
    if (joining) {
      joining = false;
      startNanos = nanoTime.getAsLong();
      scannedBefore = sum.total().count(Counter.SCANNED);
      permilleBefore = permille(sum.total());
    }
  }

  @Override
  public void tableFails(String instead) {
    unanswered.failed(instead);
  }

  @Override
  public void tableAnswers() {
    unanswered.over();
  }

  /** How far the run is now. */
  public synchronized Reading reading() {
    var tally = sum.total();
    var elapsed = Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    int permille = permille(tally);
    return new Reading(
        permille,
        String.format(
            Locale.ROOT,
            "%,d/%,d segments, %,d items/s, %,d writes, %,d conflicts, %,d failures%s%s",
            segments.succeeded() + segments.failed(),
            segments.total(),
            perSecond(tally.count(Counter.SCANNED) - scannedBefore, elapsed),
            tally.count(Counter.UPDATED) + tally.count(Counter.DELETED),
            tally.count(Counter.CONFLICTS),
            tally.count(Counter.FAILED),
            remaining(permille - permilleBefore, 1000 - permille, elapsed),
            trouble()));
  }

  /** Said when retries last: otherwise nobody could tell a run that waits from one that hangs. */
  private String trouble() {
    return unanswered.told().map(told -> "; " + TerminalText.of(told)).orElse("");
  }

  /** By items where their number is known and holds, else by segments; whole only at the end. */
  private int permille(Tally tally) {
    int ended = segments.succeeded() + segments.failed();
    if (ended >= segments.total()) {
      return 1000;
    }
    long scanned = tally.count(Counter.SCANNED);
    long done = estimatedItems > 0 && scanned <= estimatedItems ? scanned : ended;
    long all = estimatedItems > 0 && scanned <= estimatedItems ? estimatedItems : segments.total();
    return (int) Math.min(999, 1000 * done / all);
  }

  private static long perSecond(long items, Duration elapsed) {
    return elapsed.isZero() ? 0 : Math.round(items / (elapsed.toNanos() / 1e9));
  }

  private static String remaining(int done, int left, Duration elapsed) {
    if (done < PERMILLE_BEFORE_GUESSING || left <= 0) {
      return "";
    }
    long seconds = elapsed.toMillis() * left / done / 1000;
    return ", ETA "
        + (seconds >= 3600
            ? String.format(
                Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
            : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60));
  }
}
