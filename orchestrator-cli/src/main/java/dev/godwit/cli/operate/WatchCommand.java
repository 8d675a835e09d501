package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.RunSession;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.progress.RunProgress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Follows a run to its end. */
@Command(
    name = "watch",
    description = {
      "Follows a run to its end, on this machine or on AWS, and ends as the run does.",
      "",
      "Ctrl-C ends the watch, not the run. A place that does not answer for a while is asked again.",
      ""
    })
public final class WatchCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  public WatchCommand(Screen screen, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), List.of())) {
      var first = runs.state(run.runId());
      var request = first.request();
      var ending =
          new RunSession(screen, interrupts)
              .follow(
                  request,
                  RunProgress.joining(
                      request.totalSegments(), runs.estimatedItems(request), System::nanoTime),
                  place.json(),
                  RunSession.Words.elsewhere(run.runId()),
                  (observer, stop) -> runs.watch(run.runId(), observer, stop));
      var last = runs.state(run.runId());
      if (last.killed()) {
        throw new CommandFailed(ExitCode.RUN_FAILED, last.advice().orElse("Its process died."));
      }
      return ending.code();
    }
  }
}
