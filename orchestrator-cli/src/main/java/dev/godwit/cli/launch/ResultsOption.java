package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where runs of this machine are kept. */
public final class ResultsOption {
  /** Two blocks of most file systems: enough for a full one to say so. */
  private static final int PROBE_BYTES = 8192;

  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      defaultValue = ".godwit",
      description =
          "Where runs of this machine are kept: journals, results, failure records. Default: ${DEFAULT-VALUE} in the current folder.")
  private Path results = Path.of("");

  /**
   * Writes a little there, and takes it away.
   *
   * @throws CommandFailed when that cannot be done
   */
  void checkWritable() {
    try {
      Files.createDirectories(folder());
      var probe = Files.createTempFile(folder(), ".probe", "");
      try {
        Files.write(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The folder "
              + folder()
              + ", where the run would be kept, cannot be written ("
              + e
              + "); make room there, or give another with --results. Nothing was begun",
          e);
    }
  }

  public Path folder() {
    return results.toAbsolutePath().normalize();
  }
}
