package dev.godwit.asl;

/** An execution is being run by another engine, in this process or another. */
public final class ExecutionIsRunning extends IllegalStateException {
  ExecutionIsRunning(String message) {
    super(message);
  }
}
