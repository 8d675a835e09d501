package dev.godwit.asl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells everything below one point of an execution to come to an end: first to stop beginning new
 * work, and, when the grace period is over, to wait for nothing any more. Thread-safe.
 */
final class Cancellation {
  private static final Registration NONE = () -> {};

  private final Map<Object, Hooks> hooks = new LinkedHashMap<>();
  private boolean cancelled;
  private boolean cutOff;

  private record Hooks(Runnable onCancel, Runnable onCutOff) {}

  /** Ends a registration; closing twice does nothing. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    List<Hooks> all;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      all = new ArrayList<>(hooks.values());
    }
    all.forEach(h -> h.onCancel().run());
  }

  void cutOff() {
    cancel();
    List<Hooks> all;
    synchronized (this) {
      if (cutOff) {
        return;
      }
      cutOff = true;
      all = new ArrayList<>(hooks.values());
    }
    all.forEach(h -> h.onCutOff().run());
  }

  /** Runs each hook at most once: at once, if it is already time. Hooks must not block. */
  Registration register(Runnable onCancel, Runnable onCutOff) {
    Object key = new Object();
    boolean cancelNow;
    boolean cutOffNow;
    synchronized (this) {
      cancelNow = cancelled;
      cutOffNow = cutOff;
      if (!cutOffNow) {
        hooks.put(key, new Hooks(cancelNow ? () -> {} : onCancel, onCutOff));
      }
    }
    if (cancelNow) {
      onCancel.run();
    }
    if (cutOffNow) {
      onCutOff.run();
      return NONE;
    }
    return () -> {
      synchronized (this) {
        hooks.remove(key);
      }
    };
  }

  /** A point below this one; close the registration when it has ended. */
  Registration attach(Cancellation below) {
    return register(below::cancel, below::cutOff);
  }
}
