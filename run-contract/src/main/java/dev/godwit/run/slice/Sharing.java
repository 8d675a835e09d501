package dev.godwit.run.slice;

import java.time.Duration;

/**
 * Among whom a run's budget is shared, and where it stands written how many of them are finished: a
 * slice takes the budget divided by those still going.
 *
 * @param ledger the table with the run's rate document
 * @param atOnce how many segments are worked on at once; the shares in the request are the budget
 *     divided by this
 * @param parts of how many in all
 */
public record Sharing(String ledger, int atOnce, int parts) {
  public Sharing {
    if (ledger.isEmpty()) {
      throw new IllegalArgumentException("sharing.ledger must be the name of a table");
    }
    if (atOnce < 1 || parts < 1) {
      throw new IllegalArgumentException(
          "sharing.atOnce and sharing.parts must be at least 1, not " + atOnce + " and " + parts);
    }
  }

  /**
   * How long whoever has read the rate document may go by what it says of how many are at work. Who
   * reads nothing newer takes the share that is right however many are ({@link #notFinished}).
   */
  public static final Duration KNOWN_FOR = Duration.ofSeconds(15);

  /**
   * How long after the document says that more are to be at work they may be: by then nobody goes
   * by an older one. It is longer than {@link #KNOWN_FOR} by an eventually consistent read that
   * lags, and the second whose requests still count.
   */
  public static final Duration RAISED_AFTER = KNOWN_FOR.plusSeconds(5);

  /**
   * How many may be at work when {@code finished} of them are finished; at least this one.
   *
   * @param atOnce the most at once that the rate document says; 0 if it says nothing
   */
  public int stillGoing(long finished, int atOnce) {
    return (int) Math.max(1, Math.min(Math.max(this.atOnce, atOnce), parts - finished));
  }

  /** How many are not finished, when {@code finished} are: more are never at work. */
  public int notFinished(long finished) {
    return (int) Math.max(1, parts - finished);
  }
}
