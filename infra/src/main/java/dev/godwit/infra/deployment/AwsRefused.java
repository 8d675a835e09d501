package dev.godwit.infra.deployment;

/** AWS refuses a request and will go on doing so, unless a permission is still on its way. */
final class AwsRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  AwsRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
