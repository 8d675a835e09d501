package dev.godwit.cli.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out for results alone
 * @param err for everything else
 * @param live whether {@code err} is a terminal that redraws a line
 */
public record Screen(PrintStream out, PrintStream err, boolean live) {
  /**
   * A screen over the process's streams, which nothing that is told can steer: whatever comes from
   * a table, a file or an exception, and by whatever command, passes here.
   */
  public static Screen over(OutputStream out, OutputStream err, boolean live) {
    return new Screen(plain(out, false), plain(err, live), live);
  }

  private static PrintStream plain(OutputStream to, boolean redraws) {
    return new PrintStream(new PlainStream(to, redraws), true, StandardCharsets.UTF_8);
  }
}
