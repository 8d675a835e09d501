package dev.godwit.run.ledger;

/**
 * The attributes of a table's note of deployments: the one that has been announced, and the one
 * whose migrations are run, or were last.
 */
public final class DeploymentItem {
  /** How often it has been written: each write is made on the condition that it is as it was. */
  public static final String REVISION = "revision";

  /** CloudFormation's id of the request that began to run migrations. */
  public static final String DEPLOYMENT = "deployment";

  /** How far that is. */
  public static final String PHASE = "phase";

  /** When that request, or another here, came; ISO-8601. */
  public static final String BEGUN = "begun";

  /** What it asked for: the custom resource's properties, as JSON. */
  public static final String REQUEST = "request";

  /** The runs that it started and has not undone, in order; a list of maps. */
  public static final String STARTED = "started";

  /** What failed; empty if nothing did. */
  public static final String WHY = "why";

  /** In an entry of {@link #STARTED}. */
  public static final String MIGRATION = "migration";

  public static final String RUN_ID = "runId";
  public static final String UNDOABLE = "undoable";
  public static final String AT = "at";

  /** The run that undoes it, and when that was noted. */
  public static final String UNDONE_BY = "undoneBy";

  public static final String UNDONE_AT = "undoneAt";

  /** The deployment that is expected: a map of {@link #DEPLOYMENT}, begun and request. */
  public static final String ANNOUNCED = "announced";

  /** The newest request that was looked at: a map of its id, begun, and why it was refused. */
  public static final String LATEST = "latest";

  public static final String REFUSAL = "refusal";

  private DeploymentItem() {}
}
