package dev.godwit.cli.run;

/** How a run ended, in Step Functions' words. */
public enum RunStatus {
  SUCCEEDED,
  FAILED,
  TIMED_OUT,
  ABORTED
}
