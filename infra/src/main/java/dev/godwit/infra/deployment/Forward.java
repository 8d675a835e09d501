package dev.godwit.infra.deployment;

import static dev.godwit.infra.deployment.Sentences.shortened;

import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentNote.Release;
import dev.godwit.infra.deployment.DeploymentNote.Started;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.infra.deployment.RunLedger.Books;
import dev.godwit.infra.deployment.Runs.Run;
import dev.godwit.run.Direction;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.MigrationState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs a deployment's migrations, one after the other: what the history has as applied is left
 * alone, the first that is not is started, and the next only when the history has it.
 *
 * <p>A run is noted before it is started, in the same invocation: whoever takes the note from here
 * on, as a rollback does, knows of every run that can have been started.
 */
final class Forward {
  /**
   * An export that was good when the table was to be replaced is taken, however long the deployment
   * has taken since; an older one is of another deployment, and lacks what was written meanwhile.
   */
  private static final Duration EXPORT_IS_GOOD_FOR = ExportRecord.GOOD_FOR.multipliedBy(2);

  private final DeploymentPorts ports;

  Forward(DeploymentPorts ports) {
    this.ports = ports;
  }

  /** The migrations that the history does not have as applied, in their order. */
  List<Step> pending(DeploymentRequest request) {
    return request.migrations().stream()
        .filter(step -> !ports.ledger().history(request.tableName(), step.id()).applied())
        .toList();
  }

  /** Does what can be done now for the release that a note has, and notes how far it has come. */
  Progress advance(String tableName, DeploymentNote note) {
    var progress = step(tableName, note);
    var phase =
        switch (progress.state()) {
          case ALL_APPLIED -> Phase.DONE;
          case GOING -> Phase.GOING;
          case FAILED -> Phase.FAILED;
        };
    String why = phase == Phase.FAILED ? progress.why() : "";
    var now = progress.note().current();
    if (now.phase() == phase && now.why().equals(why)) {
      return progress;
    }
    if (phase == Phase.FAILED) {
      ports.log().accept(why);
    }
    var written = ports.notes().write(tableName, progress.note(), progress.note().with(phase, why));
    return new Progress(progress.state(), progress.why(), written);
  }

  private Progress step(String tableName, DeploymentNote note) {
    var release = note.current();
    for (Step step : release.request().migrations()) {
      if (!ports.ledger().history(tableName, step.id()).applied()) {
        return run(tableName, note, release, step);
      }
    }
    return Progress.allApplied(note);
  }

  private Progress run(String tableName, DeploymentNote note, Release release, Step step) {
    String runId = RunNames.up(release.deployment(), step.id());
    Optional<Run> found = ports.runs().find(runId);
    if (found.isEmpty()) {
      // Step Functions forgets executions: one that failed long ago is not started again.
      return release.phase() == Phase.FAILED && release.hasStarted(runId)
          ? Progress.failed(release.why(), note)
          : start(tableName, note, release, step, runId);
    }
    return switch (found.get().status()) {
      case RUNNING -> Progress.going(step.id() + " is being run as " + runId, note);
      case FAILED ->
          Progress.failed(
              "The migration "
                  + step.id()
                  + " of "
                  + tableName
                  + " failed, and those after it were not run: "
                  + shortened(found.get().reason())
                  + " See "
                  + ports.runs().arn(runId),
              note);
      case SUCCEEDED -> settled(tableName, note, step, runId, found.get());
    };
  }

  private Progress settled(
      String tableName, DeploymentNote note, Step step, String runId, Run run) {
    if (ports.ledger().books(runId) != Books.CLOSED) {
      return run.endedAt().filter(this::isLongAgo).isPresent()
          ? Progress.failed(
              Sentences.notSettled(runId, DeploymentMigrations.LONGEST_SETTLING), note)
          : Progress.going(runId + " is being settled", note);
    }
    var history = ports.ledger().history(tableName, step.id());
    if (history.applied()) {
      return step(tableName, note); // settled just now
    }
    return Progress.failed(
        "The run "
            + runId
            + " ended well, but "
            + step.id()
            + " is not applied to "
            + tableName
            + ", and those after it were not run: "
            + (history.state() == MigrationState.PARTIAL
                ? "it is partial, "
                    + history.failed()
                    + " items were left as they were. See godwit report "
                    + history.runId()
                    + ", and offer them again with --retry-failures."
                : "the history has it as "
                    + (history.state() == MigrationState.UNDONE
                        ? "undone by " + history.runId() + "."
                        : "never applied.")),
        note);
  }

  private boolean isLongAgo(java.time.Instant end) {
    return ports.clock().instant().isAfter(end.plus(DeploymentMigrations.LONGEST_SETTLING));
  }

  private Progress start(
      String tableName, DeploymentNote note, Release release, Step step, String runId) {
    var holder = ports.ledger().holder(tableName);
    if (holder.isPresent()) {
      if (release.owns(holder.get())) {
        return Progress.going(holder.get() + " is being settled", note);
      }
      String why = tableIsTaken(tableName, holder.get(), step);
      return release.request().waits() ? Progress.failed(why, note) : Progress.going(why, note);
    }
    Optional<String> manifest = Optional.empty();
    if (step.keyChange().isPresent()) {
      var export = ports.exports().latest(tableName, step.id());
      manifest = manifest(export);
      if (manifest.isEmpty()) {
        return Progress.failed(withoutExport(tableName, step, export), note);
      }
    }
    var started =
        new Started(step.id(), runId, step.undoable(), ports.clock().instant(), Optional.empty());
    var noted = ports.notes().write(tableName, note, note.starting(started));
    ports.log().accept("Starting " + ports.runs().arn(runId));
    ports.runs().start(runId, request(release.request(), runId, step, manifest));
    return Progress.going(step.id() + " is being run as " + runId, noted);
  }

  private static String request(
      DeploymentRequest request, String runId, Step step, Optional<String> manifest) {
    return step.keyChange().isPresent()
        ? request.keyChangeRequest(runId, step.id(), step.keyChange().get(), manifest.orElseThrow())
        : request.runRequest(runId, step.id(), Direction.UP);
  }

  /** Why a key change cannot be begun, if its table has no export that is there. */
  Optional<String> withoutExport(String tableName, Step step) {
    if (step.keyChange().isEmpty()) {
      return Optional.empty();
    }
    var export = ports.exports().latest(tableName, step.id());
    return manifest(export).isPresent()
        ? Optional.empty()
        : Optional.of(withoutExport(tableName, step, export));
  }

  private Optional<String> manifest(Optional<ExportRecord> export) {
    var earliest = ports.clock().instant().minus(EXPORT_IS_GOOD_FOR);
    return export
        .filter(it -> it.isGoodAt(earliest.plus(ExportRecord.GOOD_FOR)))
        .flatMap(ExportRecord::manifest);
  }

  private static String withoutExport(String tableName, Step step, Optional<ExportRecord> export) {
    return "The key of "
        + tableName
        + " is changed by "
        + step.id()
        + ", which takes an export of it first, and "
        + export
            .map(
                it ->
                    switch (it.status()) {
                      case ASKED, IN_PROGRESS -> "that is under way";
                      case REFUSED, FAILED -> "there is none: " + it.failure();
                      case COMPLETED ->
                          it.manifest().isEmpty()
                              ? "nobody knows where it is"
                              : "the last is older than " + EXPORT_IS_GOOD_FOR.toHours() + " hours";
                    })
            .orElse("there is none")
        + ". Nothing was started. godwit export --table "
        + tableName
        + " --point-in-time --migration "
        + step.id()
        + " makes one, or waits for it; then deploy again.";
  }

  /**
   * Why a key change that the history has as applied is not known to have filled this deployment's
   * target: the history is the source table's, and another target may have been meant.
   */
  Optional<String> withoutItsTarget(String tableName, Step step) {
    var history = ports.ledger().history(tableName, step.id());
    if (step.keyChange().isEmpty() || !history.applied()) {
      return Optional.empty();
    }
    String target = step.keyChange().get().targetTable();
    String by;
    if (!history.appliedByDeployment()) {
      by =
          history.runId().isEmpty()
              ? "marked as applied by hand"
              : "applied by " + history.runId() + ", which no deployment has started";
    } else {
      var filled = ports.ledger().target(history.runId());
      if (filled.filter(target::equals).isPresent()) {
        return Optional.empty();
      }
      by =
          "applied by "
              + history.runId()
              + filled
                  .map(table -> ", which has filled " + table)
                  .orElse(", of which no target is known");
    }
    return Optional.of(
        step.id()
            + " was "
            + by
            + ": whether "
            + target
            + " of this deployment has its items is not known. If it has, leave out keyChange;"
            + " else give the migration another id.");
  }

  static String tableIsTaken(String tableName, String holder, Step step) {
    return "The table "
        + tableName
        + " is being migrated by the run "
        + holder
        + ", so that "
        + step.id()
        + " was not started. Deploy again when that run has ended.";
  }
}
