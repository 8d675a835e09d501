package dev.godwit.cli.plan;

/**
 * Whether something stands in the way of a run.
 *
 * @param name one word or two, the same each time, as in {@code recovery}
 * @param question for people, answered by yes when nothing does
 * @param answer to it
 * @param why so, for people; and what to do, unless it is yes
 */
public record Check(String name, String question, Answer answer, String why) {
  /** Of a check. */
  public enum Answer {
    YES,
    NO,
    UNKNOWN;

    @Override
    public String toString() {
      return switch (this) {
        case YES -> "yes";
        case NO -> "no";
        case UNKNOWN -> "unknown";
      };
    }
  }

  static Check yes(String name, String question, String why) {
    return new Check(name, question, Answer.YES, why);
  }

  static Check no(String name, String question, String why) {
    return new Check(name, question, Answer.NO, why);
  }

  static Check unknown(String name, String question, String why) {
    return new Check(name, question, Answer.UNKNOWN, why);
  }
}
