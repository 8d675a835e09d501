package dev.godwit.cli.session;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.run.RunId;
import dev.godwit.cli.run.RunRequest;
import dev.godwit.cli.table.Tables;
import java.security.SecureRandom;
import java.time.Instant;
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
      "  godwit run --local --table Cities --migration 20261120-city-coordinates --segments 64"
    })
public final class RunCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
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
      description = "The state machine to run on. Variable: SFN_ARN.")
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

  @Mixin private ConnectionOptions place = new ConnectionOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private RunOptions options = new RunOptions();

  public RunCommand(Screen screen, LocalEngines engines, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    if (!here) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          stateMachineArn == null
              ? "Say where to run: add --local to run on this machine"
              : "Runs on Step Functions are not in this version; add --local to run on this machine");
    }
    var request =
        options.request(
            runId == null ? RunId.next(Instant.now(), new SecureRandom()) : runId,
            table,
            migration,
            prewarm
                ? Optional.of(new RunRequest.Prewarm(prewarmReadUnits, prewarmWriteUnits))
                : Optional.empty());
    var migrations = local.migrations();
    var chosen = migrations.byId(migration, table);
    if (options.isDown() && chosen.down().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "Migration " + migration + " has no way down; nothing was changed");
    }
    var connection = place.connection();
    var description = Tables.describe(connection, table);
    return new RunSession(screen, interrupts)
        .carryOut(
            engines.open(connection, migrations, local.results())::run,
            request,
            description.itemCount(),
            local.json(),
            RunSession.redrive(request))
        .code();
  }
}
