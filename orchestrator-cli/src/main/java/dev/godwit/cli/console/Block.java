package dev.godwit.cli.console;

import dev.godwit.run.text.TerminalText;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;

/** Lines that stay at the end of a terminal and are drawn over themselves. Thread-safe. */
public final class Block {
  private final LiveStream stream;
  private final Seat seat;

  Block(LiveStream stream, Seat seat) {
    this.stream = stream;
    this.seat = seat;
  }

  /**
   * Draws.
   *
   * @param lines by the width of the terminal, in columns; what is stored text in them steers
   *     nothing
   */
  public void draw(IntFunction<List<String>> lines) {
    int columns = seat.columns();
    try {
      stream.draw(lines.apply(columns).stream().map(TerminalText::of).toList(), columns);
    } catch (IOException e) {
      // A terminal that is gone: as with everything that is told there, nobody could be told.
    }
  }

  /** Leaves the lines where they are. */
  public void leave() {
    try {
      stream.leave();
    } catch (IOException e) {
      // As above.
    }
  }
}
