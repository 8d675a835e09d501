package dev.godwit.cli.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks a run to stop at its next page boundaries, and then perhaps to wait for those no longer.
 * Once asked, it stays so. Thread-safe.
 */
public final class StopSignal {
  private static final String BY_ITS_USER = "Stopped by its user, at page boundaries.";

  private final List<Runnable> stopListeners = new ArrayList<>();
  private final List<Runnable> cutOffListeners = new ArrayList<>();
  private boolean asked;
  private boolean cutOff;
  private String reason = BY_ITS_USER;

  /** Asks for its user; asking again does nothing. */
  public void stop() {
    stop(BY_ITS_USER);
  }

  /**
   * Asks; asking again does nothing.
   *
   * @param why a sentence, for whoever looks at the run later
   */
  public void stop(String why) {
    List<Runnable> told;
    synchronized (this) {
      if (asked) {
        return;
      }
      asked = true;
      reason = why;
      told = List.copyOf(stopListeners);
      notifyAll();
    }
    told.forEach(Runnable::run);
  }

  public synchronized boolean isStopped() {
    return asked;
  }

  /** Why it was asked to stop, if it was. */
  public synchronized String reason() {
    return reason;
  }

  /**
   * Asks to stop, if that was not asked yet, and to wait for no page boundary: what is under way is
   * left as it is. Asking again does nothing.
   *
   * @return whether anything is there to be cut off
   */
  public boolean cutOff() {
    stop();
    List<Runnable> told;
    boolean anything;
    synchronized (this) {
      anything = !cutOffListeners.isEmpty();
      told = cutOff ? List.of() : List.copyOf(cutOffListeners);
      cutOff = true;
    }
    told.forEach(Runnable::run);
    return anything;
  }

  /** Runs {@code listener} once, when asked to cut off; at once if that has happened. */
  public void onCutOff(Runnable listener) {
    synchronized (this) {
      cutOffListeners.add(listener);
      if (!cutOff) {
        return;
      }
    }
    listener.run();
  }

  /** Waits for {@code longest}, or until asked to stop; an interrupted thread asks by itself. */
  public synchronized void await(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    for (long left = longest.toNanos(); !asked && left > 0; left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stop();
      }
    }
  }

  /** Runs {@code listener} once, when asked to stop; at once if that has happened. */
  public void onStop(Runnable listener) {
    synchronized (this) {
      if (!asked) {
        stopListeners.add(listener);
        return;
      }
    }
    listener.run();
  }
}
