package dev.godwit.cli.progress;

import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.Throttles;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.text.TerminalText;
import dev.godwit.worker.Unanswered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Adds up what a run reports. Thread-safe. */
public final class RunProgress implements RunObserver {
  /** Until so much of a run is done, its end is anybody's guess. */
  private static final int PERMILLE_BEFORE_GUESSING = 10;

  private static final Duration RECENT = Duration.ofMinutes(1);

  private final long estimatedItems;
  private final LongSupplier nanoTime;
  private final Tally.Sum sum = new Tally.Sum();
  private final Unanswered unanswered;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private String rate = "";
  private long startNanos;
  private boolean joining;
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
    samples.add(new Sample(startNanos, 0));
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
      samples.clear();
      samples.add(new Sample(startNanos, sum.total().count(Counter.SCANNED)));
      permilleBefore = permille(sum.total());
    }
  }

  @Override
  public synchronized void rateIs(WriteRate now) {
    rate = now.paused() ? " (paused)" : now.budget().isEmpty() ? "" : " (" + atMost(now) + ")";
  }

  private static String atMost(WriteRate now) {
    return now.slowedTo().isEmpty()
        ? String.format(Locale.ROOT, "at most %,d write units/s", now.budget().getAsInt())
        : String.format(
            Locale.ROOT,
            "%,d of %,d write units/s%s",
            now.slowedTo().getAsInt(),
            now.budget().getAsInt(),
            now.slowedBy().map(limit -> ": " + WriteRate.words(limit)).orElse(""));
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
            "%,d/%,d segments, %,d items/s%s, %,d writes, %,d conflicts, %,d failures%s%s%s",
            segments.succeeded() + segments.failed(),
            segments.total(),
            recently(tally.count(Counter.SCANNED)),
            rate,
            tally.count(Counter.UPDATED) + tally.count(Counter.DELETED) + tally.count(Counter.PUT),
            tally.count(Counter.CONFLICTS),
            tally.count(Counter.FAILED),
            throttled(tally),
            remaining(permille - permilleBefore, 1000 - permille, elapsed),
            trouble()));
  }

  /** Said when retries last: otherwise nobody could tell a run that waits from one that hangs. */
  private String trouble() {
    return unanswered.told().map(told -> "; " + TerminalText.of(told)).orElse("");
  }

  private static String throttled(Tally tally) {
    return Throttles.of(tally).map(by -> ", throttled " + by).orElse("");
  }

  /** Items a second of the last minute: what the run does now, not what it did on average. */
  private long recently(long scanned) {
    long now = nanoTime.getAsLong();
    samples.addLast(new Sample(now, scanned));
    while (samples.size() > 2 && now - samples.getFirst().nanos > RECENT.toNanos()) {
      samples.removeFirst();
    }
    var first = samples.getFirst();
    return perSecond(scanned - first.scanned, Duration.ofNanos(now - first.nanos));
  }

  private record Sample(long nanos, long scanned) {}

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
