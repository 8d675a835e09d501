package dev.godwit.cli.lifecycle;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.RunRequest;
import dev.godwit.run.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place where runs are carried out, and what they have there beside their executions: this
 * machine, or a state machine on AWS.
 *
 * <p>Every method throws {@link dev.godwit.cli.console.CommandFailed} when the place does not
 * answer.
 */
public interface Place extends AutoCloseable {
  Executions executions();

  /** Where the books of the run {@code runId} are kept. */
  Bookkeeping booksOf(String runId);

  /** Where the books of runs over {@code tableName} are kept. */
  Bookkeeping booksOver(String tableName);

  /**
   * Sees to it that the books over {@code tableName} can be written to by hand: those of machines
   * are made if there are none.
   *
   * @throws dev.godwit.cli.console.CommandFailed also when it is not sure which books these are
   */
  void prepareBooksOver(String tableName);

  /** Who gives commands here about {@code tableName}, as far as can be told. Never fails. */
  String caller(String tableName);

  /** All runs that this place remembers, newest first. */
  List<ListedRun> newestFirst();

  /** What runs have left. */
  RunResults results();

  /** Where the results of the run {@code runId} are, for people. */
  String resultsLocation(String runId);

  /** The bucket that results are in; empty where they are in a folder. */
  default Optional<String> resultsBucket() {
    return Optional.empty();
  }

  /** Where people can look at an execution; empty where there is nothing to look at. */
  Map<String, String> addresses(String executionArn);

  /**
   * Refuses a run over a table that is none for it, as the ledger is.
   *
   * @throws dev.godwit.cli.console.CommandFailed when it is; nothing was begun
   */
  void check(RunRequest request);

  /** What people should know before {@code request} is started here, if anything. */
  Optional<String> warning(RunRequest request);

  /** How many items the table is thought to hold; 0 when that cannot be told. Never fails. */
  long estimatedItems(RunRequest request);

  /**
   * The digest of the code of {@code request}'s migration, as the next slice would have it; empty
   * when that is not known from here.
   */
  Optional<String> code(RunRequest request);

  /**
   * The code of {@code request}'s migration that runs which begin now have. Asked on AWS, the
   * worker may have to be woken first, which can take minutes.
   */
  Code codeNow(RunRequest request);

  /**
   * Lets the run's slices go on with {@code code}, though it began with other code. May be
   * repeated.
   */
  void accept(RunRequest request, Code code);

  /**
   * Holds the run's slices to {@code code}, whatever they were let go on with since: a redrive that
   * was refused may have let them go on with other code.
   *
   * @param code as the ledger has it
   */
  void hold(RunRequest request, Code code);

  /**
   * Stays with a run that is carried out by this very process until its execution has ended.
   *
   * @return what was heard of it; empty when it is not, but goes on by itself
   */
  Optional<Heard> stayWith(String runId, RunObserver observer, StopSignal stop);

  /** How a run stands that holds a table and is not there; for people. */
  String unknownHolder(Lease.Holder holder);

  Manners manners();

  /** What carries runs out here beside this process; empty where nothing does. */
  default Optional<DeploymentFacts> deployment() {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * What the process that carries a run out has heard of it since it was begun or redriven.
   *
   * @param tally of all pages; those of a page that was read again are counted again
   * @param firstFailure why the first segment failed, for people
   * @param brokeOff what has kept the run from being carried out: the place, not the run
   */
  record Heard(Tally tally, Optional<String> firstFailure, Optional<CommandFailed> brokeOff) {}

  /**
   * How things are done and said at a place.
   *
   * @param endsWithProcess whether a run ends with the process that began it
   * @param lookedAtEvery how long to wait between two looks at a run
   * @param settledWithin how long after an end, or after a table was taken for a redrive, somebody
   *     may still be about to go on with it
   * @param where it is, as in "There is no run X <i>in /home/me/.godwit</i>"
   * @param unknown what to do about a run that is not there
   * @param resultsNeed what reading results needs, as in "allow s3:GetObject on the bucket"
   * @param redrivable until when a run can be redriven, as in "Go on where it stood<i>, within 14
   *     days of its end</i>"
   */
  record Manners(
      boolean endsWithProcess,
      Duration lookedAtEvery,
      Duration settledWithin,
      String where,
      String unknown,
      String resultsNeed,
      String redrivable) {}
}
