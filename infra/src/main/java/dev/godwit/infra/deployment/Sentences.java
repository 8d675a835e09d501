package dev.godwit.infra.deployment;

import java.time.Duration;

/** Parts of what is said in more than one place. */
final class Sentences {
  private static final int LONGEST_REASON = 800;

  private Sentences() {}

  /** Ends in a full stop, and is no longer than CloudFormation shows. */
  static String shortened(String reason) {
    String text = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    return text.endsWith(".") ? text : text + ".";
  }

  static String minutes(Duration duration) {
    return duration.toMinutes() + " minutes";
  }

  static String notSettled(String runId, Duration longest) {
    return "The run "
        + runId
        + " has ended, but was not settled within "
        + minutes(longest)
        + ": look at the settle machine's executions and at the queue of undelivered endings.";
  }
}
