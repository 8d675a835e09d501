package dev.godwit.cli.engine;

import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.FolderObjectStore;
import dev.godwit.asl.MapRunCounts;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunRequest;
import dev.godwit.cli.run.RunRequestJson;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.DynamoDbWire;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the state machine on this machine, with the worker in this process.
 *
 * <p>Everything it keeps is in one folder: journals under {@code executions/}, results and failure
 * records under {@code results/runs/<runId>/}, laid out as in the bucket on AWS.
 */
public final class EmbeddedEngine implements RunEngine {
  static final String WORKER_FUNCTION = "godwit-worker";
  static final String RESULTS_BUCKET = "results";

  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);

  /** For pages under way when a run is stopped; a page of a throttled table can take a while. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "Partition", "aws",
          "WorkerFunction", WORKER_FUNCTION,
          "LedgerTable", "godwit-ledger",
          "ResultsBucket", RESULTS_BUCKET,
          "NotificationTopic", "");

  private final DynamoDbConnection connection;
  private final WorkerFactory workers;
  private final Path folder;

  EmbeddedEngine(DynamoDbConnection connection, WorkerFactory workers, Path folder) {
    this.connection = connection;
    this.workers = workers;
    this.folder = folder;
  }

  @Override
  public RunEnding run(RunRequest request, RunObserver observer, StopSignal stop) {
    var sum = new Tally.Sum();
    PageListener pages =
        (segment, page) -> {
          synchronized (sum) {
            sum.add(page);
          }
          observer.pageDone(page);
        };
    try (var worker = workers.open(pages, stop::isStopped);
        var wire = DynamoDbWire.over(connection);
        var engine =
            Engine.builder(folder)
                .task(WorkerTask.RESOURCE_PREFIX, new WorkerTask(worker.handler()))
                .task(DynamoDbTask.RESOURCE_PREFIX, new DynamoDbTask(wire))
                .objects(new FolderObjectStore(folder))
                .taskThreads(request.maxConcurrency())
                .grace(GRACE)
                .build()) {
      var execution =
          engine.start(
              Definitions.migrateTable(SUBSTITUTIONS),
              request.runId(),
              RunRequestJson.write(request));
      stop.onStop(() -> execution.stop("Stopped", "Stopped by its user at page boundaries."));
      follow(execution, request, observer);
      synchronized (sum) {
        return ending(execution, request, sum.total());
      }
    }
  }

  private static void follow(Execution execution, RunRequest request, RunObserver observer) {
    try {
      boolean ended;
      do {
        ended = execution.await(LOOKED_AT_EVERY);
        observer.segmentsAre(segments(execution, request));
      } while (!ended);
    } catch (InterruptedException e) {
      execution.stop("Stopped", "The thread that waited for the run was interrupted.");
      Thread.currentThread().interrupt();
    }
  }

  private RunEnding ending(Execution execution, RunRequest request, Tally tally) {
    return new RunEnding(
        request.runId(),
        RunStatus.valueOf(execution.status().name()),
        segments(execution, request),
        tally,
        folder.resolve(RESULTS_BUCKET).resolve("runs").resolve(request.runId()).toString(),
        Duration.between(
            execution.startedAt(), execution.stoppedAt().orElse(execution.startedAt())),
        error(execution));
  }

  private static Optional<String> error(Execution execution) {
    return switch (execution.status()) {
      case FAILED, TIMED_OUT ->
          Optional.of(
              execution.error().orElse("unknown error") + ": " + execution.cause().orElse(""));
      case RUNNING, SUCCEEDED, ABORTED -> Optional.empty();
    };
  }

  private static SegmentCounts segments(Execution execution, RunRequest request) {
    int succeeded = 0;
    int failed = 0;
    for (MapRunCounts counts : execution.mapRuns()) {
      succeeded += counts.succeeded();
      failed += counts.failed();
    }
    return new SegmentCounts(request.totalSegments(), succeeded, failed);
  }
}
