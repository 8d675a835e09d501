package dev.godwit.worker.pace;

import dev.godwit.run.slice.Sharing;
import java.time.Duration;

/**
 * A run's rate document as this process knows it: read again when somebody asks and what is known
 * is a few seconds old, by whoever asks first; the others meanwhile go by what is known. A read
 * that fails changes nothing. Thread-safe.
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

  private synchronized Rate known() {
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
    var read = source.read(sharing.ledger(), runId);
    synchronized (this) {
      read.ifPresent(rate -> known = known.orNewer(rate));
      wasRead |= read.isPresent();
    }
  }
}
