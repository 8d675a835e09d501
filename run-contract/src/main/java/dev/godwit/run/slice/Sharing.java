package dev.godwit.run.slice;

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

  /** How many may be at work when {@code finished} of them are finished; at least this one. */
  public int stillGoing(long finished) {
    return (int) Math.max(1, Math.min(atOnce, parts - finished));
  }
}
