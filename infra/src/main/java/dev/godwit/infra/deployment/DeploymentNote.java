package dev.godwit.infra.deployment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a table's deployments: the one that has been announced, the one whose migrations
 * are run or were last, and what was latest to CloudFormation last.
 *
 * @param announced the deployment whose first hook has been called, and its second not yet
 * @param release the deployment that came as far as running migrations
 * @param latest the newest of CloudFormation's requests that have been looked at
 * @param revision how often it has been written; 0 before the first time
 */
record DeploymentNote(
    Optional<Announced> announced,
    Optional<Release> release,
    Optional<Latest> latest,
    long revision) {
  static final DeploymentNote EMPTY =
      new DeploymentNote(Optional.empty(), Optional.empty(), Optional.empty(), 0);

  /** How far the migrations of a deployment are. */
  enum Phase {
    /** They are run, one after the other. */
    GOING,
    /** All are applied. */
    DONE,
    /** One failed, or was refused its table; those after it were not run. */
    FAILED,
    /** The deployment is being rolled back. */
    UNDOING,
    /** It has been rolled back. */
    UNDONE,
    /** The stack has left the table alone since, or is gone: nothing more is started. */
    LEFT
  }

  /**
   * A deployment that is expected to run migrations.
   *
   * @param deployment CloudFormation's id of the request that announced it
   * @param begun when that request came
   */
  record Announced(String deployment, Instant begun, DeploymentRequest request) {}

  /**
   * A deployment that runs migrations, or has.
   *
   * @param deployment CloudFormation's id of the request that began it; runs are named after it
   * @param begun when that request came
   * @param started the runs that it started, in order, and has not undone
   * @param why what failed, if something has; empty otherwise
   */
  record Release(
      String deployment,
      Instant begun,
      DeploymentRequest request,
      Phase phase,
      List<Started> started,
      String why) {
    Release {
      started = List.copyOf(started);
    }

    /** Whether its migrations may still go on: a run that failed can be redriven. */
    boolean unfinished() {
      return phase == Phase.GOING || phase == Phase.FAILED;
    }

    /** Whether a rollback has nothing more to do with it. */
    boolean isOver() {
      return phase == Phase.UNDONE || phase == Phase.LEFT;
    }

    boolean hasStarted(String runId) {
      return started.stream().anyMatch(s -> s.runId().equals(runId));
    }

    /** Whether a run is one that it started, forward or back. */
    boolean owns(String runId) {
      return hasStarted(runId)
          || started.stream()
              .anyMatch(s -> s.undo().filter(undo -> undo.runId().equals(runId)).isPresent());
    }
  }

  /**
   * A run that a deployment started, or is about to: it is noted first.
   *
   * @param undoable whether the migration has a {@code down}
   * @param at when it was noted, last
   * @param undo the run that undoes it, if there is one
   */
  record Started(
      String migration, String runId, boolean undoable, Instant at, Optional<Undo> undo) {}

  /**
   * A run that undoes another.
   *
   * @param at when it was noted
   */
  record Undo(String runId, Instant at) {}

  /**
   * A request of CloudFormation's that was looked at.
   *
   * @param begun when it came
   * @param refusal why it was refused, if it was: so that it is refused however often it is asked
   */
  record Latest(String request, Instant begun, Optional<String> refusal) {}

  /** Whether a newer request has been looked at: then nobody waits for this one's answer. */
  boolean isLate(DeploymentEvent event) {
    return latest
        .filter(l -> !l.request().equals(event.requestId()))
        .filter(l -> event.beginning().at().isBefore(l.begun()))
        .isPresent();
  }

  /** Why a request has been refused, if it has. */
  Optional<String> refusalOf(DeploymentEvent event) {
    return latest.filter(l -> l.request().equals(event.requestId())).flatMap(Latest::refusal);
  }

  boolean hasAnnounced(String deployment) {
    return announced.filter(a -> a.deployment().equals(deployment)).isPresent();
  }

  DeploymentNote announcing(DeploymentEvent event) {
    var next = new Announced(event.requestId(), event.beginning().at(), event.request());
    return new DeploymentNote(Optional.of(next), release, latest, revision).seeing(event);
  }

  DeploymentNote announcingNothing() {
    return new DeploymentNote(Optional.empty(), release, latest, revision);
  }

  /** With another deployment's migrations, the announced one's: nothing is announced any more. */
  DeploymentNote beginning(DeploymentEvent event, List<Started> started) {
    var next =
        new Release(
            event.requestId(),
            event.beginning().at(),
            event.request(),
            Phase.GOING,
            started,
            /* why= */ "");
    return new DeploymentNote(Optional.empty(), Optional.of(next), latest, revision).seeing(event);
  }

  DeploymentNote with(Phase phase, String why) {
    return with(phase, current().started(), why);
  }

  /** With a run that is started now, in the place of what was noted of it before. */
  DeploymentNote starting(Started run) {
    var all = new ArrayList<>(current().started());
    all.removeIf(s -> s.runId().equals(run.runId()));
    all.add(run);
    return with(Phase.GOING, all, "");
  }

  DeploymentNote undoing(Started run, Undo undo) {
    var noted =
        new Started(run.migration(), run.runId(), run.undoable(), run.at(), Optional.of(undo));
    return with(
        Phase.UNDOING,
        current().started().stream().map(s -> s.equals(run) ? noted : s).toList(),
        "");
  }

  DeploymentNote without(Started run) {
    return with(
        Phase.UNDOING, current().started().stream().filter(s -> !s.equals(run)).toList(), "");
  }

  DeploymentNote seeing(DeploymentEvent event) {
    return isLate(event) ? this : seen(event, Optional.empty());
  }

  DeploymentNote refusing(DeploymentEvent event, String why) {
    return seen(event, Optional.of(why));
  }

  private DeploymentNote seen(DeploymentEvent event, Optional<String> refusal) {
    var now = new Latest(event.requestId(), event.beginning().at(), refusal);
    return new DeploymentNote(announced, release, Optional.of(now), revision);
  }

  DeploymentNote written() {
    return new DeploymentNote(announced, release, latest, revision + 1);
  }

  /** The release, where there must be one. */
  Release current() {
    return release.orElseThrow(() -> new IllegalStateException("No deployment has begun"));
  }

  private DeploymentNote with(Phase phase, List<Started> started, String why) {
    var now =
        new Release(
            current().deployment(), current().begun(), current().request(), phase, started, why);
    return new DeploymentNote(announced, Optional.of(now), latest, revision);
  }
}
