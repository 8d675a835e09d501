package dev.godwit.run.ledger;

import java.util.Locale;

/**
 * The key of an item of the ledger, as {@code docs/ledger.md} describes them.
 *
 * @param partition the value of {@link #PARTITION}
 * @param sort the value of {@link #SORT}
 */
public record LedgerKey(String partition, String sort) {
  /** The partition key's attribute, text. */
  public static final String PARTITION = "pk";

  /** The sort key's attribute, text. */
  public static final String SORT = "sk";

  /** The sort key of runs. */
  public static final String RUN = "RUN";

  /** The sort key of rate documents. */
  public static final String RATE = "RATE";

  /** What the sort keys of changes of rate documents begin with. */
  public static final String CHANGE_PREFIX = RATE + "#";

  /** What the sort keys of the groups of segments begin with that are scanned. */
  public static final String SCANNED_PREFIX = "SCANNED#";

  /** The same of segments whose deferred actions are done. */
  public static final String ACTIONS_PREFIX = "ACTIONS#";

  /** The sort key of what canaries have come to. */
  public static final String CANARY = "CANARY";

  /** What the sort keys of a table's history begin with. */
  public static final String MIGRATION_PREFIX = "MIGRATION#";

  /** What the sort keys of entries that somebody made by hand begin with. */
  public static final String BY_HAND_PREFIX = "BYHAND#";

  /** What the sort keys of exports to S3 begin with. */
  public static final String EXPORT_PREFIX = "EXPORT#";

  private static final String RUN_PREFIX = "RUN#";
  private static final String TABLE_PREFIX = "TABLE#";

  /** A run's record: {@link RunItem}. */
  public static LedgerKey run(String runId) {
    return new LedgerKey(RUN_PREFIX + runId, RUN);
  }

  /** How fast a run may go: {@link RateItem}. */
  public static LedgerKey rate(String runId) {
    return new LedgerKey(RUN_PREFIX + runId, RATE);
  }

  /** What the canary of a run has come to: {@link CanaryItem}. */
  public static LedgerKey canary(String runId) {
    return new LedgerKey(RUN_PREFIX + runId, CANARY);
  }

  /** The change that made revision {@code revision} of a rate document: {@link RateItem}. */
  public static LedgerKey change(String runId, long revision) {
    return new LedgerKey(
        RUN_PREFIX + runId, CHANGE_PREFIX + String.format(Locale.ROOT, "%010d", revision));
  }

  /** The run whose record's partition key is {@code partition}. */
  public static String runId(String partition) {
    return partition.startsWith(RUN_PREFIX) ? partition.substring(RUN_PREFIX.length()) : partition;
  }

  /** Who holds a table: {@link LeaseItem}. */
  public static LedgerKey lease(String tableName) {
    return new LedgerKey(TABLE_PREFIX + tableName, "LEASE");
  }

  /** How a migration stands on a table: {@link HistoryItem}. */
  public static LedgerKey migration(String tableName, String migration) {
    return new LedgerKey(TABLE_PREFIX + tableName, MIGRATION_PREFIX + migration);
  }

  /**
   * What somebody did by hand to the history of a migration: {@link ByHandItem}.
   *
   * @param at when, ISO-8601
   */
  public static LedgerKey byHand(String tableName, String migration, String at) {
    return new LedgerKey(TABLE_PREFIX + tableName, BY_HAND_PREFIX + migration + "#" + at);
  }

  /** What the newest deployment did to a table: {@link DeploymentItem}. */
  public static LedgerKey deployment(String tableName) {
    return new LedgerKey(TABLE_PREFIX + tableName, "DEPLOYMENT");
  }

  /** What the sort keys of a table's exports for one purpose begin with: {@link ExportRecord}. */
  public static LedgerKey exports(String tableName, String purpose) {
    return new LedgerKey(TABLE_PREFIX + tableName, EXPORT_PREFIX + purpose + "#");
  }

  /** One of these, by its number: they sort in its order. */
  public static LedgerKey export(String tableName, String purpose, int number) {
    return new LedgerKey(
        TABLE_PREFIX + tableName,
        exports(tableName, purpose).sort() + String.format(Locale.ROOT, "%06d", number));
  }
}
