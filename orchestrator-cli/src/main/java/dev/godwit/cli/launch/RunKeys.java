package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.Seat;
import dev.godwit.cli.lifecycle.RateOrder;
import dev.godwit.cli.run.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keys do while a run is shown on a terminal. */
final class RunKeys implements AutoCloseable {
  private static final Duration LOOKED_FOR = Duration.ofMillis(200);

  /** For what a key has begun. */
  private static final Duration LONGEST_KEY = Duration.ofSeconds(5);

  private static final List<String> HELP =
      List.of(
          "Keys: p  pauses the run, and resumes it",
          "      +  a tenth more of its budget",
          "      -  a tenth less",
          "      q  leaves; the run goes on",
          "      ?  this");

  private final Seat seat;
  private final PrintStream err;
  private final StopSignal stop;
  private final Controls controls;
  private final boolean leavable;
  private final List<ProcessSignals.Heard> heard = new ArrayList<>();
  private final Thread thread = new Thread(this::listen, "keys");
  private volatile boolean closed;

  /** Changes how fast the run that is shown may go. Used from one thread, which closes it. */
  interface Controls extends AutoCloseable {
    /**
     * Takes a step.
     *
     * @return what was changed, for people; empty for nothing
     */
    String change(RateOrder.Step step);

    @Override
    void close();
  }

  private RunKeys(
      Seat seat, PrintStream err, StopSignal stop, Controls controls, boolean leavable) {
    this.seat = seat;
    this.err = err;
    this.stop = stop;
    this.controls = controls;
    this.leavable = leavable;
  }

  /**
   * Hears keys until it is closed.
   *
   * @param stop asked to, to leave
   * @param leavable whether the run goes on when it is left
   * @return empty when this terminal cannot do that, with {@code controls} closed
   */
  static Optional<RunKeys> on(
      Seat seat, PrintStream err, StopSignal stop, Controls controls, boolean leavable) {
    var keys = new RunKeys(seat, err, stop, controls, leavable);
    for (String moved : List.of("WINCH", "CONT")) {
      ProcessSignals.hear(moved, number -> seat.changed()).ifPresent(keys.heard::add);
    }
    // Put into the background, it would be stopped for reading; ignored, reading fails.
    ProcessSignals.ignore("TTIN").ifPresent(keys.heard::add);
    if (!seat.takeKeys()) {
      keys.heard.forEach(ProcessSignals.Heard::close);
      controls.close();
      return Optional.empty();
    }
    keys.thread.setDaemon(true);
    keys.thread.start();
    return Optional.of(keys);
  }

  /** What keys there are, in a line below the run. */
  static String hint(boolean leavable) {
    return "  p pause or resume, + faster, - slower, " + (leavable ? "q leave, " : "") + "? help";
  }

  private void listen() {
    try (controls) {
      while (!closed) {
        seat.key(LOOKED_FOR).ifPresent(this::pressed);
      }
    }
  }

  private void pressed(int key) {
    switch (key) {
      case 'p', 'P' -> change(RateOrder::pauseOrResume);
      case '+', '=' -> change(RateOrder::faster);
      case '-', '_' -> change(RateOrder::slower);
      case 'q', 'Q' -> leave();
      case '?', 'h', 'H' -> HELP.forEach(err::println);
      default -> {} // not meant for this
    }
  }

  private void change(RateOrder.Step step) {
    try {
      var what = controls.change(step);
      err.println(what.isEmpty() ? "Nothing to change." : said(what));
    } catch (CommandFailed e) {
      err.println(e.getMessage() + ".");
    }
  }

  private static String said(String what) {
    return Character.toUpperCase(what.charAt(0)) + what.substring(1) + ".";
  }

  private void leave() {
    if (leavable) {
      stop.stop();
    } else {
      err.println("This run ends with this process: Ctrl-C stops it, p lets it wait.");
    }
  }

  @Override
  public void close() {
    closed = true;
    seat.restore();
    heard.forEach(ProcessSignals.Heard::close);
    try {
      thread.join(LONGEST_KEY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
