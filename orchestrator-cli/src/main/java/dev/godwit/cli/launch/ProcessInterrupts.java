package dev.godwit.cli.launch;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.run.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whatever would end this process from outside of the command: Ctrl-C and its kin, and code that
 * calls {@code System.exit}, as a transform might.
 *
 * <p>The first signal asks the work under way to stop, the second to cut off, the third ends the
 * process as it is. One that has been cut off is given a while to close its books; without that it
 * can still be redriven.
 */
public final class ProcessInterrupts implements Interrupts {
  /** Below a signal's number, as shells have it. */
  private static final int SIGNALLED = 128;

  private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

  /** For the pages of others, when a transform has called System.exit and will never return. */
  private static final Duration FOR_PAGES = Duration.ofSeconds(5);

  private static final Duration FOR_BOOKS = Duration.ofSeconds(20);

  private final PrintStream err;
  private final Runnable leaving;
  private volatile @Nullable UnderWay underWay;
  private volatile int signal;
  private volatile boolean ownEnd;

  /** Work that lasts. */
  private record UnderWay(StopSignal stop, AtomicInteger signals, CountDownLatch told) {}

  /**
   * @param leaving done before this process ends otherwise than by its own will, when nothing else
   *     is any more: a terminal is left as it was found
   */
  public ProcessInterrupts(PrintStream err, Runnable leaving) {
    this.err = err;
    this.leaving = leaving;
  }

  @Override
  public <T> T during(StopSignal stop, Supplier<T> work) {
    var now = new UnderWay(stop, new AtomicInteger(), new CountDownLatch(1));
    underWay = now;
    var heard = new ArrayList<ProcessSignals.Heard>();
    for (String name : SIGNALS) {
      ProcessSignals.hear(name, number -> signalled(now, number)).ifPresent(heard::add);
    }
    try {
      return work.get();
    } finally {
      underWay = null;
      now.told.countDown();
      heard.forEach(ProcessSignals.Heard::close);
    }
  }

  private void signalled(UnderWay now, int number) {
    signal = number;
    switch (now.signals.incrementAndGet()) {
      case 1 -> now.stop.stop();
      case 2 -> {
        if (now.stop.cutOff()) {
          err.println("Cut off; what was being written is left as it is. The books are closed.");
          endUnlessTold(now);
        } else {
          halt(SIGNALLED + number);
        }
      }
      default -> halt(SIGNALLED + number);
    }
  }

  private void endUnlessTold(UnderWay now) {
    if (!isTold(now, FOR_BOOKS)) {
      err.println(
          "Its books are not closed yet, and are not waited for any longer: 'godwit stop' closes them.");
      halt(SIGNALLED + signal);
    }
  }

  /** From now on, code that calls {@code System.exit} does not end this process with its code. */
  public void watchExits() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::shuttingDown, "watch-exits"));
  }

  /**
   * Ends the process.
   *
   * @param exitCode what it answers, unless a signal has asked it to end
   */
  public void exit(int exitCode) {
    ownEnd = true;
    System.exit(signal == 0 ? exitCode : SIGNALLED + signal);
  }

  private void shuttingDown() {
    if (ownEnd) {
      return;
    }
    var now = underWay;
    var caller = callerOfExit();
    if (now == null) {
      caller.ifPresent(
          where -> {
            err.println("Something called System.exit in the middle of this: " + where + ".");
            halt(ExitCode.RUN_FAILED.code());
          });
      return;
    }
    if (caller.isEmpty()) { // a signal that could not be heard
      now.stop.stop();
      isTold(now, Duration.ofDays(365));
      return;
    }
    err.println(
        "Something called System.exit while the run was under way: "
            + caller.get()
            + ". A migration must not do that: its run is stopped.");
    now.stop.stop("System.exit was called: " + caller.get() + ".");
    if (!isTold(now, FOR_PAGES)) {
      now.stop.cutOff();
      isTold(now, FOR_BOOKS);
    }
    halt(ExitCode.RUN_FAILED.code());
  }

  /** Where the code is that has called {@code System.exit}, if any has. */
  private static Optional<String> callerOfExit() {
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      var frames = thread.getValue();
      for (int i = 0; i + 1 < frames.length; i++) {
        if (isExit(frames[i]) && !isExit(frames[i + 1])) {
          return Optional.of(frames[i + 1].toString());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isExit(StackTraceElement frame) {
    return frame.getMethodName().equals("exit")
        && (frame.getClassName().equals("java.lang.System")
            || frame.getClassName().equals("java.lang.Runtime"));
  }

  private static boolean isTold(UnderWay now, Duration longest) {
    try {
      return now.told.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void halt(int exitCode) {
    leaving.run();
    err.flush();
    Runtime.getRuntime().halt(exitCode);
  }
}
