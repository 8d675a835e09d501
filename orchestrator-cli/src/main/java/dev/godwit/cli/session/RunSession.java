package dev.godwit.cli.session;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.progress.ProgressDisplay;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.SummaryTable;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunRequest;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.worker.Counter;
import dev.godwit.worker.Mode;

/** One run as its user lives it: live progress, Ctrl-C, the ending told, the exit code. */
public final class RunSession {
  private final Screen screen;
  private final Interrupts interrupts;

  public RunSession(Screen screen, Interrupts interrupts) {
    this.screen = screen;
    this.interrupts = interrupts;
  }

  /**
   * Carries {@code request} out and tells how it ended.
   *
   * @param way by starting it or by redriving it
   * @param estimatedItems how many items the table is thought to hold; 0 when nobody knows
   * @param json whether to end with a JSON object instead of a table
   * @param howToGoOn told when the run has not succeeded
   */
  public ExitCode carryOut(
      Way way, RunRequest request, long estimatedItems, boolean json, String howToGoOn) {
    var progress = new RunProgress(request.totalSegments(), estimatedItems, System::nanoTime);
    var stop = new StopSignal();
    stop.onStop(
        () ->
            screen.err().println("Stopping: the pages that are being written are finished first."));
    return interrupts.during(
        stop,
        () -> {
          var ending =
              ProgressDisplay.during(
                  screen, "Migrating", progress::reading, () -> way.go(request, progress, stop));
          tell(request, ending, json);
          if (ending.status() == RunStatus.ABORTED) {
            screen.err().println("Stopped; everything counted is written.");
          }
          if (ending.status() != RunStatus.SUCCEEDED) {
            screen.err().println(howToGoOn);
          }
          return exitCode(request, ending);
        });
  }

  /** One way of carrying a request out. */
  @FunctionalInterface
  public interface Way {
    RunEnding go(RunRequest request, RunObserver observer, StopSignal stop);
  }

  /** How to go on with a run of this machine, for people. */
  static String redrive(RunRequest request) {
    return "To go on from there: godwit redrive "
        + request.runId()
        + " (with the same --endpoint-url, --results and --migrations-jar).";
  }

  private void tell(RunRequest request, RunEnding ending, boolean json) {
    screen.out().println(json ? JsonReport.of(ending) : SummaryTable.of(request, ending));
    screen.out().flush();
    ending.error().ifPresent(error -> screen.err().println("The run did not succeed: " + error));
    if (ending.tally().count(Counter.FAILED) > 0) {
      screen
          .err()
          .println("Failure records, with the items as they were: " + ending.resultsLocation());
    }
    if (leftOver(request, ending)) {
      screen.err().println("Verified: the transform would still change items of this table.");
    }
  }

  private static ExitCode exitCode(RunRequest request, RunEnding ending) {
    return switch (ending.status()) {
      case SUCCEEDED -> leftOver(request, ending) ? ExitCode.RUN_FAILED : ExitCode.DONE;
      case ABORTED -> ExitCode.STOPPED;
      case FAILED, TIMED_OUT -> ExitCode.RUN_FAILED;
    };
  }

  private static boolean leftOver(RunRequest request, RunEnding ending) {
    return request.mode() == Mode.VERIFY
        && ending.tally().count(Counter.UPDATED) + ending.tally().count(Counter.DELETED) > 0;
  }
}
