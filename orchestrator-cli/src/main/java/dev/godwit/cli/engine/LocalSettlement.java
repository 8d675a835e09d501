package dev.godwit.cli.engine;

import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.ExecutionSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles runs of this machine: does what EventBridge starts on AWS, whatever the ending was.
 *
 * <p>Each ending of a run has one settlement, which is itself an execution: one that was killed
 * goes on where it stood.
 */
final class LocalSettlement {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSettlement.class);

  /** Between a run's end and its settlement's beginning. */
  private static final Duration A_MOMENT = Duration.ofSeconds(2);

  private final Engine engine;
  private final RefusedDecrease refused;

  /** One that only looks. */
  LocalSettlement(Engine engine) {
    this(engine, new RefusedDecrease());
  }

  /**
   * @param refused listens to {@code engine}
   */
  LocalSettlement(Engine engine, RefusedDecrease refused) {
    this.engine = engine;
    this.refused = refused;
  }

  /** The settlement of a run's latest ending. */
  Optional<ExecutionSummary> of(ExecutionSummary run) {
    return engine.find(name(run));
  }

  /** Whether the books of {@code run} are closed; its capacity may still be raised. */
  boolean isDone(ExecutionSummary run) {
    return of(run).map(settled -> settled.status() == ExecutionStatus.SUCCEEDED).orElse(false)
        || capacityNotRestored(run).isPresent();
  }

  /** That the table's capacity is still raised, and why, if it is. */
  Optional<String> capacityNotRestored(ExecutionSummary run) {
    return of(run)
        .filter(settled -> settled.error().equals(Optional.of(RefusedDecrease.ERROR)))
        .flatMap(ExecutionSummary::cause);
  }

  /** Whether a living process settles {@code run}, or will in a moment. */
  boolean isUnderWay(ExecutionSummary run) {
    if (run.status() == ExecutionStatus.RUNNING) {
      return false;
    }
    return of(run)
        .map(settled -> settled.status() == ExecutionStatus.RUNNING && !settled.killed())
        .orElseGet(
            () ->
                run.stoppedAt()
                    .map(stopped -> stopped.plus(A_MOMENT).isAfter(Instant.now()))
                    .orElse(false));
  }

  /** Settles {@code runId}, which has ended; does nothing if that was done. Tells if it fails. */
  void settle(String runId) {
    var run = engine.find(runId).orElseThrow();
    var before = of(run);
    if (isDone(run)) {
      return;
    }
    Execution settled =
        before.isPresent()
            ? engine.redrive(name(run))
            : engine.start(
                Definitions.settleRun(EmbeddedEngine.SUBSTITUTIONS),
                name(run),
                engine.statusChangeEvent(runId));
    refused.follow(settled, runId);
    if (capacityNotRestored(run).isPresent()) {
      LOG.warn("The run {} is settled. {}", runId, capacityNotRestored(run).get());
    } else if (settled.status() != ExecutionStatus.SUCCEEDED) {
      LOG.warn(
          "The run {} has ended, but was not settled: {}: {}. Its table is not free yet; 'godwit stop {}' tries again",
          runId,
          settled.error().orElse("it was interrupted"),
          settled.cause().orElse(""),
          runId);
    }
  }

  private static String name(ExecutionSummary run) {
    return "settle-" + run.name() + "-" + run.redriveCount();
  }
}
