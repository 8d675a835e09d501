package dev.godwit.run;

/** What a {@link Tally} counts; {@link #field()} is the name in JSON and in the ledger. */
public enum Counter {
  /** Items offered to the transform. */
  SCANNED("scanned"),
  /** Items left as they are: unchanged by the transform, or deleted by someone else meanwhile. */
  KEPT("kept"),
  /** Items rewritten or moved; in a dry run, items that would be. */
  UPDATED("updated"),
  /** Items deleted; in a dry run, items that would be. */
  DELETED("deleted"),
  /**
   * Items put into the run's target; in a dry run, items that would be; in a verification, items
   * that are missing there.
   */
  PUT("put"),
  /**
   * Items that were not put into the target because they are there already, as they would be put;
   * or newer, where the run replaces what is older.
   */
  THERE_ALREADY("thereAlready"),
  /** Items that the transform has left out of the target. */
  LEFT_OUT("leftOut"),
  /** Verification: items that are in the target otherwise than the transform makes them. */
  DIFFERENT("different"),
  /** Verification: items that there are in the target, whatever they come from. */
  IN_TARGET("inTarget"),
  /**
   * Items of a source beside the table, as a file, that were to be changed where they are, and that
   * the table does not hold any more: nothing was done about them.
   */
  GONE("gone"),
  /** Writes refused because someone else had written first; each was decided again. */
  CONFLICTS("conflicts"),
  /** Items with a failure record. */
  FAILED("failed"),
  /** Actions on other tables carried out. */
  ACTIONS("actions"),
  /** Actions kept for after the scan. */
  DEFERRED("deferred"),
  /**
   * Requests or items that DynamoDB throttled without saying for what; each was tried again, as
   * with all that follow.
   */
  THROTTLES("throttles"),
  /** Those that it throttled for the table's provisioned capacity. */
  TABLE_THROTTLES("tableThrottles"),
  /** Those for the provisioned capacity of an index. */
  INDEX_THROTTLES("indexThrottles"),
  /** Those for what one partition, of the table or an index, takes in a second. */
  PARTITION_THROTTLES("partitionThrottles"),
  /** Those for the account's quota. */
  ACCOUNT_THROTTLES("accountThrottles"),
  /** Those for the maximum that somebody has set for an on-demand table or index. */
  MAXIMUM_THROTTLES("maximumThrottles"),
  /** Dry run: items that would break DynamoDB's 400 KB. */
  TOO_LARGE("tooLarge"),
  /** Dry run: bytes by which the stored items would grow, less those by which they would shrink. */
  GROWTH_BYTES("growthBytes"),
  /** Before-images kept, one for each write that was to be made; in a dry run, that would be. */
  BEFORE_IMAGES("beforeImages"),
  /** Bytes of these as they are stored, gzipped; in a dry run, that would be. */
  BEFORE_IMAGE_BYTES("beforeImageBytes"),
  /** Read capacity units consumed. */
  READ_UNITS("readUnits"),
  /**
   * Write capacity units consumed, as reported or, where DynamoDB reports none, as its rules say.
   */
  WRITE_UNITS("writeUnits");

  private final String field;

  Counter(String field) {
    this.field = field;
  }

  public String field() {
    return field;
  }
}
