package dev.godwit.cli.console;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** What is told of something that was not foreseen. */
public final class Fault {
  private Fault() {}

  /**
   * Tells of {@code thrown} in one line and keeps its trace in a file, which that line names; if
   * that cannot be written the trace itself is told.
   *
   * @return the exit code
   */
  public static ExitCode tell(Throwable thrown, PrintStream err) {
    try {
      var file = Files.createTempFile("godwit-fault-", ".txt");
      try (var out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
        thrown.printStackTrace(out);
        if (out.checkError()) {
          throw new IOException("not all could be written");
        }
      }
      err.println(
          "This is a fault of Godwit's ("
              + root(thrown).toString().lines().findFirst().orElse("")
              + "); please report it with the full trace, which is in "
              + file);
    } catch (IOException e) {
      err.println("This is a fault of Godwit's; please report it with these lines:");
      thrown.printStackTrace(err);
    }
    return ExitCode.FAULT;
  }

  private static Throwable root(Throwable thrown) {
    var root = thrown;
    for (var cause = root.getCause(); cause != null && cause != root; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }
}
