package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord;
import java.util.Optional;

/** The exports that the ledger knows. */
interface ExportNotes {
  /** The one that stands for all that were made of a table for one migration. */
  Optional<ExportRecord> latest(String tableName, String migration);

  /**
   * Writes one in the place of what was read.
   *
   * @param seen as it was read under the same key; empty for nothing
   * @throws NoteChanged when somebody else has written it since
   */
  void write(Optional<ExportRecord> seen, ExportRecord next);
}
