package dev.godwit.run;

/** What a run does with the changes that the transform wants. */
public enum Mode {
  /** Writes them. */
  APPLY("apply"),
  /** Counts and samples them; writes nothing. */
  DRY_RUN("dry-run"),
  /** Expects none; counts and samples those that there are, writes nothing. */
  VERIFY("verify"),
  /** Asks no transform: keeps every item beside the results, and writes to no table. */
  EXPORT("export");

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  public boolean writes() {
    return this == APPLY;
  }

  /** The mode called {@code word} in a request. */
  public static Mode of(String word) {
    for (Mode mode : values()) {
      if (mode.word.equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "mode must be apply, dry-run, export or verify, not \"" + word + "\"");
  }

  @Override
  public String toString() {
    return word;
  }
}
