package dev.godwit.cli.session;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where runs of this machine are kept. */
public final class ResultsOption {
  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      defaultValue = ".godwit",
      description =
          "Where runs of this machine are kept: journals, results, failure records. Default: ${DEFAULT-VALUE} in the current folder.")
  private Path results = Path.of("");

  public Path folder() {
    return results.toAbsolutePath().normalize();
  }
}
