package dev.godwit.infra.deployment;

/**
 * How far the migrations of a deployment have come.
 *
 * @param why what it is waiting for, or what failed; empty when all is done
 * @param note the table's note as it is now
 */
record Progress(State state, String why, DeploymentNote note) {
  /** Whether anything is left, and whether it goes on. */
  enum State {
    ALL_APPLIED,
    GOING,
    FAILED
  }

  static Progress allApplied(DeploymentNote note) {
    return new Progress(State.ALL_APPLIED, "", note);
  }

  static Progress going(String why, DeploymentNote note) {
    return new Progress(State.GOING, why, note);
  }

  static Progress failed(String why, DeploymentNote note) {
    return new Progress(State.FAILED, why, note);
  }
}
