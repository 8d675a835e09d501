package dev.godwit.cli.engine;

import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionAlreadyExists;
import dev.godwit.asl.ExecutionDamaged;
import dev.godwit.asl.ExecutionNotRedrivable;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.ExecutionSummary;
import dev.godwit.asl.MapRunCounts;
import dev.godwit.asl.SavedMapRun;
import dev.godwit.cli.folder.RunsFolder;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.Execution;
import dev.godwit.cli.lifecycle.Executions;
import dev.godwit.cli.lifecycle.MapRuns;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.run.Canary;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one folder on this machine, whichever process carries them out.
 *
 * <p>Everything is in that folder: journals under {@code executions/}, results and failure records
 * under {@code results/runs/<runId>/}, laid out as in the bucket on AWS.
 */
final class EmbeddedExecutions implements Executions, AutoCloseable {
  static final String SEGMENTS_STATE = "Migrate segments";

  /** Between a run's end and its settlement's beginning, in the process that carries it out. */
  static final Duration A_MOMENT = Duration.ofSeconds(2);

  private final Path home;
  private final RunSource source;
  private final Workers workers;
  private final RunsFolder files;
  private final int slicesThatFit;

  /** One that only looks. */
  private final Engine engine;

  private @Nullable UnderWay underWay;

  /** Makes workers for what is migrated at a place. */
  @FunctionalInterface
  interface Workers {
    WorkerFactory at(Whereabouts where);
  }

  /**
   * @param slicesThatFit how many slices may be under way at once
   */
  EmbeddedExecutions(Path home, RunSource source, Workers workers, int slicesThatFit) {
    this.home = home;
    this.source = source;
    this.workers = workers;
    this.files = new RunsFolder(home);
    this.slicesThatFit = slicesThatFit;
    this.engine = Engine.builder(home).build();
  }

  @Override
  public Optional<Execution> describe(String runId) {
    return run(runId).map(this::described);
  }

  private Optional<ExecutionSummary> run(String runId) {
    return engine
        .find(runId)
        .filter(execution -> execution.stateMachine().equals(Definitions.MIGRATE_TABLE));
  }

  /** All runs of the folder, newest first; those that cannot be read are told as such, first. */
  List<ListedRun> runs() {
    var unreadable = new ArrayList<ListedRun>();
    var found = new ArrayList<ExecutionSummary>();
    for (String name : engine.names()) {
      try {
        engine.find(name).ifPresent(found::add);
      } catch (ExecutionDamaged e) {
        unreadable.add(unknown(name, "DAMAGED"));
      } catch (UncheckedIOException e) {
        unreadable.add(unknown(name, "UNREADABLE"));
      }
    }
    return Stream.concat(
            unreadable.stream(),
            found.stream()
                .filter(run -> run.stateMachine().equals(Definitions.MIGRATE_TABLE))
                .sorted(Comparator.comparing(ExecutionSummary::startedAt).reversed())
                .map(EmbeddedExecutions::listed))
        .toList();
  }

  private static ListedRun unknown(String name, String status) {
    return new ListedRun(name, "", "", status, Optional.empty(), Optional.empty());
  }

  private static ListedRun listed(ExecutionSummary run) {
    return new ListedRun(
        run.name(),
        run.input().path("tableName").asText(),
        run.input().path("migration").asText(),
        run.killed() ? "KILLED" : run.status().name(),
        Optional.of(run.startedAt()),
        run.stoppedAt());
  }

  private Execution described(ExecutionSummary run) {
    return new Execution(
        run.arn(),
        RunRequestJson.read(run.input().toString()),
        RunStatus.valueOf(run.status().name()),
        run.killed(),
        isBeingSettled(run),
        run.startedAt(),
        run.stoppedAt(),
        run.redriveCount(),
        Optional.empty(),
        run.error(),
        run.cause(),
        Optional.empty());
  }

  private String arn(String runId) {
    return engine.find(runId).orElseThrow().arn();
  }

  private boolean isBeingSettled(ExecutionSummary run) {
    return run.status() != ExecutionStatus.RUNNING
        && SettlementNames.isUnderWay(engine, run.name(), run.redriveCount());
  }

  @Override
  public String start(RunRequest asked) throws ExecutionExists {
    var request = fitted(asked);
    if (engine.find(request.runId()).isPresent()) {
      throw new ExecutionExists(new IllegalStateException("in " + home));
    }
    var where = source.of(request.runId());
    if (request.mode().writes()) {
      LedgerTable.ensure(where.connection(), where.ledgerTable());
    }
    // Before it begins: whoever kills it just then can go on with it.
    source.kept().ifPresent(from -> files.keep(request.runId(), from));
    try {
      carryOut(
          request,
          where,
          carrying ->
              carrying.start(
                  Definitions.migrateTable(EngineTasks.substitutions(where.ledgerTable())),
                  request.runId(),
                  RunRequestJson.write(request)));
      return arn(request.runId());
    } catch (ExecutionAlreadyExists e) {
      throw new ExecutionExists(e);
    }
  }

  /** The state machine shares a budget over the segments under way, so it must know how many. */
  RunRequest fitted(RunRequest asked) {
    return fits(asked) ? asked : asked.withMaxConcurrency(slicesThatFit);
  }

  boolean fits(RunRequest asked) {
    return Math.min(asked.maxConcurrency(), asked.totalSegments()) <= slicesThatFit;
  }

  int slicesThatFit() {
    return slicesThatFit;
  }

  @Override
  public void redrive(Execution last, String token) throws NotRedriven {
    var runId = last.request().runId();
    try {
      carryOut(last.request(), source.of(runId), carrying -> carrying.redrive(runId));
    } catch (ExecutionDamaged e) {
      throw e; // told as such, with how to go on
    } catch (ExecutionNotRedrivable | IllegalStateException e) {
      throw new NotRedriven(String.valueOf(e.getMessage()), true, e);
    }
  }

  private void carryOut(RunRequest request, Whereabouts where, UnderWay.Beginning beginning) {
    var next = new UnderWay(request, where, workers.at(where), home, files, slicesThatFit);
    try {
      next.begin(beginning);
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    close(underWay);
    underWay = next;
  }

  @Override
  public void stop(Execution execution, String why) {
    var runId = execution.request().runId();
    if (underWay != null && underWay.is(runId)) {
      underWay.stop(why);
    } else if (execution.killed()) {
      engine.abortKilled(runId, "Stopped", why);
    } else {
      files.askToStop(runId);
    }
  }

  /** The process that carries it out goes by the rate document: {@link LiveConcurrency}. */
  @Override
  public Optional<Concurrency> concurrency(Execution execution) {
    return Optional.empty();
  }

  @Override
  public MapRuns mapRuns(Execution execution) {
    return new MapRuns(
        !engine.mapRuns(execution.request().runId()).isEmpty(),
        execution.status() == RunStatus.RUNNING && !execution.killed()
            ? busy(saved(engine, execution.request()), execution.request())
            : saved(engine, execution.request()),
        Map.of());
  }

  /** The disk does not say which are being worked on, but as many are as may be. */
  private static SegmentCounts busy(SegmentCounts saved, RunRequest request) {
    return new SegmentCounts(
        saved.total(),
        saved.succeeded(),
        saved.failed(),
        Math.min(request.maxConcurrency(), saved.waiting()));
  }

  /** The run that this process carries out. */
  Optional<UnderWay> underWay(String runId) {
    return Optional.ofNullable(underWay).filter(run -> run.is(runId));
  }

  /**
   * Of the Map Runs that migrate; another one only applies what was deferred. After a redrive some
   * may be over, and are only on the disk.
   *
   * @param before how many segments were done before this process went on, in a Map Run that is
   *     over
   */
  static Optional<SegmentCounts> live(
      dev.godwit.asl.Execution execution, RunRequest request, int before) {
    var counts =
        execution.mapRuns().stream().filter(run -> run.stateName().equals(SEGMENTS_STATE)).toList();
    return counts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SegmentCounts(
                request.totalSegments(),
                before + counts.stream().mapToInt(MapRunCounts::succeeded).sum(),
                counts.stream().mapToInt(MapRunCounts::failed).sum(),
                counts.stream().mapToInt(MapRunCounts::running).sum()));
  }

  /** How many segments the run's canary has, if that is over; else none. */
  static int canaryOver(Engine engine, RunRequest request) {
    int segments = request.canary().map(Canary::segments).orElse(0);
    return engine.mapRuns(request.runId()).stream()
            .findFirst()
            .filter(canary -> canary.succeeded() == segments)
            .isPresent()
        ? segments
        : 0;
  }

  /**
   * What the disk says, whoever runs it: of the first Map Run, and of a run with a canary of the
   * second, too.
   */
  static SegmentCounts saved(Engine engine, RunRequest request) {
    var counts =
        engine.mapRuns(request.runId()).stream()
            .limit(request.canary().isPresent() ? 2 : 1)
            .toList();
    return new SegmentCounts(
        request.totalSegments(),
        counts.stream().mapToInt(SavedMapRun::succeeded).sum(),
        counts.stream().mapToInt(SavedMapRun::failed).sum());
  }

  private static void close(@Nullable UnderWay run) {
    if (run != null) {
      run.close();
    }
  }

  @Override
  public void close() {
    close(underWay);
    engine.close();
  }
}
