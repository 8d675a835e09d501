package dev.godwit.infra.deployment;

import java.util.HashMap;
import java.util.Map;

/** Notes that are written on the same condition as in the ledger. */
final class InMemoryNotes implements DeploymentNotes {
  private final Map<String, DeploymentNote> notes = new HashMap<>();

  @Override
  public DeploymentNote read(String tableName) {
    return notes.getOrDefault(tableName, DeploymentNote.EMPTY);
  }

  @Override
  public DeploymentNote write(String tableName, DeploymentNote seen, DeploymentNote changed) {
    if (read(tableName).revision() != seen.revision()) {
      throw new NoteChanged(tableName);
    }
    notes.put(tableName, changed.written());
    return changed.written();
  }
}
