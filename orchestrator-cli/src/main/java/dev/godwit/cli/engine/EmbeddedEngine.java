package dev.godwit.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.FolderObjectStore;
import dev.godwit.asl.ObjectStore;
import dev.godwit.asl.TaskCall;
import dev.godwit.asl.TaskFailure;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.WorkerFactory.OpenWorker;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunRequest;
import dev.godwit.cli.run.RunRequestJson;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.AutoScalingWire;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.DynamoDbWire;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the state machine on this machine, with the worker in this process.
 *
 * <p>Everything it keeps is in one folder: journals under {@code executions/}, results and failure
 * records under {@code results/runs/<runId>/}, laid out as in the bucket on AWS.
 */
public final class EmbeddedEngine implements RunEngine {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedEngine.class);

  static final String WORKER_FUNCTION = "godwit-worker";
  static final String RESULTS_BUCKET = "results";

  /** As {@code migrate-table} names it. */
  private static final String TABLE_IS_TAKEN = "Godwit.TableIsTaken";

  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);

  /** For pages under way when a run is stopped; a page of a throttled table can take a while. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  /**
   * What a slice may need: two pages of at most 1 MB, of many small items, decoded, and their
   * writes.
   */
  private static final long SLICE_BYTES = 16L << 20;

  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "Partition",
          "aws",
          "WorkerFunction",
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
  private final ObjectStore objects;

  EmbeddedEngine(DynamoDbConnection connection, WorkerFactory workers, Path folder) {
    this.connection = connection;
    this.workers = workers;
    this.folder = folder;
    this.objects = new FolderObjectStore(folder);
  }

  @Override
  public RunEnding run(RunRequest request, RunObserver observer, StopSignal stop) {
    Ledger.ensure(connection);
    return carryOut(
        request,
        observer,
        stop,
        (engine, wire) ->
            engine.start(
                Definitions.migrateTable(SUBSTITUTIONS),
                request.runId(),
                RunRequestJson.write(request)));
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
        (engine, wire) -> {
          checkRedrivable(engine, request);
          var arn = engine.statusChangeEvent(request.runId()).at("/detail/executionArn").asText();
          Ledger.retake(wire, request.runId(), request.tableName(), arn);
          return engine.redrive(request.runId());
        });
  }

  private static void checkRedrivable(Engine engine, RunRequest request) {
    var known = engine.find(request.runId()).orElseThrow();
    if (known.status() == ExecutionStatus.SUCCEEDED) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run " + request.runId() + " has succeeded; there is nothing to go on with");
    }
    if (known.status() == ExecutionStatus.RUNNING && !known.killed()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run " + request.runId() + " is still running, in another process");
    }
  }

  private RunEnding carryOut(
      RunRequest request, RunObserver observer, StopSignal stop, Beginning beginning) {
    var live = new Tally.Sum();
    PageListener pages =
        (segment, page) -> {
          synchronized (live) {
            live.add(page);
          }
          observer.pageDone(page);
        };
    var firstFailure = new FirstFailure();
    var autoScaling = AutoScalingWire.beside(connection);
    try (var worker = workers.open(pages, stop::isStopped);
        var wire = DynamoDbWire.over(connection);
        var engine = engine(worker, wire, autoScaling, request, firstFailure)) {
      var execution = beginning.begin(engine, wire);
      stop.onStop(() -> execution.stop("Stopped", "Stopped by its user, at page boundaries."));
      follow(execution, request, observer);
      settle(engine, execution);
      synchronized (live) {
        return ending(execution, request, live.total(), firstFailure);
      }
    } finally {
      autoScaling.ifPresent(AutoScalingWire::close);
    }
  }

  /** Starts an execution, or goes on with one. */
  @FunctionalInterface
  private interface Beginning {
    Execution begin(Engine engine, DynamoDbWire wire);
  }

  private Engine engine(
      OpenWorker worker,
      DynamoDbWire wire,
      Optional<AutoScalingWire> autoScaling,
      RunRequest request,
      FirstFailure firstFailure) {
    return Engine.builder(folder)
        .task(WorkerTask.RESOURCE_PREFIX, new WorkerTask(worker.handler()))
        .task(DynamoDbTask.RESOURCE_PREFIX, new DynamoDbTask(wire))
        .task(AutoScalingTask.RESOURCE_PREFIX, new AutoScalingTask(autoScaling))
        .task("aws-sdk:sns:", EmbeddedEngine::notifiesNobody)
        .objects(objects)
        .listener(firstFailure)
        .taskThreads(Math.min(request.maxConcurrency(), slicesThatFit()))
        .grace(GRACE)
        .build();
  }

  /** However many segments a run may have under way, this process has only so much memory. */
  private static int slicesThatFit() {
    return (int) Math.max(1, Runtime.getRuntime().maxMemory() / SLICE_BYTES);
  }

  /** The definitions publish only to a topic, and here none is substituted. */
  private static JsonNode notifiesNobody(TaskCall call) throws TaskFailure {
    throw new TaskFailure("Sns.NotFoundException", "Runs on this machine have no topic.");
  }

  /** Returns when the execution has ended; asks it to when this thread is interrupted. */
  private static void follow(Execution execution, RunRequest request, RunObserver observer) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = execution.await(LOOKED_AT_EVERY);
        observer.segmentsAre(segments(execution, request));
      } catch (InterruptedException e) {
        interrupted = true;
        execution.stop("Stopped", "The thread that waited for the run was interrupted.");
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What EventBridge starts on AWS, whatever the ending was. */
  private static void settle(Engine engine, Execution ended) {
    var settled =
        engine.start(
            Definitions.settleRun(SUBSTITUTIONS),
            "settle-" + ended.name() + "-" + ended.redriveCount(),
            ended.statusChangeEvent());
    try {
      settled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (settled.status() != ExecutionStatus.SUCCEEDED) {
      LOG.warn(
          "The run {} has ended, but was not settled: {}: {}",
          ended.name(),
          settled.error().orElse("it was interrupted"),
          settled.cause().orElse(""));
    }
  }

  private RunEnding ending(
      Execution execution, RunRequest request, Tally live, FirstFailure firstFailure) {
    return new RunEnding(
        request.runId(),
        RunStatus.valueOf(execution.status().name()),
        segments(execution, request),
        tally(execution, live),
        folder.resolve(RESULTS_BUCKET).resolve("runs").resolve(request.runId()).toString(),
        Duration.between(
            execution.startedAt(), execution.stoppedAt().orElse(execution.startedAt())),
        error(execution, firstFailure));
  }

  /**
   * The results are exact; what was heard live counts pages again that were read again after a
   * fault, and is all there is of a run that did not succeed.
   */
  private Tally tally(Execution execution, Tally live) {
    return execution
        .output()
        .map(output -> output.path("results"))
        .map(
            results ->
                new SegmentResults(objects)
                    .total(results.path("bucket").asText(), results.path("key").asText()))
        .orElse(live);
  }

  private static Optional<String> error(Execution execution, FirstFailure firstFailure) {
    return switch (execution.status()) {
      case FAILED, TIMED_OUT -> {
        var own = execution.error().orElse("") + ": " + execution.cause().orElse("");
        var first =
            firstFailure
                .told()
                .filter(told -> !told.equals(own))
                .map(told -> System.lineSeparator() + "The first failure was " + told)
                .orElse("");
        var taken =
            own.startsWith(TABLE_IS_TAKEN)
                ? " If the process of that run is gone, go on with it: godwit redrive, with its id."
                : "";
        yield Optional.of(own + first + taken);
      }
      case RUNNING, SUCCEEDED, ABORTED -> Optional.empty();
    };
  }

  /** Of the first Map Run, which migrates; a second one only applies what was deferred. */
  private static SegmentCounts segments(Execution execution, RunRequest request) {
    return execution.mapRuns().stream()
        .findFirst()
        .map(
            counts ->
                new SegmentCounts(request.totalSegments(), counts.succeeded(), counts.failed()))
        .orElse(new SegmentCounts(request.totalSegments(), 0, 0));
  }
}
