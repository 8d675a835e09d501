package dev.godwit.cli.lifecycle;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.RunRecord;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the books of a run stand, by what its execution and the ledger say.
 *
 * @param record what the ledger has of the run, if it is this execution's
 * @param doubt why that is not known; only then
 */
record Settlement(Stage stage, Optional<RunRecord> record, String doubt) {
  enum Stage {
    /** The run writes nothing, and so has no books. */
    NO_BOOKS,
    /** The execution has not opened the run, or was refused. */
    NOT_OPENED,
    /** The run goes on, or was killed: nothing is to be settled yet. */
    OPEN,
    /** The execution has ended, and nobody has settled that. */
    ENDED,
    /** The execution has ended and was settled, and a redrive has taken the table since. */
    TAKEN_TO_REDRIVE,
    /** The books are closed. */
    CLOSED,
    /** The ledger cannot be asked, or does not know the run. */
    UNKNOWN
  }

  static Settlement of(Execution execution, MapRuns mapRuns, Supplier<Ledger> ledgers) {
    if (!execution.request().mode().writes()) {
      return new Settlement(Stage.NO_BOOKS, Optional.empty(), "");
    }
    String ledgerTable;
    Optional<RunRecord> record;
    try {
      var ledger = ledgers.get();
      ledgerTable = ledger.table();
      record =
          ledger.run(execution.runId()).filter(run -> run.executionArn().equals(execution.arn()));
    } catch (CommandFailed e) {
      return new Settlement(Stage.UNKNOWN, Optional.empty(), String.valueOf(e.getMessage()));
    }
    if (record.isEmpty() && mapRuns.begun()) {
      return new Settlement(
          Stage.UNKNOWN,
          Optional.empty(),
          "The ledger, table "
              + ledgerTable
              + ", does not know the run "
              + execution.runId()
              + "; give the endpoint, region or --ledger that it was started with");
    }
    return of(execution, record);
  }

  /** Of an execution whose run has {@code record}, if any. */
  static Settlement of(Execution execution, Optional<RunRecord> record) {
    return new Settlement(
        record.map(run -> stage(execution, run)).orElse(Stage.NOT_OPENED), record, "");
  }

  private static Stage stage(Execution execution, RunRecord run) {
    if (!execution.hasEnded()) {
      return Stage.OPEN;
    }
    if (!run.isOpen()) {
      // One that was redriven elsewhere, without its table, has an end that is to be settled.
      return execution.redriveCount() > run.redrives() ? Stage.ENDED : Stage.CLOSED;
    }
    return execution.redriveCount() < run.redrives() ? Stage.TAKEN_TO_REDRIVE : Stage.ENDED;
  }

  boolean isOver() {
    return stage == Stage.NO_BOOKS || stage == Stage.NOT_OPENED || stage == Stage.CLOSED;
  }

  /** Why the table's capacity is still raised, if AWS refused to lower it. */
  Optional<String> capacityNotRestored() {
    return record.flatMap(RunRecord::capacityNotRestored);
  }
}
