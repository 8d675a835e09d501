package dev.godwit.cli.lifecycle;

import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.util.List;
import java.util.Optional;

/** Which runs may be undone, by what other runs have written or taken back since. */
final class UndoRules {
  private UndoRules() {}

  /** The run that has taken back all that {@code undone} had written, and was not undone itself. */
  private static Optional<RunRecord> undoing(RunRecord undone, Ledger ledger) {
    return undone
        .undoneBy()
        .flatMap(ledger::wholeRun)
        .filter(run -> run.status().equals(RunStatus.SUCCEEDED.name()))
        .filter(run -> run.counted().count(Counter.FAILED) == 0)
        .filter(run -> undoing(run, ledger).isEmpty());
  }

  /** What is taken back once is not taken back again: another run may have written it since. */
  static void refuseIfUndone(RunRecord run, Ledger ledger) {
    undoing(run, ledger)
        .ifPresent(
            undoing -> {
              throw RunLifecycle.refused(
                  run.runId(),
                  "was undone already, by the run "
                      + undoing.runId()
                      + "; to undo that: 'godwit undo "
                      + undoing.runId()
                      + "'");
            });
  }

  /**
   * The other runs of the migration that have changed items and were not undone: an item may be of
   * several runs, one that failed and the one that did the rest.
   *
   * @param over all runs over the table, the newest first
   */
  static List<RunRecord> othersNotUndone(RunRequest request, List<RunRecord> over, Ledger ledger) {
    return over.stream()
        .filter(run -> run.migration().equals(request.migration()))
        .filter(run -> !run.runId().equals(request.runId()) && changed(run.counted()) > 0)
        .filter(run -> goesAs(request, RunRequestJson.read(run.request())))
        .filter(run -> undoing(run, ledger).isEmpty())
        .toList();
  }

  /** What a later run has written again looks like what this one has left. */
  static void refuseBeforeNewer(RunRecord run, List<RunRecord> others) {
    others.stream()
        .filter(other -> other.startedAt().isAfter(run.startedAt()))
        .findFirst()
        .ifPresent(
            newer -> {
              throw RunLifecycle.refused(
                  run.runId(),
                  "is older than the run "
                      + newer.runId()
                      + " of the same migration, which has changed items, too: what each has written cannot be told apart. Undo that one first: 'godwit undo "
                      + newer.runId()
                      + "'");
            });
  }

  private static boolean goesAs(RunRequest undone, RunRequest other) {
    return other.undo().isEmpty() && other.direction() == undone.direction();
  }

  static long changed(Tally counted) {
    return counted.count(Counter.UPDATED) + counted.count(Counter.DELETED);
  }
}
