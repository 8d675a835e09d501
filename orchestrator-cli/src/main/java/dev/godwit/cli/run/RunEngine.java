package dev.godwit.cli.run;

import dev.godwit.run.RunRequest;

/** Carries runs out in this process. */
@FunctionalInterface
public interface RunEngine {
  /**
   * Carries {@code request} out and waits until it has ended and its books are closed.
   *
   * <p>Asked to stop, it ends the slices at their next page boundary and answers {@link
   * RunStatus#ABORTED}: everything counted is written, and nothing more.
   */
  RunEnding run(RunRequest request, RunObserver observer, StopSignal stop);
}
