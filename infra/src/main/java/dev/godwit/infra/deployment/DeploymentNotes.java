package dev.godwit.infra.deployment;

/** The one note for each table that deployments keep in the ledger. */
interface DeploymentNotes {
  /** The note of a table as it is now; {@link DeploymentNote#EMPTY} before the first. */
  DeploymentNote read(String tableName);

  /**
   * Writes a note in the place of the one that was read.
   *
   * @return the note as it is there now, to be changed further
   * @throws NoteChanged when somebody else has written it since
   */
  DeploymentNote write(String tableName, DeploymentNote seen, DeploymentNote changed);
}
