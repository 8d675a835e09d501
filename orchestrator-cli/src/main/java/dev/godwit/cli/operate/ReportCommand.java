package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what a run has left. */
@Command(
    name = "report",
    description = {
      "Says what a run has left: the exact tally of the segments that succeeded, the segments that failed and why, the failure records and where they are. No item is shown.",
      ""
    })
public final class ReportCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  public ReportCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), List.of())) {
      var report = runs.report(run.runId());
      screen.out().println(place.json() ? JsonReport.of(report) : RunTexts.of(report));
      return ExitCode.DONE.code();
    }
  }
}
