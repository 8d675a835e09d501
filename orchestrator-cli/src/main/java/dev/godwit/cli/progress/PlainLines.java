package dev.godwit.cli.progress;

import java.io.PrintStream;

/** A line for each reading that says something new. */
final class PlainLines implements ProgressView {
  private final PrintStream err;
  private final String task;
  private String last = "";

  PlainLines(PrintStream err, String task) {
    this.err = err;
    this.task = task;
  }

  @Override
  public void show(ProgressSource source) {
    var reading = source.reading();
    var line = task + " " + reading.permille() / 10 + " %  " + reading.text();
    if (!line.equals(last)) {
      err.println(line);
      last = line;
    }
  }

  @Override
  public void close() {
    err.flush();
  }
}
