package dev.godwit.cli.launch;

import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import java.util.Optional;

/**
 * What a run does with its migration.
 *
 * @param stamp an attribute that marks items as done; see {@link dev.godwit.run.RunRequest#stamp()}
 * @param retryFailures an earlier run of which only the failed items are offered
 */
public record RunKind(
    Direction direction, Mode mode, Optional<String> stamp, Optional<String> retryFailures) {
  /** Applies it to the whole table. */
  public static final RunKind APPLY = up(Mode.APPLY);

  /** Tries it on the whole table, and writes nothing. */
  public static final RunKind DRY_RUN = up(Mode.DRY_RUN);

  private static RunKind up(Mode mode) {
    return new RunKind(Direction.UP, mode, Optional.empty(), Optional.empty());
  }
}
