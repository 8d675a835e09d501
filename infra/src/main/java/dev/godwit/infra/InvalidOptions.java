package dev.godwit.infra;

/**
 * An option of a deployment that cannot be; the message is one sentence that says how to fix it.
 */
public final class InvalidOptions extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidOptions(String message) {
    super(message);
  }

  public InvalidOptions(String message, Throwable cause) {
    super(message, cause);
  }
}
