package dev.godwit.cli.engine;

import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.FolderObjectStore;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.WorkerFactory.OpenWorker;
import dev.godwit.cli.folder.RunsFolder;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.lifecycle.Place.Heard;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.run.RunRequest;
import dev.godwit.run.Tally;
import dev.godwit.worker.PageListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A run that this very process carries out, with the worker in it. */
final class UnderWay implements AutoCloseable {
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);

  private static final Duration LEDGER_EVERY = Duration.ofSeconds(2);

  /** Threads for slices, so many, if they fit: somebody may let more be at work. */
  private static final int MOST_RAISED = 256;

  /** For pages under way when a run is stopped; a page of a throttled table can take a while. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final RunRequest request;
  private final Path home;
  private final RunsFolder files;
  private final Pages pages;
  private final FirstFailure firstFailure = new FirstFailure();
  private final OpenWorker worker;
  private final EngineTasks tasks;
  private final Engine engine;
  private final DynamoDbClient ledgerClient;
  private final LiveConcurrency concurrency;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "godwit-concurrency");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable Execution begun;
  private int canaryOver;

  /** Begins or goes on with an execution. */
  @FunctionalInterface
  interface Beginning {
    Execution begin(Engine engine);
  }

  UnderWay(
      RunRequest request,
      Whereabouts where,
      WorkerFactory workers,
      Path home,
      RunsFolder files,
      int slicesThatFit) {
    this.request = request;
    this.home = home;
    this.files = files;
    this.pages = new Pages();
    this.worker = workers.open(pages);
    this.tasks = EngineTasks.over(where.connection());
    int most = Math.min(slicesThatFit, Math.max(request.maxConcurrency(), MOST_RAISED));
    this.engine =
        tasks
            .on(Engine.builder(home))
            .task(WorkerTask.RESOURCE_PREFIX, new WorkerTask(worker.handler()))
            .objects(new FolderObjectStore(home))
            .listener(firstFailure)
            .taskThreads(most)
            .grace(GRACE)
            .build();
    this.ledgerClient = where.connection().client();
    var ledger = new Ledger(ledgerClient, where.ledgerTable());
    this.concurrency =
        new LiveConcurrency(() -> ledger.rate(request.runId()), most, System::nanoTime);
  }

  void begin(Beginning beginning) {
    canaryOver = EmbeddedExecutions.canaryOver(engine, request);
    begun = beginning.begin(engine);
    if (request.mode().writes()) {
      followConcurrency(begun);
    }
    files.forgetStop(request.runId()); // not before: it may be another process's to heed
  }

  /** On a thread of its own: a ledger may take its time. */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the thread
  private void followConcurrency(Execution execution) {
    looking.scheduleWithFixedDelay(
        () ->
            concurrency
                .look(execution)
                .ifPresent(rate -> pages.rateIs(WriteRate.of(request, rate, Instant.now()))),
        LEDGER_EVERY.toMillis(),
        LEDGER_EVERY.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  boolean is(String runId) {
    return request.runId().equals(runId);
  }

  private Execution execution() {
    if (begun == null) {
      throw new IllegalStateException("The run " + request.runId() + " was not begun");
    }
    return begun;
  }

  /** Returns when the execution has ended; asks it to when this thread is interrupted. */
  Heard follow(RunObserver observer, StopSignal stop) {
    pages.tell(observer);
    observer.rateIs(WriteRate.of(request, RunRate.AS_ASKED, Instant.now()));
    var execution = execution();
    stop.onStop(() -> execution.stop("Stopped", stop.reason()));
    stop.onCutOff(execution::cutOff);
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = execution.await(LOOKED_AT_EVERY);
        observer.segmentsAre(segments());
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
    files.forgetStop(request.runId());
    return new Heard(pages.total(), firstFailure.told(), brokeOff(execution));
  }

  /** A run that has failed because its folder has did not fail by itself. */
  private Optional<CommandFailed> brokeOff(Execution execution) {
    if (execution.status() == ExecutionStatus.ABORTED && execution.error().isEmpty()) {
      // Nobody has stopped it: there was nothing to go on with.
      return Optional.of(
          new CommandFailed(
              ExitCode.UNREACHABLE,
              "The journal of the run "
                  + execution.name()
                  + ", in "
                  + home.resolve("executions").resolve(execution.name())
                  + ", is damaged: lines are missing, and segments of the run with them. What is written stays written. Start a new run, which keeps what is migrated already"));
    }
    return Stream.of(execution.cause(), firstFailure.told())
        .flatMap(Optional::stream)
        .filter(cause -> cause.contains(Execution.FOLDER_FAILED))
        .findFirst()
        .map(cause -> folderFailed(execution, cause));
  }

  private CommandFailed folderFailed(Execution execution, String cause) {
    var why = cause.substring(cause.indexOf(Execution.FOLDER_FAILED));
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "What is kept of the run "
            + execution.name()
            + " in "
            + home
            + " could not be written, or not be read ("
            + why.substring(Execution.FOLDER_FAILED.length()).lines().findFirst().orElse("")
            + "), so the run has failed. How it stands, and how to go on when there is room again: 'godwit status "
            + execution.name()
            + "'. If the folder is damaged for good, start a new run, which keeps what is migrated already");
  }

  /** Ends it, and waits for that. */
  void stop(String why) {
    var stop = new StopSignal();
    execution().stop("Stopped", why);
    follow(Pages.UNHEARD, stop);
  }

  private SegmentCounts segments() {
    return EmbeddedExecutions.live(execution(), request, canaryOver)
        .orElseGet(() -> EmbeddedExecutions.saved(engine, request));
  }

  @Override
  public void close() {
    looking.shutdownNow();
    engine.close();
    tasks.close();
    worker.close();
    ledgerClient.close();
  }

  /** Adds pages up, and tells of those of before when somebody begins to listen. */
  private static final class Pages implements PageListener {
    static final RunObserver UNHEARD =
        new RunObserver() {
          @Override
          public void pageDone(Tally page) {}

          @Override
          public void segmentsAre(SegmentCounts counts) {}
        };

    private final Tally.Sum sum = new Tally.Sum();
    private volatile RunObserver observer = UNHEARD;

    @Override
    public synchronized void pageDone(int segment, Tally page) {
      sum.add(page);
      observer.pageDone(page);
    }

    @Override
    public void unanswered(String instead) {
      observer.tableFails(instead);
    }

    @Override
    public void answered() {
      observer.tableAnswers();
    }

    void rateIs(WriteRate rate) {
      observer.rateIs(rate);
    }

    synchronized void tell(RunObserver listener) {
      observer = listener;
      listener.pageDone(sum.total());
    }

    synchronized Tally total() {
      return sum.total();
    }
  }
}
