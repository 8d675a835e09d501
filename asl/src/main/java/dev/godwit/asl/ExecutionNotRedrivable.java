package dev.godwit.asl;

/** An execution cannot be redriven: it runs, it succeeded, or there is none of that name. */
public final class ExecutionNotRedrivable extends RuntimeException {
  ExecutionNotRedrivable(String message) {
    super(message);
  }
}
