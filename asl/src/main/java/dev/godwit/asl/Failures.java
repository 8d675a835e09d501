package dev.godwit.asl;

import java.io.UncheckedIOException;

/** Turns what was thrown into an error name and cause. */
final class Failures {
  private Failures() {}

  /** What ends a flow that a step of the engine's own has broken off. */
  static StateError ofStep(RuntimeException failure) {
    return failure instanceof UncheckedIOException unchecked
        ? new StateError(
            ErrorNames.RUNTIME,
            Execution.FOLDER_FAILED + unchecked.getMessage() + reason(unchecked))
        : new StateError(ErrorNames.RUNTIME, String.valueOf(failure));
  }

  /** Unless it is said already. */
  private static String reason(UncheckedIOException unchecked) {
    String reason = String.valueOf(unchecked.getCause());
    return reason.equals(unchecked.getMessage()) ? "" : ", " + reason;
  }

  static StateError errorOf(Throwable failure) {
    if (failure instanceof TaskFailure named) {
      return new StateError(named.error(), named.causeText());
    }
    String message = failure.getMessage();
    return new StateError(failure.getClass().getName(), message == null ? "" : message);
  }
}
