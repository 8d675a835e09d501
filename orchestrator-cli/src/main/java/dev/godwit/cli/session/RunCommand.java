package dev.godwit.cli.session;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.migrations.MigrationJars;
import dev.godwit.cli.run.RunId;
import dev.godwit.cli.run.RunRequest;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.Tables;
import java.net.URI;
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
  private boolean local;

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
      names = "--endpoint-url",
      paramLabel = "URL",
      description =
          "Where DynamoDB answers. Default: the region's own endpoint; variable: AWS_ENDPOINT_URL_DYNAMODB.")
  private @Nullable URI endpointUrl;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The AWS region. Default: as the AWS SDK finds it.")
  private @Nullable String region;

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

  @Mixin private RunOptions options = new RunOptions();

  public RunCommand(Screen screen, LocalEngines engines, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    if (!local) {
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
    var migrations = MigrationJars.load(options.migrationsJars());
    var chosen = migrations.byId(migration, table);
    if (options.isDown() && chosen.down().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "Migration " + migration + " has no way down; nothing was changed");
    }
    var connection =
        DynamoDbConnection.found(Optional.ofNullable(endpointUrl), Optional.ofNullable(region));
    var description = Tables.describe(connection, table);
    return new RunSession(screen, interrupts)
        .carryOut(
            engines.open(connection, migrations, options.results()),
            request,
            description.itemCount(),
            options.json(),
            "To go on, give the same command again: what is migrated already is kept.")
        .code();
  }
}
