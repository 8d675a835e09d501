package dev.godwit.infra.deployment;

/**
 * Now is not the time: AWS throttles, does not answer, or somebody else was faster. Nothing is lost
 * by asking again, and the next poll does.
 */
class NotYet extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotYet(String message) {
    super(message);
  }

  NotYet(String message, Throwable cause) {
    super(message, cause);
  }
}
