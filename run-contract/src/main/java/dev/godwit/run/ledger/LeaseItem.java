package dev.godwit.run.ledger;

/**
 * The attributes of the item that says who holds a table. A table that nobody holds has the fence
 * alone, and what a run still owes it.
 */
public final class LeaseItem {
  public static final String RUN_ID = "runId";
  public static final String EXECUTION_ARN = "executionArn";

  /** When the table was taken, ISO-8601. */
  public static final String SINCE = "since";

  /** A number, never removed: it grows by one each time that the table is taken. */
  public static final String FENCE = "fence";

  /** What the capacity was before a run raised it that could not put it back, as JSON. */
  public static final String CAPACITY_OWED = "capacityOwed";

  private LeaseItem() {}
}
