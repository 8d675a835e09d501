package dev.godwit.cli.run;

/** How a run stands or ended, in Step Functions' words. */
public enum RunStatus {
  RUNNING,
  SUCCEEDED,
  FAILED,
  TIMED_OUT,
  ABORTED
}
