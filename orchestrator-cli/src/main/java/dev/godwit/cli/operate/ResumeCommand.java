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

/** Lets a run that waits go on. */
@Command(
    name = "resume",
    description = {
      "Lets a run that was paused go on.",
      "",
      "Its segments look for that every 30 seconds; of a run that was paused for long, within a tenth of that time, an hour at most.",
      ""
    })
public final class ResumeCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  public ResumeCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), List.of())) {
      runs.change(run.runId(), RateOrder.RESUME);
      var state = runs.state(run.runId());
      screen.out().println(place.json() ? JsonReport.of(state) : RunTexts.of(state));
      return ExitCode.DONE.code();
    }
  }
}
