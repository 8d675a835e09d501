package dev.godwit.asl;

import java.util.List;

/**
 * Which {@code ErrorEquals} answers to which error.
 *
 * <p>Source: Step Functions Developer Guide, "Handling errors in Step Functions workflows"; read
 * 2026-11-20: {@code States.ALL} matches all but {@code States.DataLimitExceeded} and {@code
 * States.Runtime}; {@code States.TaskFailed} matches all but {@code States.Timeout}; nothing
 * matches {@code States.Runtime}.
 */
final class ErrorMatching {
  private ErrorMatching() {}

  static boolean matches(List<String> patterns, StateError error) {
    String name = error.name();
    if (name.equals(ErrorNames.RUNTIME)) {
      return false;
    }
    if (patterns.contains(name)) {
      return true;
    }
    if (name.equals(ErrorNames.DATA_LIMIT_EXCEEDED)) {
      return false;
    }
    return patterns.contains(ErrorNames.ALL)
        || (patterns.contains(ErrorNames.TASK_FAILED) && !name.equals(ErrorNames.TIMEOUT));
  }
}
