package dev.godwit.cli.lifecycle;

import dev.godwit.run.RunRequest;
import java.util.Optional;

/**
 * The executions of one place, each named after the run that it carries out.
 *
 * <p>Every method throws {@link dev.godwit.cli.console.CommandFailed} when the place does not
 * answer.
 */
public interface Executions {
  /** How the execution of {@code runId} stands; empty when there is none. */
  Optional<Execution> describe(String runId);

  /**
   * Starts an execution, and returns once it goes on.
   *
   * @return its ARN
   * @throws ExecutionExists when there was one of this name before; nothing was started
   */
  String start(RunRequest request) throws ExecutionExists;

  /**
   * Goes on with an execution that has ended otherwise than well, or was killed, from where it
   * stood; returns once it goes on.
   *
   * @param last how it stood when that was decided
   * @param token names the end that this goes on from, at most {@value #LONGEST_TOKEN} characters:
   *     repeated under the same token it happens once, whoever asks
   * @throws NotRedriven when it was refused, or nobody can tell
   */
  void redrive(Execution last, String token) throws NotRedriven;

  /**
   * The longest token: Step Functions API reference, RedriveExecution, clientToken; read
   * 2026-11-25.
   */
  int LONGEST_TOKEN = 64;

  /**
   * Brings an execution to its end, as ABORTED. Returns before it has ended, but for one that was
   * killed, which has then.
   */
  void stop(Execution execution, String why);

  /**
   * What lets an execution work on more segments at once, or on fewer; empty where the process that
   * carries it out sees to that by its rate document.
   *
   * @throws dev.godwit.cli.console.CommandFailed also when no segments are being worked on
   */
  Optional<Concurrency> concurrency(Execution execution);

  /** How many segments of an execution are worked on at once. */
  interface Concurrency {
    int atOnce();

    /** From now on so many; those that are worked on already go on, though they are more. */
    void limitTo(int atOnce);
  }

  /** How far the Map Runs of an execution are. */
  MapRuns mapRuns(Execution execution);

  /** There was an execution of this name before. */
  final class ExecutionExists extends Exception {
    private static final long serialVersionUID = 1;

    public ExecutionExists(Throwable cause) {
      super(cause);
    }
  }

  /** An execution was not redriven, or perhaps not. */
  final class NotRedriven extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean sure;

    /**
     * @param why for people
     * @param sure whether it was refused; false when the answer is lost, and it may go on
     */
    public NotRedriven(String why, boolean sure, Throwable cause) {
      super(why, cause);
      this.sure = sure;
    }

    boolean isSure() {
      return sure;
    }
  }
}
