package dev.godwit.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A terminal on which a few lines stay below all else, and are drawn over themselves. What is
 * written otherwise comes above them, whoever writes it. Thread-safe.
 *
 * <p>By three of the control sequences of ECMA-48 (CUU, EL, ED), which every terminal has had since
 * the VT100.
 */
final class LiveStream extends FilterOutputStream {
  private static final String ESCAPE = "\u001b[";
  private static final String REST_OF_LINE = ESCAPE + "K";
  private static final String REST_OF_SCREEN = ESCAPE + "J";

  /** The lines that are there, without what is cut off; empty when there are none. */
  private List<String> drawn = List.of();

  private boolean atLineStart = true;
  private int columns = 80;

  LiveStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    if (count == 0) {
      return;
    }
    if (!drawn.isEmpty()) {
      print(toTop() + REST_OF_SCREEN);
      drawn = List.of();
    }
    out.write(bytes, from, count);
    atLineStart = bytes[from + count - 1] == '\n';
  }

  /**
   * Draws {@code lines} below all that was written, in place of those that were drawn before.
   *
   * @param width of the terminal, in columns; longer lines are cut off
   */
  synchronized void draw(List<String> lines, int width) throws IOException {
    columns = width;
    var text = new StringBuilder(drawn.isEmpty() ? atLineStart ? "" : "\n" : toTop());
    var cut = new ArrayList<String>();
    for (String line : lines) {
      cut.add(line.length() < width ? line : line.substring(0, Math.max(1, width - 1)));
    }
    text.append(String.join(REST_OF_LINE + "\n", cut)).append(REST_OF_LINE).append(REST_OF_SCREEN);
    print(text.toString());
    drawn = List.copyOf(cut);
    atLineStart = true;
  }

  /** Leaves what is drawn where it is; what comes next comes below. */
  synchronized void leave() throws IOException {
    if (!drawn.isEmpty()) {
      print("\n");
      drawn = List.of();
      atLineStart = true;
    }
  }

  /** A terminal that has become narrower since shows a line as several. */
  private String toTop() {
    int rows = -1;
    for (String line : drawn) {
      rows += Math.max(1, (line.length() + columns - 1) / columns);
    }
    return rows > 0 ? "\r" + ESCAPE + rows + "A" : "\r";
  }

  private void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
