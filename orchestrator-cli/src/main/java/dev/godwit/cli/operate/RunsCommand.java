package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists runs. */
@Command(
    name = "runs",
    description = {
      "Lists runs, newest first: those on AWS if a state machine is named, else those of this machine.",
      "",
      "With --output json, one object a line.",
      ""
    })
public final class RunsCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "Only runs over this table. Default: all; variable: TABLE_NAME.")
  private @Nullable String table;

  public RunsCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = table == null ? place.all(aws) : place.over(aws, table)) {
      var found =
          runs.newestFirst().stream()
              .filter(run -> table == null || run.tableName().equals(table))
              .toList();
      if (place.json()) {
        found.forEach(run -> screen.out().println(JsonReport.of(run)));
      } else if (found.isEmpty()) {
        screen.err().println("There are no runs" + (table == null ? "." : " over " + table + "."));
      } else {
        screen.out().println(RunTexts.ofRuns(found));
      }
      return ExitCode.DONE.code();
    }
  }
}
