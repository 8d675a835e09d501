package dev.godwit.worker.pace;

import dev.godwit.run.Tally;
import dev.godwit.run.ledger.Slowdown;
import dev.godwit.run.slice.Sharing;
import dev.godwit.run.slice.SliceRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The pacers of a run's shares, handed on from one slice to the next: what a slice consumed in its
 * last second counts in the first of the next, and nothing has to be waited out between them. And
 * what the run's rate document says, which all of them go by.
 *
 * <p>There are never more pacers of a share than slices that had it at once. Only the last run's
 * are kept, and none without a budget that may come. Thread-safe; made in init it is empty, so that
 * the copies of a snapshot share nothing.
 */
@Singleton
public final class Pacers {
  private final RateSource source;
  private final Timer timer;
  private final Map<Purpose, Deque<Pacer>> idle = new HashMap<>();
  private Optional<RunRate> last = Optional.empty();

  @Inject
  public Pacers(RateSource source, Timer timer) {
    this.source = source;
    this.timer = timer;
  }

  /** Shares that do not move are told apart by their size. */
  private record Purpose(String runId, Use use, double fixedUnitsPerSecond) {}

  /** A pacer of one slice, until it is closed. */
  public final class Lent implements AutoCloseable {
    private final Purpose purpose;
    private final Pacer pacer;

    private Lent(Purpose purpose, Pacer pacer) {
      this.purpose = purpose;
      this.pacer = pacer;
    }

    public Pacer pacer() {
      return pacer;
    }

    @Override
    public void close() {
      giveBack(purpose, pacer);
    }
  }

  /** A pacer of {@code slice} that no other slice has. */
  public Lent lend(SliceRequest slice, Use use) {
    var share = share(slice, use);
    var purpose =
        new Purpose(
            slice.runId(),
            use,
            slice.sharing().isPresent()
                ? 0
                : share.unitsPerSecond().orElse(Double.POSITIVE_INFINITY));
    var kept = kept(purpose);
    kept.ifPresent(pacer -> pacer.handTo(share));
    return new Lent(purpose, kept.orElseGet(() -> new Pacer(share, timer)));
  }

  /** Whether the run of {@code slice} is paused, as was known a few seconds ago. */
  public boolean isPaused(SliceRequest slice) {
    return slice
        .sharing()
        .map(sharing -> rate(slice.runId()).now(sharing).asked().paused())
        .orElse(false);
  }

  private Share share(SliceRequest slice, Use use) {
    var asked = limit(use == Use.READS ? slice.readUnitsPerSecond() : slice.writeUnitsPerSecond());
    if (slice.sharing().isEmpty()) {
      return () -> asked;
    }
    return new Moving(
        slice.sharing().get(), rate(slice.runId()), use, asked, slice.deferred().isEmpty());
  }

  /**
   * A share of a run that has a rate document.
   *
   * @param asked the share that it had when all were at work, as the run was asked for
   * @param scans whether its slice scans; else it carries out deferred actions
   */
  private record Moving(Sharing sharing, RunRate rate, Use use, OptionalDouble asked, boolean scans)
      implements Share {
    @Override
    public OptionalDouble unitsPerSecond() {
      var now = rate.now(sharing);
      var budget = budget(now.asked());
      if (budget.isEmpty()) {
        return budget;
      }
      long finished = scans ? now.segmentsScanned() : now.segmentsActed();
      int going =
          rate.isKnown()
              ? sharing.stillGoing(finished, now.asked().atOnce())
              : sharing.notFinished(finished);
      return OptionalDouble.of(rate.slowed(use, budget.getAsDouble()) / going);
    }

    /** Of the whole run. */
    private OptionalDouble budget(Rate.Asked now) {
      var told = use == Use.READS ? now.readUnitsPerSecond() : now.writeUnitsPerSecond();
      return told.isPresent() || asked.isEmpty()
          ? told
          : OptionalDouble.of(asked.getAsDouble() * sharing.atOnce());
    }

    @Override
    public long slowdowns() {
      return rate.slowdowns(use);
    }

    @Override
    public void throttled(Tally throttles) {
      Slowdown.Limit.of(throttles)
          .ifPresent(limit -> rate.throttled(sharing, use, budget(rate.known().asked()), limit));
    }
  }

  private static OptionalDouble limit(Optional<Double> units) {
    return units.isPresent() ? OptionalDouble.of(units.get()) : OptionalDouble.empty();
  }

  private synchronized RunRate rate(String runId) {
    var kept = last.filter(rate -> rate.runId().equals(runId));
    if (kept.isEmpty()) {
      last = Optional.of(new RunRate(source, timer, runId));
      return last.get();
    }
    return kept.get();
  }

  private synchronized Optional<Pacer> kept(Purpose purpose) {
    idle.keySet().removeIf(other -> !other.runId.equals(purpose.runId));
    return Optional.ofNullable(idle.getOrDefault(purpose, new ArrayDeque<>()).poll());
  }

  private synchronized void giveBack(Purpose purpose, Pacer pacer) {
    pacer.rest();
    if (!Double.isInfinite(purpose.fixedUnitsPerSecond)) {
      idle.computeIfAbsent(purpose, any -> new ArrayDeque<>()).add(pacer);
    }
  }
}
