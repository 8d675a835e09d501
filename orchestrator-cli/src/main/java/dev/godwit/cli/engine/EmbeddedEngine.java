package dev.godwit.cli.engine;

import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionAlreadyExists;
import dev.godwit.asl.ExecutionNotRedrivable;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.ExecutionSummary;
import dev.godwit.asl.FolderObjectStore;
import dev.godwit.asl.ObjectStore;
import dev.godwit.asl.TaskFailure;
import dev.godwit.asl.TaskPort;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.WorkerFactory.OpenWorker;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerReader;
import dev.godwit.cli.local.LocalRunFiles;
import dev.godwit.cli.local.LocalRunFiles.Origin;
import dev.godwit.cli.results.FolderFiles;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.Runs;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.AutoScalingWire;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.DynamoDbWire;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.record.SampleRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machine on this machine, with the worker in this process.
 *
 * <p>Everything it keeps is in one folder: journals under {@code executions/}, results and failure
 * records under {@code results/runs/<runId>/}, laid out as in the bucket on AWS.
 */
public final class EmbeddedEngine implements RunEngine {
  static final String WORKER_FUNCTION = "godwit-worker";
  static final String RESULTS_BUCKET = "results";

  /** As {@code migrate-table} names it. */
  private static final String TABLE_IS_TAKEN = "Godwit.TableIsTaken";

  private static final String SEGMENTS_STATE = "Migrate segments";

  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);

  /** For pages under way when a run is stopped; a page of a throttled table can take a while. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  /**
   * What a slice may need: two pages of at most 1 MB, of many small items, decoded, and their
   * writes.
   */
  private static final long SLICE_BYTES = 16L << 20;

  /** What the process needs beside its slices: its classes' own data, the SDK's, the engine's. */
  private static final long OWN_BYTES = 32L << 20;

  /** The definitions publish only to a topic, and here none is substituted. */
  static final TaskPort NO_TOPIC =
      call -> {
        throw new TaskFailure("Sns.NotFoundException", "Runs on this machine have no topic.");
      };

  static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "Partition",
          "aws",
          "WorkerFunction",
          WORKER_FUNCTION,
          "WorkerFunctionName",
          WORKER_FUNCTION,
          "LedgerTable",
          Ledger.TABLE,
          "ResultsBucket",
          RESULTS_BUCKET,
          "NotificationTopic",
          "");

  private final DynamoDbConnection connection;
  private final WorkerFactory workers;
  private final Path folder;
  private final LocalRunFiles files;
  private final ObjectStore objects;
  private final Optional<Origin> origin;
  private final int slicesThatFit;

  /**
   * @param slicesThatFit how many slices may be under way at once
   */
  EmbeddedEngine(
      DynamoDbConnection connection,
      WorkerFactory workers,
      Path folder,
      Optional<Origin> origin,
      int slicesThatFit) {
    this.connection = connection;
    this.workers = workers;
    this.folder = folder;
    this.files = new LocalRunFiles(folder);
    this.objects = new FolderObjectStore(folder);
    this.origin = origin;
    this.slicesThatFit = slicesThatFit;
  }

  @Override
  public RunEnding run(RunRequest asked, RunObserver observer, StopSignal stop) {
    var request = fitting(asked, observer);
    request.retryFailures().ifPresent(this::checkFailures);
    Ledger.ensure(connection);
    return carryOut(
        request,
        observer,
        stop,
        engine -> {
          if (engine.find(request.runId()).isPresent()) {
            throw thereWas(request.runId(), null);
          }
          // Before it begins: whoever kills it just then can go on with it.
          origin.ifPresent(from -> files.keep(request.runId(), from));
          try {
            return engine.start(
                Definitions.migrateTable(SUBSTITUTIONS),
                request.runId(),
                RunRequestJson.write(request));
          } catch (ExecutionAlreadyExists e) {
            throw thereWas(request.runId(), e);
          }
        });
  }

  private CommandFailed thereWas(String runId, @Nullable ExecutionAlreadyExists cause) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        "There was a run "
            + runId
            + " before, in "
            + folder
            + "; nothing was changed. Go on with it: 'godwit redrive "
            + runId
            + "', or choose another --run-id",
        cause);
  }

  /** The state machine shares a budget over the segments under way, so it must know how many. */
  private RunRequest fitting(RunRequest asked, RunObserver observer) {
    if (Math.min(asked.maxConcurrency(), asked.totalSegments()) <= slicesThatFit) {
      return asked;
    }
    observer.adjusted(
        String.format(
            Locale.ROOT,
            "Running %,d segments at a time, not %,d: no more fit into this process's memory (java -Xmx)",
            slicesThatFit,
            asked.maxConcurrency()));
    return asked.withMaxConcurrency(slicesThatFit);
  }

  private void checkFailures(String earlierRun) {
    try {
      new RunResults(new FolderFiles(folder.resolve(RESULTS_BUCKET)))
          .checkFailures(earlierRun, resultsLocation(folder, earlierRun));
    } catch (IOException e) {
      throw new UncheckedIOException("The results of " + earlierRun + " cannot be read", e);
    }
  }

  @Override
  public Optional<RunRequest> find(String runId) {
    try (var engine = Engine.builder(folder).build()) {
      return engine
          .find(runId)
          .filter(execution -> execution.stateMachine().equals(Definitions.MIGRATE_TABLE))
          .map(execution -> RunRequestJson.read(execution.input().toString()));
    }
  }

  @Override
  public RunEnding redrive(RunRequest request, RunObserver observer, StopSignal stop) {
    return carryOut(
        request,
        observer,
        stop,
        engine -> {
          checkRedrivable(engine, request.runId());
          takeTableAgain(engine, request.runId());
          try {
            return engine.redrive(request.runId());
          } catch (ExecutionNotRedrivable e) {
            throw new CommandFailed(
                ExitCode.BAD_USAGE,
                "The run " + request.runId() + " cannot be redriven: " + e.getMessage(),
                e);
          }
        });
  }

  private static void checkRedrivable(Engine engine, String runId) {
    var known = engine.find(runId).orElseThrow();
    if (known.status() == ExecutionStatus.RUNNING && !known.killed()) {
      throw refused(runId, "is running; watch it: 'godwit watch " + runId + "'");
    }
    if (known.status() == ExecutionStatus.SUCCEEDED) {
      throw refused(runId, "has succeeded; there is nothing to go on with");
    }
    if (new LocalSettlement(engine).isUnderWay(known)) {
      throw refused(
          runId, "has ended, and its books are being closed; redrive it when they are closed");
    }
    if (known.error().map(Runs.NEVER_BEGAN::contains).orElse(false)) {
      throw refused(
          runId, "never began, for its table was taken; start a new one with 'godwit run'");
    }
  }

  private static CommandFailed refused(String runId, String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, "The run " + runId + " " + why);
  }

  /** A run that was killed before it was opened has no record, and opens itself. */
  private void takeTableAgain(Engine engine, String runId) {
    try (var client = connection.client()) {
      var ledger = new LedgerReader(client, Ledger.TABLE);
      var record = ledger.run(runId);
      if (record.isPresent()) {
        ledger.takeAgain(record.get(), Instant.now());
      } else if (!engine.mapRuns(runId).isEmpty()) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "The ledger at "
                + connection.place()
                + " does not know the run "
                + runId
                + "; give the endpoint and region that it was started with. Nothing was changed");
      }
    }
  }

  /** Closes the books of a run that has ended in another process, unless that was done. */
  void settle(String runId) {
    var refused = new RefusedDecrease();
    var autoScaling = AutoScalingWire.beside(connection);
    try (var wire = DynamoDbWire.over(connection);
        var engine = builder(wire, autoScaling).listener(refused).build()) {
      new LocalSettlement(engine, refused).settle(runId);
    } finally {
      autoScaling.ifPresent(AutoScalingWire::close);
    }
  }

  private RunEnding carryOut(
      RunRequest request,
      RunObserver observer,
      StopSignal stop,
      Function<Engine, Execution> begin) {
    var live = new Tally.Sum();
    PageListener pages =
        (segment, page) -> {
          synchronized (live) {
            live.add(page);
          }
          observer.pageDone(page);
        };
    var firstFailure = new FirstFailure();
    var refused = new RefusedDecrease();
    var autoScaling = AutoScalingWire.beside(connection);
    try (var worker = workers.open(pages);
        var wire = DynamoDbWire.over(connection);
        var engine = engine(worker, wire, autoScaling, request, firstFailure, refused)) {
      var execution = begin.apply(engine);
      files.forgetStop(request.runId()); // not before: it may be another process's to heed
      stop.onStop(() -> execution.stop("Stopped", stop.reason()));
      stop.onCutOff(execution::cutOff);
      follow(engine, execution, request, observer, stop);
      new LocalSettlement(engine, refused).settle(request.runId());
      files.forgetStop(request.runId());
      synchronized (live) {
        return ending(engine, execution, request, live.total(), firstFailure);
      }
    } finally {
      autoScaling.ifPresent(AutoScalingWire::close);
    }
  }

  private Engine engine(
      OpenWorker worker,
      DynamoDbWire wire,
      Optional<AutoScalingWire> autoScaling,
      RunRequest request,
      FirstFailure firstFailure,
      RefusedDecrease refused) {
    return builder(wire, autoScaling)
        .task(WorkerTask.RESOURCE_PREFIX, new WorkerTask(worker.handler()))
        .listener(
            event -> {
              firstFailure.on(event);
              refused.on(event);
            })
        .taskThreads(Math.min(request.maxConcurrency(), slicesThatFit))
        .grace(GRACE)
        .build();
  }

  /** However many segments a run may have under way, this process has only so much memory. */
  static int slicesThatFit() {
    return (int) Math.max(1, (Runtime.getRuntime().maxMemory() - OWN_BYTES) / SLICE_BYTES);
  }

  private Engine.Builder builder(DynamoDbWire wire, Optional<AutoScalingWire> autoScaling) {
    return Engine.builder(folder)
        .task(DynamoDbTask.RESOURCE_PREFIX, new DynamoDbTask(wire))
        .task(AutoScalingTask.RESOURCE_PREFIX, new AutoScalingTask(autoScaling))
        .task("aws-sdk:sns:", NO_TOPIC)
        .task("aws-sdk:lambda:", WorkerTask.NO_ALIASES)
        .objects(objects);
  }

  /** Returns when the execution has ended; asks it to when this thread is interrupted. */
  private void follow(
      Engine engine,
      Execution execution,
      RunRequest request,
      RunObserver observer,
      StopSignal stop) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = execution.await(LOOKED_AT_EVERY);
        observer.segmentsAre(segments(engine, execution, request));
        if (files.isAskedToStop(request.runId())) {
          stop.stop();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        execution.stop("Stopped", "The thread that waited for the run was interrupted.");
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private RunEnding ending(
      Engine engine,
      Execution execution,
      RunRequest request,
      Tally live,
      FirstFailure firstFailure) {
    var status = RunStatus.valueOf(execution.status().name());
    if (status == RunStatus.ABORTED && execution.error().isEmpty()) {
      throw damaged(request.runId()); // nobody has stopped it: there was nothing to go on with
    }
    checkFolder(execution, firstFailure);
    return new RunEnding(
        request.runId(),
        status,
        segments(engine, execution, request),
        status == RunStatus.SUCCEEDED ? exact(request.runId()) : live,
        resultsLocation(folder, request.runId()),
        Duration.between(
            execution.startedAt(), execution.stoppedAt().orElse(execution.startedAt())),
        error(engine, execution, request, firstFailure),
        request.mode().writes() ? List.of() : samples(request.runId()));
  }

  /** A run that has failed because its folder has did not fail by itself. */
  private void checkFolder(Execution execution, FirstFailure firstFailure) {
    var failed =
        Stream.of(execution.cause(), firstFailure.told())
            .flatMap(Optional::stream)
            .filter(cause -> cause.contains(Execution.FOLDER_FAILED))
            .findFirst();
    if (failed.isPresent()) {
      var why = failed.get().substring(failed.get().indexOf(Execution.FOLDER_FAILED));
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "What is kept of the run "
              + execution.name()
              + " in "
              + folder
              + " could not be written, or not be read ("
              + why.substring(Execution.FOLDER_FAILED.length()).lines().findFirst().orElse("")
              + "), so the run has failed. How it stands, and how to go on when there is room again: 'godwit status "
              + execution.name()
              + "'. If the folder is damaged for good, start a new run, which keeps what is migrated already");
    }
  }

  private CommandFailed damaged(String runId) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The journal of the run "
            + runId
            + ", in "
            + folder.resolve("executions").resolve(runId)
            + ", is damaged: lines are missing, and segments of the run with them. What is written stays written. Start a new run, which keeps what is migrated already");
  }

  private List<SampleRecord> samples(String runId) {
    try {
      return new RunResults(new FolderFiles(folder.resolve(RESULTS_BUCKET))).samples(runId);
    } catch (IOException e) {
      throw new UncheckedIOException("The samples of the run " + runId + " cannot be read", e);
    }
  }

  static String resultsLocation(Path folder, String runId) {
    return folder.resolve(RESULTS_BUCKET).resolve(ResultsLayout.folder(runId)).toString();
  }

  /**
   * The results are exact; what was heard live counts pages again that were read again after a
   * fault, and is all there is of a run that did not succeed.
   */
  private Tally exact(String runId) {
    try {
      return new RunResults(new FolderFiles(folder.resolve(RESULTS_BUCKET))).exact(runId);
    } catch (IOException e) {
      throw new UncheckedIOException("The results of " + runId + " cannot be read", e);
    }
  }

  private Optional<String> error(
      Engine engine, Execution execution, RunRequest request, FirstFailure firstFailure) {
    return switch (execution.status()) {
      case FAILED, TIMED_OUT -> {
        var own = execution.error().orElse("") + ": " + execution.cause().orElse("");
        var first =
            firstFailure
                .told()
                .filter(told -> !told.equals(own))
                .map(told -> System.lineSeparator() + "The first failure was " + told)
                .orElse("");
        var way =
            howToFreeTheTable(engine, execution, request)
                .map(advice -> System.lineSeparator() + advice)
                .orElse("");
        yield Optional.of(own + first + way);
      }
      case RUNNING, SUCCEEDED, ABORTED -> Optional.empty();
    };
  }

  /** For a run that found its table taken: who has it, if that can be told from here. */
  private Optional<String> howToFreeTheTable(
      Engine engine, Execution execution, RunRequest request) {
    if (!execution.error().equals(Optional.of(TABLE_IS_TAKEN))) {
      return Optional.empty();
    }
    try (var client = connection.client()) {
      return new LedgerReader(client, Ledger.TABLE)
          .lease(request.tableName())
          .map(
              lease -> adviceAbout(request.tableName(), lease.runId(), engine.find(lease.runId())));
    } catch (CommandFailed e) {
      return Optional.empty();
    }
  }

  private String adviceAbout(String tableName, String holder, Optional<ExecutionSummary> known) {
    if (known.isEmpty()) {
      return "The run "
          + holder
          + " was not started from "
          + folder
          + ": watch or stop it where it was. If that is lost: 'godwit release --table "
          + tableName
          + "'.";
    }
    if (known.get().status() == ExecutionStatus.RUNNING && !known.get().killed()) {
      return "Watch it: 'godwit watch " + holder + "'. Stop it: 'godwit stop " + holder + "'.";
    }
    return "The process of the run "
        + holder
        + " died. Go on where it stood: 'godwit redrive "
        + holder
        + "'. End it and free the table: 'godwit stop "
        + holder
        + "'.";
  }

  /**
   * Of the first Map Run, which migrates; a second one only applies what was deferred. After a
   * redrive the first one may be over, and is only on the disk.
   */
  private static SegmentCounts segments(Engine engine, Execution execution, RunRequest request) {
    return execution.mapRuns().stream()
        .filter(counts -> counts.stateName().equals(SEGMENTS_STATE))
        .findFirst()
        .map(
            counts ->
                new SegmentCounts(request.totalSegments(), counts.succeeded(), counts.failed()))
        .orElseGet(() -> saved(engine, request));
  }

  /** What the disk says, whoever runs it. */
  static SegmentCounts saved(Engine engine, RunRequest request) {
    return engine.mapRuns(request.runId()).stream()
        .findFirst()
        .map(
            counts ->
                new SegmentCounts(request.totalSegments(), counts.succeeded(), counts.failed()))
        .orElse(new SegmentCounts(request.totalSegments(), 0, 0));
  }
}
