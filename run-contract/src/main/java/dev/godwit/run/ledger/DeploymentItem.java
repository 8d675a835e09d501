package dev.godwit.run.ledger;

/** The attributes of the note of what the newest deployment did to a table. */
public final class DeploymentItem {
  /** CloudFormation's id of the request that began it. */
  public static final String DEPLOYMENT = "deployment";

  /** What it asked for: the custom resource's properties, as JSON. */
  public static final String REQUEST = "request";

  /** The runs that it started, in order, as JSON. */
  public static final String STARTED = "started";

  /** Whether it is being, or was, undone. */
  public static final String ROLLED_BACK = "rolledBack";

  private DeploymentItem() {}
}
