package dev.godwit.cli.sample;

/** What would become of an item; one of these of each. */
public enum Outcome {
  /** Written in place. */
  CHANGED("change"),
  /** Put under another key, and deleted where it was. */
  MOVED("move"),
  DELETED("be deleted"),
  /** Left as it is, as its transform wants it. */
  KEPT("be kept"),
  /** Never offered: the migration's filter leaves it out. */
  LEFT_OUT("be left out by the filter"),
  /** Left as it is, and on record, because its transform fails. */
  FAILED("fail"),
  /** Left as it is, and on record, because DynamoDB would refuse what its transform wants. */
  REFUSED("be refused");

  private final String words;

  Outcome(String words) {
    this.words = words;
  }

  /** As in "so many items would <i>change</i>". */
  public String words() {
    return words;
  }

  /** In JSON. */
  public String field() {
    return switch (this) {
      case CHANGED -> "changed";
      case MOVED -> "moved";
      case DELETED -> "deleted";
      case KEPT -> "kept";
      case LEFT_OUT -> "leftOut";
      case FAILED -> "failed";
      case REFUSED -> "refused";
    };
  }
}
