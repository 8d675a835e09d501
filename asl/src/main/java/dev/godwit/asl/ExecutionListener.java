package dev.godwit.asl;

/**
 * Hears what happens in executions and their children, as it happens.
 *
 * <p>Thread-safety: called from the engine's threads, for different flows at once; events of one
 * flow come in order. Must not block, and what it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface ExecutionListener {
  void on(ExecutionEvent event);
}
