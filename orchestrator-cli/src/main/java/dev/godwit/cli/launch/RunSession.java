package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.RateOrder;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.progress.ProgressDisplay;
import dev.godwit.cli.progress.ProgressSource;
import dev.godwit.cli.progress.Reading;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.EndingRemarks;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.SampledChanges;
import dev.godwit.cli.report.SummaryTable;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run as its user lives it: live progress, Ctrl-C, the ending told, the exit code. */
public final class RunSession {
  private final Screen screen;
  private final Interrupts interrupts;

  public RunSession(Screen screen, Interrupts interrupts) {
    this.screen = screen;
    this.interrupts = interrupts;
  }

  /**
   * What a session is about.
   *
   * @param progress told of the run
   * @param controls the runs by which keys change how fast it goes, opened when there are keys, and
   *     closed by this; empty where nobody can
   * @param told what is told of its end, instead of the summary; empty for the summary
   * @param pages who keeps a page about it
   */
  public record Subject(
      RunRequest request,
      RunProgress progress,
      Words words,
      Optional<Supplier<RunLifecycle>> controls,
      Optional<Consumer<RunEnding>> told,
      Pages pages) {
    /** A run whose end is told in a summary. */
    public static Subject of(RunRequest request, RunProgress progress, Words words) {
      request.canary().ifPresent(canary -> progress.beginsWith(canary.segments()));
      return new Subject(request, progress, words, Optional.empty(), Optional.empty(), Pages.NONE);
    }

    /** Its rate can be changed by {@code runs}, which are closed then. */
    public Subject controlledBy(Supplier<RunLifecycle> runs) {
      return new Subject(request, progress, words, Optional.of(runs), told, pages);
    }

    /** Its end is told by {@code teller}. */
    public Subject toldBy(Consumer<RunEnding> teller) {
      return new Subject(request, progress, words, controls, Optional.of(teller), pages);
    }

    /** A page about it is kept by {@code keeper}. */
    public Subject leaving(Pages keeper) {
      return new Subject(request, progress, words, controls, told, keeper);
    }
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

  /** Keeps a page about a run that has ended. */
  @FunctionalInterface
  public interface Pages {
    Pages NONE = runId -> Optional.empty();

    /**
     * Writes the page.
     *
     * @return where it is, for people; empty when there is none, which was said then
     */
    Optional<String> keep(String runId);
  }

  /** Follows a run to its end, or until it is left alone. */
  @FunctionalInterface
  public interface Work {
    RunEnding follow(RunObserver observer, StopSignal stop);
  }

  /**
   * Does {@code work}, shows how far it is, and tells how it ended.
   *
   * @param json whether to end with a JSON object instead of a table
   */
  public ExitCode follow(Subject subject, boolean json, Work work) {
    var stop = new StopSignal();
    var words = subject.words();
    stop.onStop(() -> screen.err().println(words.interrupted()));
    return interrupts.during(
        stop,
        () -> {
          var ending = shown(subject, stop, work);
          var page = page(subject, ending);
          subject
              .told()
              .ifPresentOrElse(one -> one.accept(ending), () -> tell(subject, ending, page, json));
          if (ending.status() == RunStatus.ABORTED) {
            screen.err().println(words.stopped());
          }
          if (ending.status() == RunStatus.RUNNING) {
            screen.err().println(words.leftAlone());
          } else {
            advice(ending, words).ifPresent(screen.err()::println);
          }
          return exitCode(subject.request(), ending);
        });
  }

  private RunEnding shown(Subject subject, StopSignal stop, Work work) {
    var keys = keys(subject, stop);
    try {
      return ProgressDisplay.during(
          screen,
          subject.words().task(),
          keys.isPresent()
              ? new WithHint(subject.progress(), RunKeys.hint(isLeavable(subject)))
              : subject.progress(),
          () ->
              followed(work, new ToldObserver(subject.progress(), screen), stop, subject.words()));
    } finally {
      keys.ifPresent(RunKeys::close);
    }
  }

  private static Optional<String> page(Subject subject, RunEnding ending) {
    return ending.status() == RunStatus.RUNNING
        ? Optional.empty()
        : subject.pages().keep(ending.runId());
  }

  private Optional<RunKeys> keys(Subject subject, StopSignal stop) {
    if (screen.keys().isEmpty() || subject.controls().isEmpty()) {
      return Optional.empty();
    }
    var runId = subject.request().runId();
    var runs = subject.controls().get().get();
    var controls =
        new RunKeys.Controls() {
          @Override
          public String change(RateOrder.Step step) {
            return runs.change(runId, step);
          }

          @Override
          public void close() {
            runs.close();
          }
        };
    return RunKeys.on(screen.keys().get(), screen.err(), stop, controls, isLeavable(subject));
  }

  private static boolean isLeavable(Subject subject) {
    return !subject.words().leftAlone().isEmpty();
  }

  /** The run, and below it what keys there are. */
  private record WithHint(ProgressSource shown, String hint) implements ProgressSource {
    @Override
    public Reading reading() {
      return shown.reading();
    }

    @Override
    public List<String> picture(String task, int columns) {
      var lines = new ArrayList<>(shown.picture(task, columns));
      lines.add(hint);
      return lines;
    }
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

  private void tell(Subject subject, RunEnding ending, Optional<String> page, boolean json) {
    var request = subject.request();
    screen
        .out()
        .println(json ? JsonReport.of(ending, page) : SummaryTable.of(request, ending, page));
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
