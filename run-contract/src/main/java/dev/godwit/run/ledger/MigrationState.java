package dev.godwit.run.ledger;

/**
 * What the history says of a migration on a table, and with that whether it is pending there: the
 * one rule, which whoever runs pending migrations goes by.
 */
public enum MigrationState {
  /** It was never run to its end. */
  NONE(""),
  APPLIED(HistoryItem.APPLIED),
  /** A run went to its end, but left items as they were. */
  PARTIAL(HistoryItem.PARTIAL),
  UNDONE(HistoryItem.UNDONE);

  private final String word;

  MigrationState(String word) {
    this.word = word;
  }

  /**
   * The state that the history calls {@code word}.
   *
   * @throws IllegalArgumentException when there is no such state
   */
  public static MigrationState of(String word) {
    for (MigrationState state : values()) {
      if (state != NONE && state.word.equals(word)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "a state in the history must be applied, partial or undone, not \"" + word + "\"");
  }

  /**
   * Whether a migration that is meant for the table is to be run over it: it is not applied. Its
   * date, and what was applied since, do not matter.
   */
  public boolean isPending() {
    return this != APPLIED;
  }
}
