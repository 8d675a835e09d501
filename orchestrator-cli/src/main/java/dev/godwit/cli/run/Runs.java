package dev.godwit.cli.run;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.run.RunRequest;
import java.util.List;
import java.util.Optional;

/**
 * The runs of one place, this machine or a state machine on AWS: looked at, stopped, continued.
 *
 * <p>Every method throws {@link CommandFailed} when there is no such run or the place does not
 * answer; the exit code says which.
 */
public interface Runs extends AutoCloseable {
  /** Runs that ended with these were refused at once: there is nothing to go on with. */
  List<String> NEVER_BEGAN = List.of("Godwit.TableIsTaken", "Godwit.RunIsTaken");

  /** How far the run is. */
  RunState state(String runId);

  /**
   * Follows the run until it has ended.
   *
   * @return how it ended; RUNNING if {@code stop} was asked for first, which leaves the run alone
   */
  RunEnding watch(String runId, RunObserver observer, StopSignal stop);

  /** What the run has left. */
  RunReport report(String runId);

  /** All runs that this place remembers, newest first. */
  List<ListedRun> newestFirst();

  /** How migrations stand on {@code tableName}, oldest first. */
  List<HistoryEntry> history(String tableName);

  /** Who holds {@code tableName}; empty when it is free. */
  Optional<TableHolder> holder(String tableName);

  /**
   * Takes {@code tableName} from {@code runId}, whose execution is gone or was never settled: does
   * what its settlement would have done, from what the ledger says of it. A lease that has become
   * another run's meanwhile is left alone.
   *
   * @return why AWS refused to lower the table's capacity again, if it did; the table is free even
   *     so
   * @throws CommandFailed also when the table is free, held by another run, or the run may be going
   *     on
   */
  Optional<String> release(String tableName, String runId);

  /**
   * How many items {@code request}'s table is thought to hold; 0 when that cannot be told. Never
   * fails.
   */
  long estimatedItems(RunRequest request);

  /**
   * Asks the run to end at its next page boundaries, and returns before it has. A run whose process
   * was killed is settled, so that its table is free.
   *
   * @throws CommandFailed also when it has ended already
   */
  void stop(String runId);

  /**
   * Goes on with a run that failed, was stopped or was killed, from where each segment stood, and
   * waits for its end as {@link #watch} does.
   *
   * @throws CommandFailed also when there is nothing to go on with, or another run has the table
   */
  RunEnding redrive(String runId, RunObserver observer, StopSignal stop);

  @Override
  void close();
}
