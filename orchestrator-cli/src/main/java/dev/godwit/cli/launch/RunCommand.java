package dev.godwit.cli.launch;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
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
      names = "--run-id",
      paramLabel = "ID",
      description = "Names the run. Default: made from the time.")
  private @Nullable String runId;

  @Option(
      names = "--no-wait",
      description = "On AWS: start the run and return at once; 'godwit watch' follows it.")
  private boolean noWait;

  @Mixin private PlanGate gate = new PlanGate();
  @Mixin private SingleRunOptions single = new SingleRunOptions();
  @Mixin private StartOptions start = new StartOptions();

  public RunCommand(Screen screen, LocalEngines engines, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      var wanted =
          new RunPath.Wanted(
              Optional.ofNullable(runId),
              table,
              migration,
              single.kind(path.exportsOf(table)),
              Optional.empty());
      gate.check(path, wanted, screen).ifPresent(path::begunWith);
      if (noWait) {
        path.startOnly(wanted);
        return ExitCode.DONE.code();
      }
      return path.carryOut(wanted).code();
    }
  }
}
