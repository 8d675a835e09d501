package dev.godwit.asl;

import java.util.Objects;

/** Thrown by a {@link TaskPort} to fail an attempt under a chosen error name. */
public class TaskFailure extends Exception {
  private final String error;
  private final String cause;

  /**
   * @param error what {@code ErrorEquals} compares: {@code
   *     DynamoDb.ConditionalCheckFailedException}, {@code Lambda.TooManyRequestsException}
   * @param cause for people
   */
  public TaskFailure(String error, String cause) {
    super(error + ": " + cause);
    this.error = Objects.requireNonNull(error, "error");
    this.cause = Objects.requireNonNull(cause, "cause");
  }

  public String error() {
    return error;
  }

  /** The error's {@code Cause}; {@link #getCause()} is Java's, and absent. */
  public String causeText() {
    return cause;
  }
}
