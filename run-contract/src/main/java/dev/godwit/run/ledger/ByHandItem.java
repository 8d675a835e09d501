package dev.godwit.run.ledger;

/**
 * The attributes of an entry that somebody has made in the history of a table by hand. It is never
 * written again.
 */
public final class ByHandItem {
  public static final String MIGRATION = "migration";

  /** {@link #BASELINE} or {@link #REPAIR}. */
  public static final String ACTION = "action";

  /** It was marked as applied, done by other means. */
  public static final String BASELINE = "baseline";

  /** Its code was accepted, though it is not the code that was applied. */
  public static final String REPAIR = "repair";

  /** Who did it: an AWS identity's ARN, or a user and a machine. */
  public static final String BY = "by";

  /** When, ISO-8601; its key has it, too. */
  public static final String AT = "at";

  /** The digest of the migration's code that the history has since then. */
  public static final String CODE = "code";

  /** The history's item as it was until then, without its key; a map. Absent if there was none. */
  public static final String BEFORE = "before";

  private ByHandItem() {}
}
