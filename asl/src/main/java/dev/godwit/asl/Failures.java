package dev.godwit.asl;

/** Turns what a task port threw into an error name and cause. */
final class Failures {
  private Failures() {}

  static StateError errorOf(Throwable failure) {
    if (failure instanceof TaskFailure named) {
      return new StateError(named.error(), named.causeText());
    }
    String message = failure.getMessage();
    return new StateError(failure.getClass().getName(), message == null ? "" : message);
  }
}
