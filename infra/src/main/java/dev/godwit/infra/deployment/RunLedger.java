package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.MigrationState;
import java.util.Optional;

/** What a deployment reads of the ledger; the state machines write it. */
interface RunLedger {
  /** What the history says of a migration on a table now. */
  History history(String tableName, String migration);

  /** The run that holds a table, if one does. */
  Optional<String> holder(String tableName);

  Books books(String runId);

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
