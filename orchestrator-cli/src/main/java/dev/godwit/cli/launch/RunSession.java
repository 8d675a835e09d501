package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.progress.ProgressDisplay;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.EndingRemarks;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.SampledChanges;
import dev.godwit.cli.report.SummaryTable;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import java.util.Optional;

/** One run as its user lives it: live progress, Ctrl-C, the ending told, the exit code. */
public final class RunSession {
  private final Screen screen;
  private final Interrupts interrupts;

  public RunSession(Screen screen, Interrupts interrupts) {
    this.screen = screen;
    this.interrupts = interrupts;
  }

  /**
   * Carries {@code request} out in this process and tells how it ended.
   *
   * @param estimatedItems how many items the table is thought to hold; 0 when nobody knows
   * @param json whether to end with a JSON object instead of a table
   */
  public ExitCode carryOut(
      RunEngine engine, RunRequest request, long estimatedItems, boolean json, Words words) {
    return follow(
        request,
        new RunProgress(request.totalSegments(), estimatedItems, System::nanoTime),
        json,
        words,
        (observer, stop) -> engine.run(request, observer, stop));
  }

  /**
   * What is said around a run.
   *
   * @param task what is going on, in a word
   * @param interrupted said on Ctrl-C
   * @param leftAlone said when the run goes on without being watched
   * @param stopped said when the run was stopped
   * @param howToGoOn said when the run has not succeeded, instead of what the run itself advises
   * @param brokenOff said when nobody knows how the run has ended, or whether it has
   */
  public record Words(
      String task,
      String interrupted,
      String leftAlone,
      String stopped,
      Optional<String> howToGoOn,
      String brokenOff) {
    /** For a run in this process, which ends with it. */
    public static Words here(Optional<String> howToGoOn, String brokenOff) {
      return new Words(
          "Migrating",
          "Stopping: the pages that are being written are finished first. Ctrl-C once more cuts them off.",
          "",
          "Stopped; everything counted is written.",
          howToGoOn,
          brokenOff);
    }

    /** For a run in this process that can be gone on with. */
    public static Words here(String runId) {
      return here(Optional.empty(), status(runId));
    }

    /** For a run that goes on elsewhere whether it is watched or not. */
    public static Words elsewhere(String runId) {
      return new Words(
          "Watching",
          "No longer watching; the run is not stopped by that.",
          "The run goes on. Watch it: 'godwit watch "
              + runId
              + "'. Stop it: 'godwit stop "
              + runId
              + "'.",
          "The run was stopped.",
          Optional.empty(),
          status(runId));
    }
  }

  /** Follows a run to its end, or until it is left alone. */
  @FunctionalInterface
  public interface Work {
    RunEnding follow(RunObserver observer, StopSignal stop);
  }

  /**
   * Does {@code work}, shows how far it is, and tells how it ended.
   *
   * @param progress told of it
   * @param json whether to end with a JSON object instead of a table
   */
  public ExitCode follow(
      RunRequest request, RunProgress progress, boolean json, Words words, Work work) {
    var stop = new StopSignal();
    stop.onStop(() -> screen.err().println(words.interrupted()));
    return interrupts.during(
        stop,
        () -> {
          var ending =
              ProgressDisplay.during(
                  screen,
                  words.task(),
                  progress::reading,
                  () -> followed(work, new ToldObserver(progress, screen), stop, words));
          tell(request, ending, json);
          if (ending.status() == RunStatus.ABORTED) {
            screen.err().println(words.stopped());
          }
          if (ending.status() == RunStatus.RUNNING) {
            screen.err().println(words.leftAlone());
          } else {
            advice(ending, words).ifPresent(screen.err()::println);
          }
          return exitCode(request, ending);
        });
  }

  private static RunEnding followed(Work work, RunObserver observer, StopSignal stop, Words words) {
    try {
      return work.follow(observer, stop);
    } catch (CommandFailed | RunBrokeOff e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RunBrokeOff(words.brokenOff(), e);
    }
  }

  private static Optional<String> advice(RunEnding ending, Words words) {
    return ending.status() == RunStatus.SUCCEEDED
        ? ending.advice()
        : words.howToGoOn().or(ending::advice);
  }

  private static String status(String runId) {
    return "How the run stands, and how to go on: 'godwit status " + runId + "'.";
  }

  private void tell(RunRequest request, RunEnding ending, boolean json) {
    screen.out().println(json ? JsonReport.of(ending) : SummaryTable.of(request, ending));
    if (!json && !ending.samples().isEmpty()) {
      screen.out().println(SampledChanges.of(ending));
    }
    screen.out().flush();
    EndingRemarks.of(request, ending).forEach(screen.err()::println);
    if (json) {
      EndingRemarks.stillToDo(request, ending)
          .ifPresent(what -> screen.err().println("Still to do: " + what + "."));
    }
  }

  private static ExitCode exitCode(RunRequest request, RunEnding ending) {
    return switch (ending.status()) {
      case RUNNING -> ExitCode.DONE;
      case SUCCEEDED ->
          request.mode() == Mode.VERIFY && !EndingRemarks.isVerified(ending)
              ? ExitCode.RUN_FAILED
              : ExitCode.DONE;
      case ABORTED -> ExitCode.STOPPED;
      case FAILED, TIMED_OUT -> ExitCode.RUN_FAILED;
    };
  }
}
