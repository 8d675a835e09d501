package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.Tally;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings a run to an end. */
@Command(
    name = "stop",
    description = {
      "Brings a run to an end, in whichever process or on AWS, and waits for that.",
      "",
      "On this machine it ends at page boundaries. On AWS no new slice begins; those under way go on to their ends, at most the run's slice seconds. Everything written stays written; 'godwit redrive' goes on from there.",
      "A run on this machine whose process was killed is settled: its capacity is restored and its table is free.",
      ""
    })
public final class StopCommand implements Callable<Integer> {
  private static final RunObserver NOBODY =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}
      };

  private final Screen screen;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(names = "--no-wait", description = "Ask, and do not wait for the run's end.")
  private boolean noWait;

  public StopCommand(Screen screen, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), List.of())) {
      runs.stop(run.runId());
      if (!noWait) {
        screen.err().println("Asked to stop; waiting for its end.");
        var signal = new StopSignal();
        interrupts.during(signal, () -> runs.watch(run.runId(), NOBODY, signal));
      }
      var state = runs.state(run.runId());
      screen.out().println(place.json() ? JsonReport.of(state) : RunTexts.of(state));
      return ExitCode.DONE.code();
    }
  }
}
