package dev.godwit.cli.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a run to stop at its next page boundaries. Once asked, it stays so. Thread-safe. */
public final class StopSignal {
  private final List<Runnable> listeners = new ArrayList<>();
  private boolean asked;

  /** Asks; asking again does nothing. */
  public void stop() {
    List<Runnable> told;
    synchronized (this) {
      if (asked) {
        return;
      }
      asked = true;
      told = List.copyOf(listeners);
      notifyAll();
    }
    told.forEach(Runnable::run);
  }

  public synchronized boolean isStopped() {
    return asked;
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
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }
}
