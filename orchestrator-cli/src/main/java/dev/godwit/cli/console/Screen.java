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
 * @param block what stays below all that {@code err} tells; absent where that is no terminal
 * @param answers where questions are answered, one on a line; absent when nobody sits there
 * @param keys where keys are pressed; absent when nobody sits there
 */
public record Screen(
    PrintStream out,
    PrintStream err,
    Optional<Block> block,
    Optional<BufferedReader> answers,
    Optional<Seat> keys) {
  private static final Set<String> YES = Set.of("y", "yes");

  /**
   * A screen over the process's streams, which nothing that is told can steer: whatever comes from
   * a table, a file or an exception, and by whatever command, passes here. Nobody answers.
   */
  public static Screen over(OutputStream out, OutputStream err) {
    return new Screen(plain(out), plain(err), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same, where {@code err} is the terminal {@code seat}. */
  public static Screen live(OutputStream out, OutputStream err, Seat seat) {
    var stream = new LiveStream(err);
    return new Screen(
        plain(out),
        plain(stream),
        Optional.of(new Block(stream, seat)),
        Optional.empty(),
        Optional.empty());
  }

  private static PrintStream plain(OutputStream to) {
    return new PrintStream(new PlainStream(to), true, StandardCharsets.UTF_8);
  }

  /** This screen, with somebody before it who answers questions. */
  public Screen answeredBy(BufferedReader lines) {
    return new Screen(out, err, block, Optional.of(lines), keys);
  }

  /** This screen, with somebody before it who presses keys. */
  public Screen pressedOn(Seat seat) {
    return new Screen(out, err, block, answers, Optional.of(seat));
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
