package dev.godwit.infra.deployment;

import java.time.Instant;
import java.util.Optional;

/** Starts and follows executions of the state machine {@code migrate-table}. */
interface Runs {
  /** Starts a run; one of that id that has been started already is left as it is. */
  void start(String runId, String request);

  /** How a run is doing; empty if there is none of that id. */
  Optional<Run> find(String runId);

  /** Stops a run that is under way. */
  void stop(String runId, String why);

  /** Where a run can be looked at. */
  String arn(String runId);

  /**
   * A run's state.
   *
   * @param endedAt when it ended, if it has
   * @param reason the error and its cause, if it failed
   */
  record Run(Status status, Optional<Instant> endedAt, String reason) {}

  /** Step Functions' states of an execution, as far as they matter here. */
  enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED
  }
}
