package dev.godwit.cli.run;

/** Carries runs out. One engine for each place where the state machine can run. */
public interface RunEngine {
  /**
   * Carries out {@code request} and waits until it has ended and is settled.
   *
   * <p>Asked to stop, it ends the slices at their next page boundary and answers {@link
   * RunStatus#ABORTED}: everything counted is written, and nothing more.
   */
  RunEnding run(RunRequest request, RunObserver observer, StopSignal stop);
}
