package dev.godwit.worker.pace;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The pacers of a run's shares, handed on from one slice to the next: what a slice consumed in its
 * last second counts in the first of the next, and nothing has to be waited out between them.
 *
 * <p>There are never more pacers of a share than slices that had it at once. Only the last run's
 * are kept, and none without a budget. Thread-safe; made in init it is empty, so that the copies of
 * a snapshot share nothing.
 */
@Singleton
public final class Pacers {
  private final Timer timer;
  private final Map<Share, Deque<Pacer>> idle = new HashMap<>();

  @Inject
  public Pacers(Timer timer) {
    this.timer = timer;
  }

  /** What a pacer is for. */
  public enum Use {
    READS,
    WRITES
  }

  private record Share(String runId, Use use, double unitsPerSecond) {}

  /** A pacer of one slice, until it is closed. */
  public final class Lent implements AutoCloseable {
    private final Share share;
    private final Pacer pacer;

    private Lent(Share share, Pacer pacer) {
      this.share = share;
      this.pacer = pacer;
    }

    public Pacer pacer() {
      return pacer;
    }

    @Override
    public void close() {
      giveBack(share, pacer);
    }
  }

  /**
   * A pacer that no other slice has.
   *
   * @param unitsPerSecond this worker's share of the run's budget; absent for no budget
   */
  public synchronized Lent lend(String runId, Use use, OptionalDouble unitsPerSecond) {
    idle.keySet().removeIf(share -> !share.runId.equals(runId));
    var share = new Share(runId, use, unitsPerSecond.orElse(Double.POSITIVE_INFINITY));
    var kept = idle.getOrDefault(share, new ArrayDeque<>()).poll();
    return new Lent(share, kept == null ? new Pacer(unitsPerSecond, timer) : kept);
  }

  private synchronized void giveBack(Share share, Pacer pacer) {
    if (!Double.isInfinite(share.unitsPerSecond)) {
      idle.computeIfAbsent(share, any -> new ArrayDeque<>()).add(pacer);
    }
  }
}
