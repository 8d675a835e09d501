package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.MigrationsOption;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.pending.Standings;
import dev.godwit.cli.pending.TablesToTake;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how the migrations that are known here stand on tables. */
@Command(
    name = "info",
    description = {
      "Says of every migration that is here, or in a table's history, whether it is pending or applied: since when, by which run, how long that took, and how many items it has changed.",
      "",
      "States: pending, running, failed (never applied, and its newest run failed), partial (items were left as they were), undone, applied. Beside them: out of order (pending, though a later one is applied), changed since (the code here is not what was applied), missing here. Nothing is written. With --output json, one object a line.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit info --table Users",
      "  godwit info --table Users --sfn-arn arn:aws:states:eu-west-1:123456789012:stateMachine:NAME --output json"
    })
public final class InfoCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private PlaceOptions place = new PlaceOptions();
  @Mixin private MigrationsOption migrations = new MigrationsOption();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description =
          "The table. Default: those that migrations here name without a *, and those that have had runs; variable: TABLE_NAME.")
  private @Nullable String table;

  public InfoCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    var here = migrations.loadOwn();
    try (var runs = place.all(aws)) {
      var tables =
          table == null
              ? TablesToTake.of(here, runs.newestFirst(), place.stage().stage())
              : List.of(place.stage().table(table));
      var known = runs.runsOver(tables);
      var standings = new ArrayList<Standing>();
      for (String name : tables) {
        standings.addAll(new Standings(here).of(name, runs.history(name), known));
      }
      tell(standings);
      return ExitCode.DONE.code();
    }
  }

  private void tell(List<Standing> standings) {
    if (place.json()) {
      standings.forEach(standing -> screen.out().println(JsonReport.of(standing)));
      return;
    }
    if (!standings.isEmpty()) {
      screen.out().println(RunTexts.ofStandings(standings));
    }
    long pending = standings.stream().filter(Standing::pending).count();
    screen
        .err()
        .println(
            standings.isEmpty()
                ? "No migration here is meant for " + table + ", and none was applied to it."
                : pending == 0 ? "Nothing is pending." : "Pending: " + pending + ".");
  }
}
