package dev.godwit.cli.lifecycle;

import dev.godwit.cli.run.RunStatus;
import dev.godwit.run.RunRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * How the execution that carries a run out stands.
 *
 * @param arn its identity: no two executions share it, in whatever folder or account
 * @param status RUNNING also for one that was killed
 * @param killed whether its process died before it ended; only on this machine
 * @param beingSettled whether a living process is closing its books; only on this machine, where
 *     that can be seen
 * @param stoppedAt empty while it runs
 * @param redriveCount how often it was redriven
 * @param redrivenAt when that was last
 * @param notRedrivable why it can be redriven no more
 */
public record Execution(
    String arn,
    RunRequest request,
    RunStatus status,
    boolean killed,
    boolean beingSettled,
    Instant startedAt,
    Optional<Instant> stoppedAt,
    int redriveCount,
    Optional<Instant> redrivenAt,
    Optional<String> error,
    Optional<String> cause,
    Optional<String> notRedrivable) {
  /** As {@code migrate-table} names the end of a run whose canary was refused. */
  static final String CANARY_REFUSED = "Godwit.CanaryRefused";

  public Execution {
    if (error.filter(CANARY_REFUSED::equals).isPresent()) {
      notRedrivable = Optional.of("its canary was refused, and would be again.");
    }
  }

  String runId() {
    return request.runId();
  }

  /** Whether it is being carried out just now. */
  boolean goesOn() {
    return status == RunStatus.RUNNING && !killed;
  }

  boolean hasEnded() {
    return status != RunStatus.RUNNING;
  }

  /** Why it did not succeed, for people. */
  Optional<String> failure() {
    return error.map(name -> name + cause.map(why -> ": " + why).orElse(""));
  }
}
