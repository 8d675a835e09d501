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

/** Says how a run stands. */
@Command(
    name = "status",
    description = {
      "Says how a run stands, on this machine or on AWS, and what can be done now.",
      "",
      "Its counters are for watching; 'godwit report' has the exact tally.",
      ""
    })
public final class StatusCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  public StatusCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), List.of())) {
      var state = runs.state(run.runId());
      screen.out().println(place.json() ? JsonReport.of(state) : RunTexts.of(state));
      return ExitCode.DONE.code();
    }
  }
}
