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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** Adds up what a run reports. Thread-safe. */
public final class RunProgress implements RunObserver, ProgressSource {
  /** Until so much of a run is done, its end is anybody's guess. */
  private static final int PERMILLE_BEFORE_GUESSING = 10;

  private static final Duration RECENT = Duration.ofMinutes(1);

  private final long estimatedItems;
  private final LongSupplier nanoTime;
  private final Tally.Sum sum = new Tally.Sum();
  private final Unanswered unanswered;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private WriteRate rate = WriteRate.of(OptionalInt.empty(), false);
  private long startNanos;
  private boolean joining;
  private int permilleBefore;
  private SegmentCounts segments;
  private int canary;

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

  /** Tells from now on of the run's canary, of so many segments. */
  public synchronized void beginsWith(int segmentsOfCanary) {
    canary = segmentsOfCanary;
  }

  /** How far the canary is; empty when the run is behind it, or has none. */
  private String beforeTheGate() {
    boolean isBehind =
        segments.ended() > canary || (segments.ended() == canary && segments.running() > 0);
    if (canary == 0 || isBehind) {
      return "";
    }
    return segments.ended() < canary
        ? String.format(Locale.ROOT, " (first a canary of %,d)", canary)
        : String.format(Locale.ROOT, " (at the gate behind the canary of %,d)", canary);
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
    rate = now;
  }

  @Override
  public void tableFails(String instead) {
    unanswered.failed(instead);
  }

  @Override
  public void tableAnswers() {
    unanswered.over();
  }

  @Override
  public synchronized Reading reading() {
    var now = figures();
    return new Reading(
        permille(now.tally),
        String.format(
            Locale.ROOT,
            "%,d/%,d segments%s, %,d items/s%s, %,d writes, %,d conflicts, %,d failures%s%s%s",
            segments.ended(),
            segments.total(),
            beforeTheGate(),
            now.itemsPerSecond,
            atMost().map(most -> " (" + most + ")").orElse(""),
            writes(now.tally),
            now.tally.count(Counter.CONFLICTS),
            now.tally.count(Counter.FAILED),
            Throttles.of(now.tally).map(by -> ", throttled " + by).orElse(""),
            now.forecast.map(end -> ", ETA " + end.clock()).orElse(""),
            trouble().map(told -> "; " + told).orElse("")));
  }

  @Override
  public synchronized List<String> picture(String task, int columns) {
    var now = figures();
    var lines = new ArrayList<String>();
    lines.add(Strip.of(task + " ", segments, columns) + " " + permille(now.tally) / 10 + " %");
    lines.add(
        String.format(
            Locale.ROOT,
            "  %,d segments%s: %,d done, %,d failed, %,d running, %,d waiting",
            segments.total(),
            beforeTheGate(),
            segments.succeeded(),
            segments.failed(),
            segments.running(),
            segments.waiting()));
    lines.add(
        String.format(
            Locale.ROOT,
            "  %,d items/s%s",
            now.itemsPerSecond,
            atMost().map(most -> ", " + most).orElse("")));
    lines.add(
        String.format(
            Locale.ROOT,
            "  %,d items, %,d writes, %,d conflicts, %,d failures",
            now.tally.count(Counter.SCANNED),
            writes(now.tally),
            now.tally.count(Counter.CONFLICTS),
            now.tally.count(Counter.FAILED)));
    Throttles.of(now.tally).ifPresent(by -> lines.add("  throttled " + by));
    trouble().ifPresent(told -> lines.add("  " + told));
    now.forecast.ifPresent(end -> lines.add("  ETA " + end.clock() + ", " + end.basis().text()));
    return lines;
  }

  /** Items a second of the last minute. */
  public synchronized long itemsPerSecond() {
    return figures().itemsPerSecond;
  }

  /** When it may be over; empty when nobody can know. */
  public synchronized Optional<Forecast> forecast() {
    return figures().forecast;
  }

  private record Figures(Tally tally, long itemsPerSecond, Optional<Forecast> forecast) {}

  private Figures figures() {
    var tally = sum.total();
    double speed = recently(tally.count(Counter.SCANNED));
    return new Figures(tally, Math.round(speed), forecast(tally, speed));
  }

  private static long writes(Tally tally) {
    return tally.count(Counter.UPDATED) + tally.count(Counter.DELETED) + tally.count(Counter.PUT);
  }

  /** What keeps it from being faster. */
  private Optional<String> atMost() {
    if (rate.paused()) {
      return Optional.of("paused");
    }
    if (rate.budget().isEmpty()) {
      return Optional.empty();
    }
    int budget = rate.budget().getAsInt();
    return Optional.of(
        rate.slowedTo().isEmpty()
            ? String.format(Locale.ROOT, "at most %,d write units/s", budget)
            : String.format(
                Locale.ROOT,
                "%,d of %,d write units/s%s",
                rate.slowedTo().getAsInt(),
                budget,
                rate.slowedBy().map(limit -> ": " + WriteRate.words(limit)).orElse("")));
  }

  /** Said when retries last: otherwise nobody could tell a run that waits from one that hangs. */
  private Optional<String> trouble() {
    return unanswered.told().map(TerminalText::of);
  }

  /** Items a second of the last minute: what the run does now, not what it did on average. */
  private double recently(long scanned) {
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
    if (segments.ended() >= segments.total()) {
      return 1000;
    }
    long scanned = tally.count(Counter.SCANNED);
    long done = isByItems(scanned) ? scanned : segments.ended();
    long all = isByItems(scanned) ? estimatedItems : segments.total();
    return (int) Math.min(999, 1000 * done / all);
  }

  private boolean isByItems(long scanned) {
    return estimatedItems > 0 && scanned <= estimatedItems;
  }

  private static double perSecond(long items, Duration elapsed) {
    return elapsed.isZero() ? 0 : items / (elapsed.toNanos() / 1e9);
  }

  private Optional<Forecast> forecast(Tally tally, double speed) {
    long scanned = tally.count(Counter.SCANNED);
    int permille = permille(tally);
    int done = permille - permilleBefore;
    if (rate.paused() || permille >= 1000 || done < PERMILLE_BEFORE_GUESSING) {
      return Optional.empty();
    }
    if (isByItems(scanned)) {
      return speed > 0
          ? forecast((estimatedItems - scanned) / speed, Forecast.Basis.ITEMS)
          : Optional.empty();
    }
    var elapsed = Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    return forecast(elapsed.toMillis() / 1e3 * (1000 - permille) / done, Forecast.Basis.SEGMENTS);
  }

  private static Optional<Forecast> forecast(double seconds, Forecast.Basis basis) {
    return Optional.of(new Forecast(Duration.ofMillis((long) (1000 * seconds)), basis));
  }
}
