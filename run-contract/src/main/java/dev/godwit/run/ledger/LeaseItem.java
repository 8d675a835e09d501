package dev.godwit.run.ledger;

/** The attributes of the item that says who holds a table. */
public final class LeaseItem {
  public static final String RUN_ID = "runId";
  public static final String EXECUTION_ARN = "executionArn";

  /** When the table was taken, ISO-8601. */
  public static final String SINCE = "since";

  private LeaseItem() {}
}
