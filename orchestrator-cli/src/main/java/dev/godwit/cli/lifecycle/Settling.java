package dev.godwit.cli.lifecycle;

import dev.godwit.cli.run.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Closes a run's books by the definition that closes all of them, carried out in this process. */
public interface Settling {
  /**
   * Settles one end of a run. What is settled already, or is another's to settle, is left alone.
   *
   * @param ending which
   * @param execution asked, maybe several times, how the run's execution stands
   * @return how that went
   */
  Outcome settle(Ending ending, Supplier<Optional<Execution>> execution);

  /**
   * How an execution ended.
   *
   * @param redriveCount how often it had been redriven by then
   * @param input its input, as JSON
   */
  record Ending(
      String executionArn,
      String runId,
      RunStatus status,
      Instant at,
      String error,
      String cause,
      int redriveCount,
      String input) {}

  /**
   * How a settlement went.
   *
   * @param failure why it did not come to its end, for people; empty when it did
   * @param capacityNotRestored why the table's capacity could not be lowered, for people: AWS
   *     refused, or whoever settles may not; all else is settled
   */
  record Outcome(Optional<String> failure, Optional<String> capacityNotRestored) {
    /** All is as it is to be. */
    public static final Outcome DONE = new Outcome(Optional.empty(), Optional.empty());
  }
}
