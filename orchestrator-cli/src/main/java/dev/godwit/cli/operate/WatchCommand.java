package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.KeptPage;
import dev.godwit.cli.launch.RunSession;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.RunEvents;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.run.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Follows a run to its end. */
@Command(
    name = "watch",
    description = {
      "Follows a run to its end, on this machine or on AWS, and ends as the run does.",
      "",
      "Ctrl-C ends the watch, not the run. A place that does not answer for a while is asked again. On a terminal, keys pause and resume the run and change its budget; ? tells them. --output json tells what happens, one object a line.",
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
      var request = runs.state(run.runId()).request();
      var progress =
          RunProgress.joining(
              request.totalSegments(), runs.estimatedItems(request), System::nanoTime);
      var subject =
          RunSession.Subject.of(request, progress, RunSession.Words.elsewhere(run.runId()))
              .leaving(
                  runs.endsWithProcess() // whose process writes it
                      ? RunSession.Pages.NONE
                      : new KeptPage(runs, screen, Optional.empty()))
              .controlledBy(() -> place.of(aws, run.runId(), List.of()));
      var session = new RunSession(screen, interrupts);
      ExitCode ending;
      if (place.json()) {
        var events = new RunEvents(progress, Instant::now, screen.out()::println);
        ending =
            session.follow(
                subject.toldBy(events::over),
                true,
                (observer, stop) ->
                    runs.watch(run.runId(), new BothObservers(observer, events), stop));
      } else {
        ending =
            session.follow(
                subject, false, (observer, stop) -> runs.watch(run.runId(), observer, stop));
      }
      var last = runs.state(run.runId());
      if (last.killed()) {
        throw new CommandFailed(ExitCode.RUN_FAILED, last.advice().orElse("Its process died."));
      }
      return ending.code();
    }
  }

  /** What a watch tells, told twice. */
  private record BothObservers(RunObserver shown, RunObserver events) implements RunObserver {
    @Override
    public void pageDone(Tally page) {
      shown.pageDone(page);
    }

    @Override
    public void segmentsAre(SegmentCounts counts) {
      shown.segmentsAre(counts);
    }

    @Override
    public void placesAre(Map<String, String> places) {
      shown.placesAre(places);
    }

    @Override
    public void rateIs(WriteRate rate) {
      shown.rateIs(rate);
    }

    @Override
    public void stateIs(RunState state) {
      shown.stateIs(state);
      events.stateIs(state);
    }

    @Override
    public void unanswered(String why) {
      shown.unanswered(why);
      events.unanswered(why);
    }
  }
}
