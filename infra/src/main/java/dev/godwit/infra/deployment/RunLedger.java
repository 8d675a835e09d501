package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.MigrationState;
import java.util.Optional;

/** What a deployment reads of the ledger; the state machines write it, with one exception. */
interface RunLedger {
  /** What the history says of a migration on a table now. */
  History history(String tableName, String migration);

  /** The table that a run was to put items into; empty if that is not known. */
  Optional<String> target(String runId);

  /** The run that holds a table, if one does. */
  Optional<String> holder(String tableName);

  Books books(String runId);

  /**
   * Has the history say that a migration is undone, if it says that this run has applied it, or
   * part of it: the table that the run has filled goes with the rollback. Done twice it does
   * nothing.
   *
   * @param runId whose books are closed
   */
  void takeBack(String tableName, String migration, String runId);

  /**
   * What became of a migration on a table.
   *
   * @param runId the run that the history has it from; empty if there is none, as for one that was
   *     marked as applied by hand
   * @param failed how many items that run left as they were, if it is partial
   */
  record History(MigrationState state, String runId, long failed) {
    static final History NONE = new History(MigrationState.NONE, "", 0);

    boolean applied() {
      return !state.isPending();
    }

    /** Whether it is applied, by a run that a deployment has started. */
    boolean appliedByDeployment() {
      return applied() && RunNames.isUp(runId);
    }
  }

  /** How far the ledger has a run. */
  enum Books {
    /** It never began, so that it changed nothing. */
    NONE,
    OPEN,
    /** Its ending is written, its table free again. */
    CLOSED
  }
}
