package dev.godwit.infra.deployment;

/** Somebody else has written a table's note since it was read: look again. */
final class NoteChanged extends NotYet {
  private static final long serialVersionUID = 1;

  NoteChanged(String tableName) {
    super("Another function has written the note of " + tableName + " meanwhile");
  }
}
