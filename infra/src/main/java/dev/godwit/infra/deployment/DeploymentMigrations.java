package dev.godwit.infra.deployment;

import dev.godwit.infra.deployment.Books.Note;
import dev.godwit.infra.deployment.Books.Started;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.infra.deployment.Runs.Run;
import dev.godwit.infra.deployment.Runs.Status;
import dev.godwit.run.Direction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Brings a table's migrations up to date during a deployment, and back if the deployment is rolled
 * back.
 *
 * <p>Every method may be called again with the same event: what is to be done is read from the
 * ledger and from Step Functions each time, and runs are named after CloudFormation's request.
 *
 * <p>Forward, one migration after the other: what the history has as applied is left alone, the
 * first that is not is started, and the next only when the history has it. Backward, in the
 * opposite order, and only what this deployment itself started. Deleting a stack starts nothing.
 */
final class DeploymentMigrations {
  /**
   * As long as CloudFormation waits for a custom resource: CloudFormation template reference,
   * AWS::CloudFormation::CustomResource, ServiceTimeout, from 1 to 3600; read 2026-11-20.
   */
  static final Duration LONGEST_DEPLOYMENT = Duration.ofHours(1);

  /** Settling takes seconds; a run whose history is not written after this has not been settled. */
  static final Duration LONGEST_SETTLING = Duration.ofMinutes(10);

  private static final int LONGEST_RUN_ID = 64;
  private static final int LONGEST_REASON = 800;

  private final Runs runs;
  private final Books books;
  private final Surroundings surroundings;
  private final Clock clock;
  private final Consumer<String> log;

  DeploymentMigrations(
      Runs runs, Books books, Surroundings surroundings, Clock clock, Consumer<String> log) {
    this.runs = runs;
    this.books = books;
    this.surroundings = surroundings;
    this.clock = clock;
    this.log = log;
  }

  /** What CloudFormation wants of a hook. */
  enum Kind {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * One call of CloudFormation's.
   *
   * @param requestId the same for all calls about one change
   */
  record Event(Kind kind, String stackId, String requestId, DeploymentRequest request) {}

  private enum Work {
    FORWARD,
    BACKWARD,
    NOTHING
  }

  /** Begins: refuses what cannot end in time, and starts the first run if nobody will wait. */
  void begin(Event event) {
    if (work(event) != Work.FORWARD) {
      return;
    }
    var request = event.request();
    var known = books.note(request.tableName());
    if (known.isEmpty() || !known.get().deployment().equals(event.requestId())) {
      books.write(request.tableName(), new Note(event.requestId(), request, List.of(), false));
    }
    if (request.waits()) {
      refuseWhatTakesTooLong(request);
    } else {
      forward(event.requestId(), request);
    }
  }

  /**
   * Goes on, and tells whether all is done.
   *
   * @throws DeploymentFailed when a migration failed
   */
  boolean isComplete(Event event) {
    return switch (work(event)) {
      case NOTHING -> true;
      case FORWARD -> !event.request().waits() || forward(event.requestId(), event.request());
      case BACKWARD -> backward(event);
    };
  }

  /**
   * Goes on with what a deployment that did not wait has left to do on a table.
   *
   * @throws DeploymentFailed when a migration failed: those after it are not run
   */
  void proceed(String tableName) {
    var note = books.note(tableName);
    if (note.isPresent() && !note.get().request().waits() && !note.get().rolledBack()) {
      forward(note.get().deployment(), note.get().request());
    }
  }

  private Work work(Event event) {
    boolean rollback = surroundings.stackStatus(event.stackId()).contains("ROLLBACK");
    if (rollback) {
      // A hook that is rolled back is either updated to what it was, or, if it is new, deleted.
      return event.kind() == Kind.CREATE ? Work.NOTHING : Work.BACKWARD;
    }
    return event.kind() != Kind.DELETE && event.request().moment() == Moment.AFTER
        ? Work.FORWARD
        : Work.NOTHING;
  }

  private void refuseWhatTakesTooLong(DeploymentRequest request) {
    long pending =
        request.migrations().stream()
            .filter(step -> !books.applied(request.tableName(), step.id()))
            .count();
    if (pending == 0) {
      return;
    }
    var size = surroundings.tableSize(request.tableName());
    var estimate = Estimate.of(size, request).multipliedBy(pending);
    if (estimate.compareTo(LONGEST_DEPLOYMENT) > 0) {
      throw new DeploymentFailed(
          pending
              + " pending migration(s) of "
              + request.tableName()
              + " ("
              + size.items()
              + " items, "
              + size.bytes()
              + " bytes) would take about "
              + minutes(estimate)
              + " if "
              + request.itemsWrittenPercent()
              + " % of the items change, and CloudFormation waits for "
              + minutes(LONGEST_DEPLOYMENT)
              + " at most. Nothing was started. Run them first with godwit run, or deploy with"
              + " \"wait\": false, or state a lower \"itemsWrittenPercent\".");
    }
  }

  private static String minutes(Duration duration) {
    return duration.toMinutes() + " minutes";
  }

  /** Whether all are applied; starts the next if its turn has come. */
  private boolean forward(String deployment, DeploymentRequest request) {
    String table = request.tableName();
    for (Step step : request.migrations()) {
      if (books.applied(table, step.id())) {
        continue;
      }
      String runId = runId("up", deployment, step.id());
      var run = runs.find(runId);
      if (run.isEmpty()) {
        start(deployment, request, step, runId);
        return false;
      }
      if (run.get().status() == Status.FAILED) {
        throw new DeploymentFailed(
            "The migration "
                + step.id()
                + " of "
                + table
                + " failed, and those after it were not run: "
                + shortened(run.get().reason())
                + " See "
                + runs.arn(runId));
      }
      if (run.get().status() == Status.SUCCEEDED) {
        failIfNotSettled(run.get(), runId);
      }
      return false;
    }
    return true;
  }

  private void start(String deployment, DeploymentRequest request, Step step, String runId) {
    String table = request.tableName();
    var note =
        books
            .note(table)
            .filter(n -> n.deployment().equals(deployment))
            .orElseGet(() -> new Note(deployment, request, List.of(), false));
    var holder = books.holder(table);
    if (holder.isPresent()) {
      if (note.started().stream().anyMatch(s -> s.runId().equals(holder.get()))) {
        return; // the run before is being settled
      }
      throw new DeploymentFailed(
          "The table "
              + table
              + " is being migrated by the run "
              + holder.get()
              + ", so that "
              + step.id()
              + " was not started. Deploy again when that run has ended.");
    }
    var started = new Started(step.id(), runId, step.undoable());
    if (!note.started().contains(started)) {
      books.write(table, note.with(started));
    }
    log.accept("Starting " + runs.arn(runId));
    runs.start(runId, request.runRequest(runId, step.id(), Direction.UP));
  }

  private void failIfNotSettled(Run run, String runId) {
    var settled = run.endedAt().map(at -> at.plus(LONGEST_SETTLING));
    if (settled.isPresent() && clock.instant().isAfter(settled.get())) {
      throw new DeploymentFailed(
          "The run "
              + runId
              + " succeeded, but was not settled within "
              + minutes(LONGEST_SETTLING)
              + ": look at the settle machine's executions and at the queue of undelivered endings.");
    }
  }

  /** Whether all that the deployment did is undone; does the next step. */
  private boolean backward(Event event) {
    String table = event.request().tableName();
    var found = books.note(table);
    if (found.isEmpty()) {
      return true;
    }
    var note = found.get();
    if (!note.rolledBack()) {
      note = note.goingBack();
      books.write(table, note);
    }
    while (!note.started().isEmpty()) {
      var last = note.started().get(note.started().size() - 1);
      if (!undone(event, note, last)) {
        return false;
      }
      note = note.without(last);
      books.write(table, note);
    }
    return true;
  }

  /** Whether nothing is left of one run: it never was, cannot be undone, or has been. */
  private boolean undone(Event event, Note note, Started started) {
    String table = event.request().tableName();
    var up = runs.find(started.runId());
    if (up.isPresent() && up.get().status() == Status.RUNNING) {
      runs.stop(started.runId(), "The deployment that started it is being rolled back");
      return false;
    }
    String downId = runId("down", event.requestId(), started.migration());
    var down = runs.find(downId);
    if (down.isPresent()) {
      return switch (down.get().status()) {
        case RUNNING -> false;
        case FAILED ->
            throw new DeploymentFailed(
                "Undoing "
                    + started.migration()
                    + " of "
                    + table
                    + " failed: "
                    + shortened(down.get().reason())
                    + " See "
                    + runs.arn(downId)
                    + ". Continue the rollback to try again, or skip this resource.");
        case SUCCEEDED -> {
          if (books.holder(table).filter(downId::equals).isPresent()) {
            failIfNotSettled(down.get(), downId);
            yield false;
          }
          yield true;
        }
      };
    }
    if (up.isEmpty() || !books.opened(started.runId())) {
      return true; // it changed nothing
    }
    var holder = books.holder(table);
    if (holder.isPresent()) {
      if (holder.get().equals(started.runId())) {
        up.ifPresent(run -> failIfNotSettled(run, started.runId()));
        return false;
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
    if (!started.undoable()) {
      log.accept(
          started.migration()
              + " of "
              + table
              + " has no down and stays as it is: "
              + started.runId());
      return true;
    }
    if (!surroundings.liveWorkerVersion().equals(note.request().workerVersion())) {
      log.accept(
          "The worker that knows "
              + started.migration()
              + " has been replaced already, so that it was not undone. Undo it by hand: godwit run"
              + " --direction down, with the deployment's migrations.");
      return true;
    }
    log.accept("Undoing, as " + runs.arn(downId));
    runs.start(downId, note.request().runRequest(downId, started.migration(), Direction.DOWN));
    return false;
  }

  private static String shortened(String reason) {
    String text = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    return text.endsWith(".") ? text : text + ".";
  }

  /** The same for the same deployment, direction and migration; another for any other. */
  static String runId(String direction, String deployment, String migration) {
    String id =
        "deploy-" + direction + "-" + digest(deployment + "/" + migration) + "-" + migration;
    return id.length() > LONGEST_RUN_ID ? id.substring(0, LONGEST_RUN_ID) : id;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
