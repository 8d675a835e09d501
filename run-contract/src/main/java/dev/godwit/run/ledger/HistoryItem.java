package dev.godwit.run.ledger;

/** The attributes of the item that says how a migration stands on a table. */
public final class HistoryItem {
  public static final String MIGRATION = "migration";

  /** The direction of the run that made it so: {@code up} or {@code down}. */
  public static final String DIRECTION = "direction";

  /** {@link #APPLIED}, {@link #PARTIAL} or {@link #UNDONE}. */
  public static final String STATE = "state";

  public static final String APPLIED = "applied";

  /** A run went to its end, but items failed or segments were tolerated. */
  public static final String PARTIAL = "partial";

  public static final String UNDONE = "undone";

  /** The run that made it so; absent if it was marked as applied by hand: {@link ByHandItem}. */
  public static final String RUN_ID = "runId";

  /** When that run ended, or somebody marked it, ISO-8601. */
  public static final String AT = "at";

  /** How many items failed in it. */
  public static final String FAILED = "failed";

  /** The percentage of segments that might fail in it, or in a run whose failures it retried. */
  public static final String TOLERATED = "tolerated";

  /** The lease's number that it had. */
  public static final String FENCE = "fence";

  /** The digest of the migration's code that it ran, or that was accepted by hand since. */
  public static final String CODE = "code";

  /**
   * Of a run that undoes another: the {@link #STATE} before it, or {@code none}; empty for others.
   */
  public static final String UNDID = "undid";

  private HistoryItem() {}
}
