package dev.godwit.run.ledger;

/** The attributes of the item that says how a migration stands on a table. */
public final class HistoryItem {
  public static final String MIGRATION = "migration";

  /** {@link #APPLIED} or {@link #UNDONE}. */
  public static final String STATE = "state";

  public static final String APPLIED = "applied";
  public static final String UNDONE = "undone";

  /** The run that made it so. */
  public static final String RUN_ID = "runId";

  /** When that run ended, ISO-8601. */
  public static final String AT = "at";

  private HistoryItem() {}
}
