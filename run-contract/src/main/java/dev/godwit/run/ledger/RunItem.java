package dev.godwit.run.ledger;

/**
 * The attributes of a run's record. Beside these it has a number for each {@link
 * dev.godwit.run.Counter}, under its field's name.
 */
public final class RunItem {
  public static final String RUN_ID = "runId";
  public static final String TABLE_NAME = "tableName";
  public static final String MIGRATION = "migration";
  public static final String EXECUTION_ARN = "executionArn";

  /** The run request, as JSON. */
  public static final String REQUEST = "request";

  /** {@code RUNNING}, or how the execution ended. */
  public static final String STATUS = "status";

  public static final String STARTED_AT = "startedAt";
  public static final String ENDED_AT = "endedAt";
  public static final String ERROR = "error";
  public static final String CAUSE = "cause";

  /** The digest of the migration's code that the run began with, or was let go on with. */
  public static final String CODE = "code";

  /** The function that its slices call. */
  public static final String WORKER = "worker";

  /** The version of that function which has that code. */
  public static final String WORKER_VERSION = "workerVersion";

  /** The lease's number when the run last took its table. */
  public static final String FENCE = "fence";

  /** How often the execution will have been redriven at its next end: the one under way counts. */
  public static final String REDRIVES = "redrives";

  /** The run that takes back what this one has written, or did. */
  public static final String UNDONE_BY = "undoneBy";

  /** How many items failed in the segments that have finished; absent means none. */
  public static final String ITEMS_FAILED = "itemsFailed";

  /** How many slices were counted. */
  public static final String SLICES = "slices";

  /** What the table's capacity was before it was raised, as JSON. */
  public static final String CAPACITY_BEFORE = "capacityBefore";

  /** Why AWS refused to lower the capacity again. */
  public static final String CAPACITY_NOT_RESTORED = "capacityNotRestored";

  /** How often that was tried. */
  public static final String CAPACITY_TRIES = "capacityTries";

  /** When that was tried last, ISO-8601. */
  public static final String CAPACITY_TRIED_AT = "capacityTriedAt";

  /** When that was given up, ISO-8601: from then on it is for people to put it back. */
  public static final String CAPACITY_GIVEN_UP_AT = "capacityGivenUpAt";

  private RunItem() {}
}
