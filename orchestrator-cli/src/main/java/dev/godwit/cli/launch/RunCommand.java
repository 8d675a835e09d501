package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.ledger.LedgerSearch;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.run.RunId;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.TableChecks;
import dev.godwit.cli.table.Tables;
import dev.godwit.run.RunRequest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a migration over a table. */
@Command(
    name = "run",
    description = {
      "Runs a migration over a whole table.",
      "",
      "Flags win over environment variables. Credentials and region are found as the AWS SDK finds them.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit run --local --table Cities --migration 20261120-city-coordinates --segments 64",
      "  SFN_ARN=arn:aws:states:eu-west-1:123456789012:stateMachine:NAME godwit run --table Cities --migration 20261120-city-coordinates"
    })
public final class RunCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Option(names = "--local", description = "Run on this machine, not on AWS Step Functions.")
  private boolean here;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table to migrate. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--migration",
      paramLabel = "ID",
      required = true,
      description = "Which migration; 'godwit migrations' lists them. Variable: MIGRATION.")
  private String migration = "";

  @Option(
      names = "--sfn-arn",
      paramLabel = "ARN",
      description = "The state machine to run on, on AWS. Default: none; variable: SFN_ARN.")
  private @Nullable String stateMachineArn;

  @Option(
      names = "--prewarm",
      fallbackValue = "true",
      negatable = true,
      description =
          "Raise the table's capacity before the scan. Default: ${DEFAULT-VALUE}; variable: PREWARM.",
      defaultValue = "false")
  private boolean prewarm;

  @Option(
      names = "--prewarm-rcu",
      paramLabel = "N",
      defaultValue = "12000",
      description = "Read units to be ready for. Default: ${DEFAULT-VALUE}; variable: PREWARM_RCU.")
  private int prewarmReadUnits;

  @Option(
      names = "--prewarm-wcu",
      paramLabel = "N",
      defaultValue = "4000",
      description =
          "Write units to be ready for. Default: ${DEFAULT-VALUE}; variable: PREWARM_WCU.")
  private int prewarmWriteUnits;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Names the run. Default: made from the time.")
  private @Nullable String runId;

  @Option(
      names = "--ledger",
      paramLabel = "NAME",
      description =
          "The ledger of a run on this machine. Default: that of the deployment which owns the table, else godwit-ledger.")
  private @Nullable String ledger;

  @Option(
      names = "--no-wait",
      description = "On AWS: start the run and return at once; 'godwit watch' follows it.")
  private boolean noWait;

  @Option(
      names = "--yes",
      description =
          "Do not ask whether to go on when no item seems to have the attribute of --guard version:ATTRIBUTE.")
  private boolean yes;

  @Mixin private ConnectionOptions place = new ConnectionOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private RunOptions options = new RunOptions();

  public RunCommand(Screen screen, LocalEngines engines, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    if (here) {
      return runHere().code();
    }
    if (stateMachineArn == null) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Say where to run: add --local to run on this machine, or give the state machine's --sfn-arn (variable SFN_ARN) to run on AWS");
    }
    return runOnAws(stateMachineArn).code();
  }

  private ExitCode runHere() {
    if (noWait) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "A run on this machine ends with this process; leave out --no-wait");
    }
    var request = request(RunOptions.concurrencyHere());
    var migrations = local.migrations();
    var chosen = migrations.byId(migration, table);
    if (options.isDown() && chosen.down().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "Migration " + migration + " has no way down; nothing was changed");
    }
    local.checkResults();
    var connection = place.connection();
    var description = Tables.describe(connection, table);
    var ledgerTable = ledgerTable(connection, request);
    TableChecks.check(request, Tables.keys(description), ledgerTable);
    new GuardCheck(screen, yes).check(request, connection);
    return new RunSession(screen, interrupts)
        .carryOut(
            engines.open(
                connection,
                ledgerTable,
                migrations,
                local.results(),
                Optional.of(Origin.of(connection, ledgerTable, local.migrationsJars()))),
            request,
            description.itemCount(),
            local.json(),
            RunSession.Words.here(request.runId()));
  }

  /** The one in which runs on AWS over the same table take it, if there is one. */
  private String ledgerTable(DynamoDbConnection connection, RunRequest request) {
    if (ledger != null) {
      return ledger;
    }
    if (!request.mode().writes() || !connection.isAws()) {
      return LedgerTable.OF_MACHINES;
    }
    try (var client = connection.client()) {
      var found = new LedgerSearch(client).of(table);
      if (!found.doubt().isEmpty()) {
        screen.err().println(found.doubt() + ".");
      }
      return found.ledgerTable();
    }
  }

  /** The migrations are there, in the worker's layer; it refuses those that it does not know. */
  private ExitCode runOnAws(String arn) {
    var request = request(RunOptions.CONCURRENCY_ON_AWS);
    new GuardCheck(screen, yes).checkIfReadable(request, place::connection);
    try (var runs = at(arn)) {
      if (noWait) {
        runs.warning(request).ifPresent(said -> screen.err().println(said + "."));
        tellStarted(request, runs.start(request));
        return ExitCode.DONE;
      }
      return new RunSession(screen, interrupts)
          .follow(
              request,
              new RunProgress(
                  request.totalSegments(), runs.estimatedItems(request), System::nanoTime),
              local.json(),
              RunSession.Words.elsewhere(request.runId()),
              (observer, stop) -> runs.run(request, observer, stop));
    }
  }

  private RunLifecycle at(String arn) {
    try {
      return aws.at(arn);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--sfn-arn (SFN_ARN): " + e.getMessage(), e);
    }
  }

  private void tellStarted(RunRequest request, Map<String, String> places) {
    if (local.json()) {
      screen.out().println(JsonReport.started(request.runId(), places));
    } else {
      screen.out().println("Started the run " + request.runId());
      places.forEach((what, address) -> screen.out().println(what + ": " + address));
    }
    screen.err().println(RunSession.Words.elsewhere(request.runId()).leftAlone());
  }

  private RunRequest request(int maxConcurrency) {
    return options.request(
        runId == null ? RunId.next(Instant.now(), new SecureRandom()) : runId,
        table,
        migration,
        prewarm(),
        maxConcurrency);
  }

  private Optional<RunRequest.Prewarm> prewarm() {
    if (!prewarm) {
      return Optional.empty();
    }
    if (!options.writes()) {
      screen
          .err()
          .println(
              "--prewarm is left out: a run that writes nothing leaves the table's capacity as it is, too.");
      return Optional.empty();
    }
    return Optional.of(new RunRequest.Prewarm(prewarmReadUnits, prewarmWriteUnits));
  }
}
