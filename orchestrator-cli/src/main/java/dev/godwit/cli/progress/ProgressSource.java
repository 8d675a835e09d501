package dev.godwit.cli.progress;

import java.util.List;

/** Says how far a task is. Asked from any thread. */
@FunctionalInterface
public interface ProgressSource {
  /** How far it is now. */
  Reading reading();

  /**
   * The same on the lines of a terminal.
   *
   * @param task what is going on, in a word or two
   * @param columns how wide they may be
   */
  default List<String> picture(String task, int columns) {
    var now = reading();
    return List.of(
        Strip.bar(task + " ", now.permille(), columns) + " " + now.permille() / 10 + " %",
        now.text());
  }
}
