package dev.godwit.cli.run;

import dev.godwit.run.RunRequest;
import java.util.Optional;

/** Carries runs out. One engine for each place where the state machine can run. */
public interface RunEngine {
  /**
   * Carries out {@code request} and waits until it has ended and is settled.
   *
   * <p>Asked to stop, it ends the slices at their next page boundary and answers {@link
   * RunStatus#ABORTED}: everything counted is written, and nothing more.
   */
  RunEnding run(RunRequest request, RunObserver observer, StopSignal stop);

  /**
   * What the run {@code runId} was asked to do; empty when this engine has never carried it out.
   */
  Optional<RunRequest> find(String runId);

  /**
   * Goes on with a run that failed, was stopped or was killed, and waits as {@link #run} does.
   * Segments that succeeded are not touched again; the others go on from their last state.
   *
   * @throws dev.godwit.cli.console.CommandFailed when the run cannot be gone on with: it succeeded,
   *     it still runs, another run holds its table
   */
  RunEnding redrive(RunRequest request, RunObserver observer, StopSignal stop);
}
