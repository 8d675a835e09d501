package dev.godwit.worker.pace;

import dev.godwit.run.ledger.Slowdown;
import dev.godwit.run.slice.Sharing;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * A run's rate document as this process knows it: read again when somebody asks and what is known
 * is a few seconds old, by whoever asks first; the others meanwhile go by what is known. A read
 * that fails changes nothing. Thread-safe.
 *
 * <p><b>Steps down.</b> A limit of the table, an index or the account is met by many workers at
 * once, for one cause; it lowers the run's rate by a third once. So steps are numbered. Who meets
 * the limit writes the next number, on the condition that the document has the one before: of many
 * one succeeds. And nobody writes a number before it has known the one before for long enough that
 * all go by it and its effect is seen ({@link #betweenSteps}). Who knows it has read it after it
 * was written, so two steps are never closer than that, whatever the clocks of the workers say.
 *
 * <p>It grows back by the time since a step, of which each process counts what it has seen itself:
 * one that was started later goes slower for a while. The budget is never exceeded by it.
 */
final class RunRate {
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MOST_INTERVAL = Duration.ofSeconds(5);

  /**
   * Reads of one document in a second, by all workers of a run. Half a unit each: of the 3,000 that
   * a partition takes (developer guide, "Best practices for designing and using partition keys";
   * read 2026-11-26) they are a thirtieth, until there are so many workers that each waits the
   * longest.
   */
  private static final int READS_PER_SECOND = 200;

  /** Of a document that was never read: so often before a slice goes as the run was asked for. */
  private static final int FIRST_TRIES = 3;

  private final RateSource source;
  private final Timer timer;
  private final String runId;
  private final Object first = new Object();
  private Rate known = Rate.AS_ASKED;
  private boolean wasRead;
  private boolean wasAsked;
  private long askedAt;
  private long readAt;
  private final Seen reads = new Seen();
  private final Seen writes = new Seen();

  /** When this process has heard of the last step down, and has tried to make one. */
  private static final class Seen {
    private long heardAt;
    private boolean wasTried;
    private long triedAt;
  }

  RunRate(RateSource source, Timer timer, String runId) {
    this.source = source;
    this.timer = timer;
    this.runId = runId;
  }

  String runId() {
    return runId;
  }

  /** How long what was read is good for, when so many workers read. */
  static Duration interval(Sharing sharing) {
    var evenly = Duration.ofSeconds(1).multipliedBy(sharing.atOnce()).dividedBy(READS_PER_SECOND);
    return evenly.compareTo(LEAST_INTERVAL) < 0
        ? LEAST_INTERVAL
        : evenly.compareTo(MOST_INTERVAL) > 0 ? MOST_INTERVAL : evenly;
  }

  /** What the document says, a few seconds ago at most, if it can be read. */
  Rate now(Sharing sharing) {
    if (isUnread()) {
      synchronized (first) { // nobody goes before it is known whether the run is slowed or paused
        if (isUnread() && isDue(sharing)) {
          for (int i = 0; i < FIRST_TRIES && isUnread(); i++) {
            read(sharing);
          }
        }
      }
    } else if (isDue(sharing)) {
      read(sharing);
    }
    return known();
  }

  private synchronized boolean isUnread() {
    return !wasRead;
  }

  /** What was read last. */
  synchronized Rate known() {
    return known;
  }

  /** Whether it is to be read again; if so, it is this caller's to do. */
  private synchronized boolean isDue(Sharing sharing) {
    long now = timer.nanos();
    if (wasAsked && now - askedAt < interval(sharing).toNanos()) {
      return false;
    }
    wasAsked = true;
    askedAt = now;
    return true;
  }

  private void read(Sharing sharing) {
    long since = timer.nanos();
    var read = source.read(sharing.ledger(), runId);
    synchronized (this) {
      read.ifPresent(rate -> learn(known.orNewer(rate)));
      if (read.isPresent()) {
        wasRead = true;
        readAt = since;
      }
    }
  }

  /** Whether what is known of how many are at work is new enough to go by. */
  synchronized boolean isKnown() {
    return wasRead && timer.nanos() - readAt < Sharing.KNOWN_FOR.toNanos();
  }

  private void learn(Rate newer) {
    for (Use use : Use.values()) {
      if (newer.slowdown(use).times() > known.slowdown(use).times()) {
        seen(use).heardAt = timer.nanos();
      }
    }
    known = newer;
  }

  /** How fast the run may go when its budget is {@code budget}, in units per second. */
  synchronized double slowed(Use use, double budget) {
    return known.slowdown(use).of(budget, heardAgo(use));
  }

  synchronized long slowdowns(Use use) {
    return known.slowdown(use).times();
  }

  private Seen seen(Use use) {
    return use == Use.READS ? reads : writes;
  }

  private Duration heardAgo(Use use) {
    return Duration.ofNanos(timer.nanos() - seen(use).heardAt);
  }

  /** From one step down to the next: until all go by the last one, and what that does is seen. */
  static Duration betweenSteps(Sharing sharing) {
    return interval(sharing).multipliedBy(2).plusSeconds(1);
  }

  /**
   * A slice has met {@code limit}, which is the same for all: lowers what the run does, if nobody
   * has just done that.
   *
   * @param budget of the run, in units per second; absent for none
   */
  void throttled(Sharing sharing, Use use, OptionalDouble budget, Slowdown.Limit limit) {
    Slowdown next;
    synchronized (this) {
      var slowdown = known.slowdown(use);
      var tries = seen(use);
      long now = timer.nanos();
      boolean isSoon = slowdown.times() > 0 && heardAgo(use).compareTo(betweenSteps(sharing)) < 0;
      boolean wasJustTried = tries.wasTried && now - tries.triedAt < interval(sharing).toNanos();
      if (!wasRead || isSoon || wasJustTried) {
        return;
      }
      tries.wasTried = true;
      tries.triedAt = now;
      next =
          slowdown.next(
              budget.isPresent()
                  ? OptionalDouble.of(slowed(use, budget.getAsDouble()))
                  : OptionalDouble.empty(),
              limit);
    }
    if (source.slow(sharing.ledger(), runId, use, next)) {
      synchronized (this) {
        learn(known.orNewer(known.slowed(use, next)));
      }
    }
  }
}
