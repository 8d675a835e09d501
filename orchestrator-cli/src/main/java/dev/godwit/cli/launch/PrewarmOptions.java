package dev.godwit.cli.launch;

import dev.godwit.cli.console.Screen;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say whether a table is made ready for a run. */
final class PrewarmOptions {
  @Option(
      names = "--prewarm",
      fallbackValue = "true",
      negatable = true,
      description =
          "Raise the table's capacity before the scan. Default: ${DEFAULT-VALUE}; variable: PREWARM.",
      defaultValue = "false")
  private boolean prewarm;

  @Option(
      names = "--prewarm-rcu",
      paramLabel = "N",
      defaultValue = "12000",
      description = "Read units to be ready for. Default: ${DEFAULT-VALUE}; variable: PREWARM_RCU.")
  private int readUnits;

  @Option(
      names = "--prewarm-wcu",
      paramLabel = "N",
      defaultValue = "4000",
      description =
          "Write units to be ready for. Default: ${DEFAULT-VALUE}; variable: PREWARM_WCU.")
  private int writeUnits;

  /**
   * What a run in {@code mode} is to be ready for.
   *
   * @param screen told when it is left out
   */
  Optional<RunRequest.Prewarm> prewarm(Mode mode, Screen screen) {
    if (!prewarm) {
      return Optional.empty();
    }
    if (!mode.writes()) {
      screen
          .err()
          .println(
              "--prewarm is left out: a run that writes nothing leaves the table's capacity as it is, too.");
      return Optional.empty();
    }
    return Optional.of(new RunRequest.Prewarm(readUnits, writeUnits));
  }
}
