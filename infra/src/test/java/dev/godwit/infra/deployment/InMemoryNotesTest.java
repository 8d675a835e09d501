package dev.godwit.infra.deployment;

class InMemoryNotesTest extends DeploymentNotesContract {
  private final InMemoryNotes notes = new InMemoryNotes();

  @Override
  DeploymentNotes notes() {
    return notes;
  }
}
