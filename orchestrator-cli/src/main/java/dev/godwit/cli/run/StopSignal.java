package dev.godwit.cli.run;

import java.util.ArrayList;
import java.util.List;

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
    }
    told.forEach(Runnable::run);
  }

  public synchronized boolean isStopped() {
    return asked;
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
