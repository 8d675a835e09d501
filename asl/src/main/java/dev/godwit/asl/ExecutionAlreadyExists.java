package dev.godwit.asl;

/** An execution's name is taken, by one that has ended or that has another input. */
public final class ExecutionAlreadyExists extends RuntimeException {
  ExecutionAlreadyExists(String message) {
    super(message);
  }
}
