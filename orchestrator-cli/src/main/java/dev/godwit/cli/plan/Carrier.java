package dev.godwit.cli.plan;

import dev.godwit.cli.facts.DeploymentFacts;

/**
 * What carries a run out.
 *
 * @param isOnAws whether that is Step Functions and Lambda, and not this process
 * @param processors that its work has together, here; on AWS each worker has one of its own
 * @param memoryMegabytes of a worker's function, on AWS
 * @param isArm whether that function runs on arm64
 * @param isAsDeployed whether memory and architecture are those of what is deployed; otherwise
 *     those that a deployment has unless told otherwise
 */
public record Carrier(
    boolean isOnAws, int processors, int memoryMegabytes, boolean isArm, boolean isAsDeployed) {
  /** What a deployment gives a worker unless told otherwise: TableMigrationsProps. */
  private static final int DEPLOYED_MEGABYTES = 1_769;

  /** This process. */
  public static Carrier here() {
    return new Carrier(false, Runtime.getRuntime().availableProcessors(), 0, false, true);
  }

  /** A deployment, with the worker that it has. */
  public static Carrier of(DeploymentFacts deployment) {
    return deployment
        .worker()
        .match(
            worker -> new Carrier(true, 1, worker.memoryMegabytes(), worker.isArm(), true),
            why -> onAws());
  }

  /** Some deployment. */
  public static Carrier onAws() {
    return new Carrier(true, 1, DEPLOYED_MEGABYTES, true, false);
  }
}
