package dev.godwit.cli.progress;

import dev.godwit.cli.run.SegmentCounts;
import java.util.List;

/** Things by their states, as one line of characters that is as wide as a terminal has room for. */
final class Strip {
  /** So few still say something. */
  private static final int NARROWEST = 10;

  /** For its brackets, a percentage behind it, and the last column, which some terminals wrap. */
  private static final int BEHIND = 9;

  private static final char DONE = '#';
  private static final char FAILED = '!';
  private static final char RUNNING = '=';
  private static final char WAITING = '.';

  private Strip() {}

  /** A bar. */
  static String bar(String before, int permille, int columns) {
    int cells = cells(before, columns);
    int done = cells * permille / 1000;
    return before + "[" + "#".repeat(done) + " ".repeat(cells - done) + "]";
  }

  /**
   * Segments in the order of their states: no matter which they are, for they are begun in no
   * order. Thousands share their characters; a state that one is in has a character at least.
   */
  static String of(String before, SegmentCounts counts, int columns) {
    int cells = Math.min(cells(before, columns), Math.max(1, counts.total()));
    var states =
        List.of(
            new State(DONE, counts.succeeded()),
            new State(FAILED, counts.failed()),
            new State(RUNNING, counts.running()),
            new State(WAITING, counts.waiting()));
    return before + "[" + drawn(states, counts.total(), cells) + "]";
  }

  private record State(char shown, int segments) {
    /** How many of {@code cells}; one at least if there is any. */
    int of(int total, int cells) {
      return segments == 0 ? 0 : Math.max(1, (int) ((long) cells * segments / total));
    }
  }

  /** What rounding leaves, or takes too much, is the largest state's. */
  private static String drawn(List<State> states, int total, int cells) {
    int largest = 0;
    int used = 0;
    for (int i = 0; i < states.size(); i++) {
      used += states.get(i).of(total, cells);
      largest = states.get(i).segments() > states.get(largest).segments() ? i : largest;
    }
    var line = new StringBuilder();
    for (int i = 0; i < states.size(); i++) {
      int n = states.get(i).of(total, cells) + (i == largest ? cells - used : 0);
      line.append(String.valueOf(states.get(i).shown()).repeat(Math.max(0, n)));
    }
    return line.toString();
  }

  private static int cells(String before, int columns) {
    return Math.max(NARROWEST, columns - before.length() - BEHIND);
  }
}
