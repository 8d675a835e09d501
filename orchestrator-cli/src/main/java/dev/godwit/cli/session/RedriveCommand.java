package dev.godwit.cli.session;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.table.Tables;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Goes on with a run that did not succeed. */
@Command(
    name = "redrive",
    description = {
      "Goes on with a run of this machine that failed, was stopped or was killed.",
      "Segments that are done stay done; the others go on from their last page. Give the endpoint and the jars that the run was started with.",
      ""
    })
public final class RedriveCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
  private final Interrupts interrupts;

  @Parameters(paramLabel = "RUN", description = "The run's id, as its summary has it.")
  private String runId = "";

  @Mixin private ConnectionOptions place = new ConnectionOptions();
  @Mixin private LocalOptions local = new LocalOptions();

  public RedriveCommand(Screen screen, LocalEngines engines, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    var migrations = local.migrations();
    var connection = place.connection();
    var engine = engines.open(connection, migrations, local.results());
    var request =
        engine
            .find(runId)
            .orElseThrow(
                () ->
                    new CommandFailed(
                        ExitCode.BAD_USAGE,
                        "There is no run "
                            + runId
                            + " in "
                            + local.results()
                            + "; give the folder that it was started with, by --results"));
    migrations.byId(request.migration(), request.tableName());
    var description = Tables.describe(connection, request.tableName());
    return new RunSession(screen, interrupts)
        .carryOut(
            engine::redrive,
            request,
            description.itemCount(),
            local.json(),
            RunSession.redrive(request))
        .code();
  }
}
