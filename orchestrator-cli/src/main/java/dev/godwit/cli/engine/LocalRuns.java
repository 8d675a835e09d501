package dev.godwit.cli.engine;

import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.ExecutionSummary;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerReader;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.local.LocalRunFiles;
import dev.godwit.cli.local.LocalRunFiles.Origin;
import dev.godwit.cli.migrations.MigrationJars;
import dev.godwit.cli.results.FolderFiles;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.Runs;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.run.TableHolder;
import dev.godwit.cli.run.Watch;
import dev.godwit.cli.table.Tables;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The runs of one folder on this machine, whichever process runs them.
 *
 * <p>The folder says how they stand; their ledger, in the DynamoDB that they migrate, is asked for
 * counters and history, and need not be there for the rest.
 */
public final class LocalRuns implements Runs {
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(500);

  private final Path folder;
  private final LocalSurroundings surroundings;
  private final LocalRunFiles files;
  private final Engine engine;
  private final LocalSettlement settlement;

  /**
   * @param folder where runs of this machine are kept
   * @param surroundings what wins over what was kept of a run
   */
  public LocalRuns(Path folder, LocalSurroundings surroundings) {
    this.folder = folder;
    this.surroundings = surroundings;
    this.files = new LocalRunFiles(folder);
    this.engine = Engine.builder(folder).build();
    this.settlement = new LocalSettlement(engine);
  }

  @Override
  public RunEnding watch(String runId, RunObserver observer, StopSignal stop) {
    return new Watch(this, LOOKED_AT_EVERY).untilItEnds(runId, observer, stop);
  }

  @Override
  public RunState state(String runId) {
    return state(summary(runId));
  }

  private RunState state(ExecutionSummary run) {
    var request = RunRequestJson.read(run.input().toString());
    boolean settling = settlement.isUnderWay(run);
    return new RunState(
        request,
        settling ? RunStatus.RUNNING : RunStatus.valueOf(run.status().name()),
        run.killed(),
        run.startedAt(),
        settling ? Optional.empty() : run.stoppedAt(),
        EmbeddedEngine.saved(engine, request),
        counted(run.name()),
        run.error().map(error -> error + run.cause().map(cause -> ": " + cause).orElse("")),
        places(run.name()),
        advice(run, settling));
  }

  private Map<String, String> places(String runId) {
    var places = new LinkedHashMap<String, String>();
    places.put(RunState.RESULTS, EmbeddedEngine.resultsLocation(folder, runId));
    return places;
  }

  private Optional<String> advice(ExecutionSummary run, boolean settling) {
    String runId = run.name();
    if (settling) {
      return Optional.of("Its books are being closed.");
    }
    if (run.killed()) {
      return Optional.of(
          "Its process died. Go on where it stood: 'godwit redrive "
              + runId
              + "'. End it and free its table: 'godwit stop "
              + runId
              + "'.");
    }
    if (run.status() == ExecutionStatus.RUNNING) {
      return Optional.of(
          "Watch it: 'godwit watch " + runId + "'. Stop it: 'godwit stop " + runId + "'.");
    }
    if (!settlement.isDone(run)) {
      return Optional.of(
          "Its books are not closed and its table is not free: 'godwit stop "
              + runId
              + "' closes them.");
    }
    var raised = settlement.capacityNotRestored(run);
    if (run.status() == ExecutionStatus.SUCCEEDED) {
      return raised;
    }
    return Optional.of(
        raised.map(capacity -> capacity + " ").orElse("")
            + (neverBegan(run)
                ? "It never began; nothing was changed. Start it again when the table is free."
                : "Go on where it stood: 'godwit redrive " + runId + "'."));
  }

  private static boolean neverBegan(ExecutionSummary run) {
    return run.error().map(Runs.NEVER_BEGAN::contains).orElse(false);
  }

  @Override
  public RunReport report(String runId) {
    try {
      return new RunResults(new FolderFiles(folder.resolve(EmbeddedEngine.RESULTS_BUCKET)))
          .report(state(runId), EmbeddedEngine.resultsLocation(folder, runId));
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.FAULT, "The results of " + runId + " cannot be read: " + e, e);
    }
  }

  @Override
  public List<ListedRun> newestFirst() {
    return engine.executions().stream()
        .filter(run -> run.stateMachine().equals(Definitions.MIGRATE_TABLE))
        .map(
            run ->
                new ListedRun(
                    run.name(),
                    run.input().path("tableName").asText(),
                    run.input().path("migration").asText(),
                    run.killed() ? "KILLED" : run.status().name(),
                    run.startedAt(),
                    run.stoppedAt()))
        .toList();
  }

  @Override
  public List<HistoryEntry> history(String tableName) {
    try (var client = surroundings.connection(originOfTable(tableName)).client()) {
      return ledger(client).history(tableName);
    }
  }

  @Override
  public Optional<TableHolder> holder(String tableName) {
    try (var client = surroundings.connection(originOfTable(tableName)).client()) {
      var ledger = ledger(client);
      return ledger.lease(tableName).map(lease -> holder(ledger, tableName, lease));
    }
  }

  private TableHolder holder(LedgerReader ledger, String tableName, Lease lease) {
    var run =
        engine
            .find(lease.runId())
            .filter(known -> known.stateMachine().equals(Definitions.MIGRATE_TABLE))
            .filter(known -> known.input().path("tableName").asText().equals(tableName))
            .filter(
                known -> known.status() == ExecutionStatus.RUNNING || !settlement.isDone(known));
    return new TableHolder(
        tableName,
        lease,
        run.map(known -> known.killed() ? "KILLED" : known.status().name())
            .orElse("not known in " + folder + "; it may be going on elsewhere"),
        run.map(known -> advice(known, settlement.isUnderWay(known)))
            .map(advice -> "The run " + lease.runId() + " is kept here. " + advice.orElse("")),
        ledger
            .run(lease.runId())
            .filter(record -> record.executionArn().equals(lease.executionArn()))
            .flatMap(RunRecord::capacityBefore));
  }

  @Override
  public Optional<String> release(String tableName, String runId) {
    var held = TableHolder.confirmed(holder(tableName), tableName, runId);
    return new LostRun(
            surroundings.connection(originOfTable(tableName)), Ledger.TABLE, Optional::empty)
        .release(held);
  }

  /** Of the newest run over it: the table is likely to be where it was. */
  private Optional<Origin> originOfTable(String tableName) {
    return newestFirst().stream()
        .filter(run -> run.tableName().equals(tableName))
        .flatMap(run -> files.origin(run.runId()).stream())
        .findFirst();
  }

  @Override
  public long estimatedItems(RunRequest request) {
    try {
      return Tables.describe(
              surroundings.connection(files.origin(request.runId())), request.tableName())
          .itemCount();
    } catch (CommandFailed e) {
      return 0;
    }
  }

  @Override
  public void stop(String runId) {
    var run = summary(runId);
    if (run.status() == ExecutionStatus.RUNNING && !run.killed()) {
      files.askToStop(runId);
      return;
    }
    if (run.status() != ExecutionStatus.RUNNING
        && (settlement.isDone(run) || settlement.isUnderWay(run))) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + runId
              + " has ended already: "
              + run.status()
              + run.stoppedAt().map(at -> " at " + at).orElse(""));
    }
    engine.abortKilled(runId, "Stopped", "Its process was killed, and its user stopped it.");
    embedded(runId).settle(runId);
  }

  @Override
  public RunEnding redrive(String runId, RunObserver observer, StopSignal stop) {
    var run = summary(runId);
    boolean unsettled =
        run.status() == ExecutionStatus.SUCCEEDED
            && !settlement.isDone(run)
            && !settlement.isUnderWay(run);
    if (unsettled) {
      embedded(runId).settle(runId);
      return report(runId).ending();
    }
    return embedded(runId).redrive(RunRequestJson.read(run.input().toString()), observer, stop);
  }

  private EmbeddedEngine embedded(String runId) {
    var origin = files.origin(runId);
    return new EmbeddedEngines()
        .embedded(
            surroundings.connection(origin),
            MigrationJars.load(surroundings.migrationsJars(origin)),
            folder);
  }

  private ExecutionSummary summary(String runId) {
    return engine
        .find(runId)
        .filter(run -> run.stateMachine().equals(Definitions.MIGRATE_TABLE))
        .orElseThrow(
            () ->
                new CommandFailed(
                    ExitCode.BAD_USAGE,
                    "There is no run "
                        + runId
                        + " in "
                        + folder
                        + "; 'godwit runs' lists those that are. For one on AWS give --sfn-arn"));
  }

  /** What the ledger has counted; nothing when it cannot be asked. */
  private Tally counted(String runId) {
    var origin = files.origin(runId);
    if (origin.isEmpty() && !surroundings.hasConnection()) {
      return Tally.ZERO;
    }
    try (var client = surroundings.connection(origin).client()) {
      return ledger(client).run(runId).map(RunRecord::counted).orElse(Tally.ZERO);
    } catch (CommandFailed e) {
      return Tally.ZERO;
    }
  }

  private static LedgerReader ledger(DynamoDbClient client) {
    return new LedgerReader(client, Ledger.TABLE);
  }

  @Override
  public void close() {
    engine.close();
  }
}
