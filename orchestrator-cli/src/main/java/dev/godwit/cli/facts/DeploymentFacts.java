package dev.godwit.cli.facts;

/**
 * What carries out the runs of a state machine on AWS, as far as it may be looked at.
 *
 * @param stateMachine its ARN
 * @param ledgerTable the ledger's name
 * @param role that the state machine has, by ARN
 * @param worker the function that its segments call
 * @param functionsAtOnce how many functions the account may have at work at once
 */
public record DeploymentFacts(
    String stateMachine,
    String ledgerTable,
    Told<String> role,
    Told<Worker> worker,
    Told<Integer> functionsAtOnce) {
  /**
   * A worker's function.
   *
   * @param arn of it
   * @param role that it has, by ARN
   * @param isArm whether it runs on arm64, not on x86
   * @param hasSingleWrites whether it writes one by one, without PartiQL
   */
  public record Worker(
      String arn, String role, int memoryMegabytes, boolean isArm, boolean hasSingleWrites) {}
}
