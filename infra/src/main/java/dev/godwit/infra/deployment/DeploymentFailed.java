package dev.godwit.infra.deployment;

/** Ends a deployment; the message is what CloudFormation shows. */
public final class DeploymentFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DeploymentFailed(String message) {
    super(message);
  }
}
