package dev.godwit.cli.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where a command writes, and who answers it.
 *
 * @param out for results alone
 * @param err for everything else
 * @param live whether {@code err} is a terminal that redraws a line
 * @param answers where questions are answered, one on a line; absent when nobody sits there
 */
public record Screen(
    PrintStream out, PrintStream err, boolean live, Optional<BufferedReader> answers) {
  private static final Set<String> YES = Set.of("y", "yes");

  /**
   * A screen over the process's streams, which nothing that is told can steer: whatever comes from
   * a table, a file or an exception, and by whatever command, passes here. Nobody answers.
   */
  public static Screen over(OutputStream out, OutputStream err, boolean live) {
    return new Screen(plain(out, false), plain(err, live), live, Optional.empty());
  }

  private static PrintStream plain(OutputStream to, boolean redraws) {
    return new PrintStream(new PlainStream(to, redraws), true, StandardCharsets.UTF_8);
  }

  /** This screen, with somebody before it. */
  public Screen answeredBy(BufferedReader lines) {
    return new Screen(out, err, live, Optional.of(lines));
  }

  /**
   * Asks whether to go on.
   *
   * @return whether the answer was yes; absent when nobody can be asked
   */
  public Optional<Boolean> asked(String question) {
    return answers.map(
        lines -> {
          err.print(question + " [y/N] ");
          err.flush();
          try {
            var answer = lines.readLine();
            return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
          } catch (IOException e) {
            return false; // whoever sat there is gone
          }
        });
  }
}
