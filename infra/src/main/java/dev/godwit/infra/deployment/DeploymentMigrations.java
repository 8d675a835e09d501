package dev.godwit.infra.deployment;

import dev.godwit.infra.deployment.DeploymentEvent.Beginning;
import dev.godwit.infra.deployment.DeploymentEvent.Kind;
import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentNote.Release;
import dev.godwit.infra.deployment.DeploymentNote.Started;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a table's migrations up to date during a deployment, and back if the deployment is rolled
 * back.
 *
 * <p>The first hook announces the deployment in the table's note. The second takes the note over
 * and runs what is pending. A rollback withdraws what was announced, or undoes what was started;
 * what an earlier deployment has in the note is left alone by a deployment that is refused.
 *
 * <p>Every method may be called again with the same event, or late, or by two functions at a time:
 * each write of the note is made on the condition that it still is as it was read, and the note
 * knows which of CloudFormation's requests is the newest.
 */
final class DeploymentMigrations {
  /**
   * As long as CloudFormation waits for a custom resource: CloudFormation template reference,
   * AWS::CloudFormation::CustomResource, ServiceTimeout, from 1 to 3600; read 2026-11-20.
   */
  static final Duration LONGEST_DEPLOYMENT = Duration.ofHours(1);

  /**
   * Settling takes seconds. If the event is lost, the sweep finds the run within a quarter of an
   * hour, and a settlement may look for ten minutes whether the run has really ended.
   */
  static final Duration LONGEST_SETTLING = Duration.ofMinutes(30);

  /**
   * A new role's permissions are everywhere within seconds, as a rule: IAM user guide,
   * "Troubleshoot IAM", changes that are not always immediately visible; no figure is given.
   */
  static final Duration PERMISSIONS_ARRIVE = Duration.ofMinutes(5);

  private static final int WRITERS_AT_A_TIME = 5;

  private final DeploymentPorts ports;
  private final Forward forward;
  private final Rollback rollback;

  DeploymentMigrations(DeploymentPorts ports) {
    this.ports = ports;
    this.forward = new Forward(ports);
    this.rollback = new Rollback(ports);
  }

  /**
   * Does what can be done now, and tells whether all is done.
   *
   * @throws DeploymentFailed when a migration failed, or nothing may be begun
   */
  boolean isComplete(DeploymentEvent event) {
    try {
      return answer(event);
    } catch (NotYet e) {
      ports.log().accept("Not yet: " + e.getMessage());
      return false;
    } catch (AwsRefused e) {
      if (!permissionsHaveArrived(event.beginning())) {
        ports.log().accept("Refused, perhaps not for long: " + e.getMessage());
        return false;
      }
      throw new DeploymentFailed("AWS refuses what this deployment needs: " + e.getMessage());
    }
  }

  /**
   * Goes on with what deployments that did not wait have left to do. What goes wrong with one table
   * keeps no other from going on.
   *
   * @return the tables that something went wrong with: the log has it, and they may be asked again
   */
  List<String> proceed(List<String> tableNames) {
    var failed = new ArrayList<String>();
    for (String tableName : tableNames) {
      try {
        proceed(tableName);
      } catch (RuntimeException e) {
        ports.log().accept(tableName + " does not go on: " + e);
        failed.add(tableName);
      }
    }
    return failed;
  }

  private void proceed(String tableName) {
    for (int i = 1; ; i++) {
      try {
        var note = ports.notes().read(tableName);
        if (note.release().filter(DeploymentMigrations::goesOnByItself).isPresent()) {
          forward.advance(tableName, note);
        }
        return;
      } catch (NoteChanged e) {
        if (i == WRITERS_AT_A_TIME) {
          throw e;
        }
      }
    }
  }

  private boolean permissionsHaveArrived(Beginning beginning) {
    return ports.clock().instant().isAfter(beginning.at().plus(PERMISSIONS_ARRIVE));
  }

  private static boolean goesOnByItself(Release release) {
    return !release.request().waits() && release.unfinished();
  }

  private boolean answer(DeploymentEvent event) {
    if (isRollback(ports.stack().status(event.stackId()))) {
      return inRollback(event);
    }
    if (event.beginning().stackStatus().filter(this::isRollback).isPresent()) {
      return true; // asked about late: that rollback is over
    }
    if (event.kind() == Kind.DELETE) {
      return leave(event);
    }
    return event.request().moment() == Moment.BEFORE ? announce(event) : run(event);
  }

  private boolean isRollback(String stackStatus) {
    return stackStatus.contains("ROLLBACK");
  }

  /**
   * A hook that is rolled back is either updated to what it was, or, if it is new, deleted. But
   * CloudFormation may also have begun the rollback while a hook was going forward.
   */
  private boolean inRollback(DeploymentEvent event) {
    if (event.kind() == Kind.CREATE) {
      return true;
    }
    var atBeginning = event.beginning().stackStatus();
    if (event.kind() == Kind.UPDATE) {
      if (atBeginning.isEmpty()) {
        throw new DeploymentFailed(
            "The stack is being rolled back, and it is not known whether that had begun when the"
                + " hook of "
                + event.tableName()
                + " was called: nothing was undone. Continue the rollback.");
      }
      if (!isRollback(atBeginning.get())) {
        return true;
      }
    }
    return rollback.isComplete(event);
  }

  /** The table is left alone from now on. Nothing that goes wrong here keeps a stack from going. */
  private boolean leave(DeploymentEvent event) {
    try {
      var note = ports.notes().read(event.tableName());
      var release =
          note.release()
              .filter(Release::unfinished)
              .filter(r -> r.request().isSameReleaseAs(event.request()));
      if (event.request().moment() == Moment.AFTER && release.isPresent() && !note.isLate(event)) {
        ports.notes().write(event.tableName(), note, note.with(Phase.LEFT, "").seeing(event));
      }
    } catch (AwsRefused e) {
      ports.log().accept("The note stays as it is: " + e.getMessage());
    }
    return true;
  }

  /** The first hook: says what is going to be run, and refuses it early where it can. */
  private boolean announce(DeploymentEvent event) {
    String table = event.tableName();
    var note = ports.notes().read(table);
    if (note.isLate(event)) {
      return true;
    }
    refuseAgain(event, note);
    if (!note.hasAnnounced(event.requestId())) {
      note = ports.notes().write(table, note, note.announcing(event));
    }
    refuseWhileAnEarlierOneGoesOn(event, note);
    return true;
  }

  /** The second hook: runs what is pending. */
  private boolean run(DeploymentEvent event) {
    String table = event.tableName();
    var note = ports.notes().read(table);
    if (note.release().filter(r -> r.deployment().equals(event.requestId())).isPresent()) {
      return follow(event, note);
    }
    if (note.isLate(event)) {
      return true;
    }
    refuseAgain(event, note);
    // Without a rollback in between, the same deployment may be tried once more.
    var triedBefore =
        note.release()
            .filter(Release::unfinished)
            .filter(r -> r.request().isSameReleaseAs(event.request()));
    if (triedBefore.isEmpty()) {
      note = refuseWhileAnEarlierOneGoesOn(event, note);
    }
    refuseWhatCannotBeDone(event, note);
    List<Started> started = triedBefore.map(Release::started).orElse(List.of());
    return follow(event, ports.notes().write(table, note, note.beginning(event, started)));
  }

  private boolean follow(DeploymentEvent event, DeploymentNote note) {
    var release = note.current();
    if (!release.unfinished()) {
      return true;
    }
    var progress = forward.advance(event.tableName(), note);
    if (!release.request().waits()) {
      return true;
    }
    if (progress.state() == Progress.State.FAILED) {
      throw new DeploymentFailed(progress.why());
    }
    return progress.state() == Progress.State.ALL_APPLIED;
  }

  private static void refuseAgain(DeploymentEvent event, DeploymentNote note) {
    note.refusalOf(event)
        .ifPresent(
            why -> {
              throw new DeploymentFailed(why);
            });
  }

  private DeploymentNote refuseWhileAnEarlierOneGoesOn(DeploymentEvent event, DeploymentNote note) {
    if (note.release().filter(DeploymentMigrations::goesOnByItself).isEmpty()) {
      return note;
    }
    var progress = forward.advance(event.tableName(), note);
    if (progress.state() == Progress.State.GOING) {
      throw refusal(
          event,
          progress.note(),
          "An earlier deployment, which did not wait, has migrations of "
              + event.tableName()
              + " left to run ("
              + progress.why()
              + "), so that this one was not begun. They go on; deploy again when they have ended.");
    }
    return progress.note();
  }

  private void refuseWhatCannotBeDone(DeploymentEvent event, DeploymentNote note) {
    var request = event.request();
    for (var step : request.migrations()) {
      var why = forward.withoutItsTarget(request.tableName(), step);
      if (why.isPresent()) {
        throw refusal(event, note, why.get());
      }
    }
    var pending = forward.pending(request);
    if (pending.isEmpty()) {
      return;
    }
    var holder = ports.ledger().holder(request.tableName());
    if (holder.isPresent()) {
      throw refusal(
          event, note, Forward.tableIsTaken(request.tableName(), holder.get(), pending.get(0)));
    }
    for (var step : pending) {
      var why = forward.withoutExport(request.tableName(), step);
      if (why.isPresent()) {
        throw refusal(event, note, why.get());
      }
    }
    if (request.waits()) {
      var size = ports.stack().tableSize(request.tableName());
      var estimate = Estimate.of(size, request).multipliedBy(pending.size());
      if (estimate.compareTo(LONGEST_DEPLOYMENT) > 0) {
        throw refusal(event, note, takesTooLong(request, pending.size(), size, estimate));
      }
    }
  }

  /** Remembered, so that a repetition is refused too, and is not taken for a new deployment. */
  private DeploymentFailed refusal(DeploymentEvent event, DeploymentNote note, String why) {
    ports.notes().write(event.tableName(), note, note.refusing(event, why));
    return new DeploymentFailed(why);
  }

  private static String takesTooLong(
      DeploymentRequest request, int pending, DeployedStack.TableSize size, Duration estimate) {
    return pending
        + " pending migration(s) of "
        + request.tableName()
        + " ("
        + size.items()
        + " items, "
        + size.bytes()
        + " bytes) would take about "
        + Sentences.minutes(estimate)
        + " if "
        + request.itemsWrittenPercent()
        + " % of the items change, and CloudFormation waits for "
        + Sentences.minutes(LONGEST_DEPLOYMENT)
        + " at most. Nothing was started. Run them first with godwit run, or deploy with"
        + " \"wait\": false, or state a lower \"itemsWrittenPercent\".";
  }
}
