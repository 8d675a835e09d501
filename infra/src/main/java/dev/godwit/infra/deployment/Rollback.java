package dev.godwit.infra.deployment;

import static dev.godwit.infra.deployment.Sentences.shortened;

import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentNote.Release;
import dev.godwit.infra.deployment.DeploymentNote.Started;
import dev.godwit.infra.deployment.DeploymentNote.Undo;
import dev.godwit.infra.deployment.RunLedger.Books;
import dev.godwit.infra.deployment.Runs.Run;
import dev.godwit.infra.deployment.Runs.Status;
import dev.godwit.run.Direction;
import dev.godwit.run.ledger.MigrationState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Undoes what the deployment that is rolled back has started, in the opposite order, and nothing
 * else.
 *
 * <p>One hook is enough; if CloudFormation calls both at a time, they follow the same runs.
 */
final class Rollback {
  /**
   * Whoever notes a run starts it within the same invocation; after this it has been started, and
   * Step Functions, which may be a little behind, knows of it.
   */
  static final Duration SURELY_STARTED = AwsCalls.LONGEST_INVOCATION.multipliedBy(2);

  /**
   * A run that fails or is stopped leaves slices behind that go on writing; none outlasts the
   * longest that Lambda lets a function run: Lambda quotas, 900 seconds; read 2026-11-20.
   */
  static final Duration LAST_SLICE = Duration.ofMinutes(15);

  private final DeploymentPorts ports;

  Rollback(DeploymentPorts ports) {
    this.ports = ports;
  }

  /**
   * Whether nothing is left to undo; does the next step.
   *
   * @throws DeploymentFailed when it cannot be undone: the rollback can be continued
   */
  boolean isComplete(DeploymentEvent event) {
    String table = event.tableName();
    var note = ports.notes().read(table);
    boolean announcedOnly =
        note.announced()
            .filter(a -> event.takesBack(a.request()) && isBefore(a.begun(), event))
            .isPresent();
    boolean over =
        announcedOnly // what else is noted is an earlier deployment's
            || note.release()
                .filter(r -> event.takesBack(r.request()) && isBefore(r.begun(), event))
                .filter(r -> !r.isOver())
                .isEmpty();
    var changed = announcedOnly ? note.announcingNothing() : note;
    changed = (over ? changed : changed.with(Phase.UNDOING, "")).seeing(event);
    if (!changed.equals(note)) {
      note = ports.notes().write(table, note, changed);
    }
    if (over) {
      return true;
    }
    while (!note.current().started().isEmpty()) {
      var started = note.current().started();
      var last = started.get(started.size() - 1);
      if (!isUndone(event, note, last)) {
        return false;
      }
      note = ports.notes().write(table, note, note.without(last));
    }
    ports.notes().write(table, note, note.with(Phase.UNDONE, ""));
    return true;
  }

  /** A rollback takes back what began before it; a later deployment has its own. */
  private static boolean isBefore(Instant begun, DeploymentEvent rollback) {
    return !begun.isAfter(rollback.beginning().at());
  }

  /** Whether nothing is left of one run: it never was, cannot be undone, or has been. */
  private boolean isUndone(DeploymentEvent event, DeploymentNote note, Started started) {
    var up = ports.runs().find(started.runId());
    if (up.isPresent() && up.get().status() == Status.RUNNING) {
      ports.runs().stop(started.runId(), "The deployment that started it is being rolled back");
      return false;
    }
    if (ports.ledger().books(started.runId()) == Books.NONE) {
      return up.isPresent() || isPast(started.at(), SURELY_STARTED); // it changed nothing
    }
    if (!isSettled(started.runId(), up) || mayStillWrite(up)) {
      return false;
    }
    if (note.current().request().keyChange(started.migration()).isPresent()) {
      return forget(event.tableName(), started);
    }
    if (started.undo().isPresent()) {
      var undo = started.undo().get();
      var down = ports.runs().find(undo.runId());
      if (down.isEmpty() && !isPast(undo.at(), SURELY_STARTED)) {
        return false;
      }
      if (down.isPresent()) {
        if (down.get().status() == Status.RUNNING || !isSettled(undo.runId(), down)) {
          return false;
        }
        var trouble = trouble(event.tableName(), started, undo.runId(), down.get());
        if (trouble.isEmpty()) {
          return true;
        }
        if (undo.runId().equals(RunNames.down(event.requestId(), started.migration()))) {
          throw new DeploymentFailed(trouble.get());
        }
        // It went wrong before the rollback was continued: try again, under another name.
      }
    }
    return undo(event, note, started);
  }

  /**
   * A key change has changed nothing in its table, and the table that it has filled goes with the
   * rollback: only the history must not say that it is applied, or the next deployment would leave
   * its new table empty.
   */
  private boolean forget(String table, Started started) {
    ports.ledger().takeBack(table, started.migration(), started.runId());
    ports
        .log()
        .accept(
            started.migration()
                + " of "
                + table
                + " counts as undone: the table that it has filled goes with the rollback, and "
                + table
                + " is as it was. Its export stays.");
    return true;
  }

  /** What went wrong in a run that was to undo another; empty if nothing did. */
  private Optional<String> trouble(String table, Started started, String downId, Run down) {
    String undoing = "Undoing " + started.migration() + " of " + table;
    if (down.status() == Status.FAILED) {
      return Optional.of(
          undoing
              + " failed: "
              + shortened(down.reason())
              + " See "
              + ports.runs().arn(downId)
              + ". Continue the rollback to try again, or skip this resource.");
    }
    var history = ports.ledger().history(table, started.migration());
    return history.state() == MigrationState.PARTIAL && history.runId().equals(downId)
        ? Optional.of(
            undoing
                + " left "
                + history.failed()
                + " items as they were. See godwit report "
                + downId
                + ". Continue the rollback to try again, or skip this resource.")
        : Optional.empty();
  }

  private boolean undo(DeploymentEvent event, DeploymentNote note, Started started) {
    String table = event.tableName();
    Release release = note.current();
    if (!started.undoable()) {
      ports
          .log()
          .accept(
              started.migration()
                  + " of "
                  + table
                  + " has no down and stays as it is: "
                  + started.runId());
      return true;
    }
    if (!ports.stack().liveWorkerVersion().equals(release.request().workerVersion())) {
      ports
          .log()
          .accept(
              "The worker that knows "
                  + started.migration()
                  + " has been replaced already, so that it was not undone. Undo it by hand: godwit"
                  + " run --direction down, with the deployment's migrations.");
      return true;
    }
    var holder = ports.ledger().holder(table);
    if (holder.isPresent()) {
      if (release.owns(holder.get())) {
        return false; // it is being settled
      }
      throw new DeploymentFailed(
          "The table "
              + table
              + " is being migrated by the run "
              + holder.get()
              + ", so that "
              + started.migration()
              + " was not undone. Continue the rollback when that run has ended.");
    }
    String downId = RunNames.down(event.requestId(), started.migration());
    ports
        .notes()
        .write(table, note, note.undoing(started, new Undo(downId, ports.clock().instant())));
    ports.log().accept("Undoing, as " + ports.runs().arn(downId));
    ports
        .runs()
        .start(downId, release.request().runRequest(downId, started.migration(), Direction.DOWN));
    return false;
  }

  /**
   * Whether a run's books are closed, if it has any.
   *
   * @throws DeploymentFailed when they are not, though it ended long ago
   */
  private boolean isSettled(String runId, Optional<Run> run) {
    if (ports.ledger().books(runId) != Books.OPEN) {
      return true;
    }
    var ended = run.flatMap(Run::endedAt);
    if (ended.isPresent() && isPast(ended.get(), DeploymentMigrations.LONGEST_SETTLING)) {
      throw new DeploymentFailed(
          Sentences.notSettled(runId, DeploymentMigrations.LONGEST_SETTLING));
    }
    return false;
  }

  /** Whether slices of a run that did not get to its end may be under way. */
  private boolean mayStillWrite(Optional<Run> up) {
    return up.filter(run -> run.status() == Status.FAILED)
        .flatMap(Run::endedAt)
        .filter(end -> !isPast(end, LAST_SLICE))
        .isPresent();
  }

  private boolean isPast(Instant from, Duration time) {
    return ports.clock().instant().isAfter(from.plus(time));
  }
}
