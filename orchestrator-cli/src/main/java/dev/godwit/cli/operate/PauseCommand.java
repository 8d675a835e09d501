package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.RateOrder;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a run wait. */
@Command(
    name = "pause",
    description = {
      "Lets a run wait, on this machine or on AWS, until 'godwit resume'.",
      "",
      "Its slices end at their next page, and no function runs meanwhile; it keeps its table. On AWS it is billed for a state transition now and then. On this machine its process must go on, or be redriven later.",
      ""
    })
public final class PauseCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  public PauseCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), List.of())) {
      runs.change(run.runId(), RateOrder.PAUSE);
      var state = runs.state(run.runId());
      screen.out().println(place.json() ? JsonReport.of(state) : RunTexts.of(state));
      return ExitCode.DONE.code();
    }
  }
}
