package dev.godwit.run;

/** Which of a migration's transforms a run applies. */
public enum Direction {
  UP("up"),
  DOWN("down");

  private final String word;

  Direction(String word) {
    this.word = word;
  }

  /** The direction called {@code word} in a request. */
  public static Direction of(String word) {
    for (Direction direction : values()) {
      if (direction.word.equals(word)) {
        return direction;
      }
    }
    throw new IllegalArgumentException("direction must be up or down, not \"" + word + "\"");
  }

  /** The other one. */
  public Direction opposite() {
    return this == UP ? DOWN : UP;
  }

  @Override
  public String toString() {
    return word;
  }
}
