package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import java.util.Objects;
import java.util.Optional;

/** Asks a migration, which is its user's code, what undoes it. */
public final class WayDown {
  private WayDown() {}

  /**
   * What undoes {@code migration}; empty when nothing does.
   *
   * @throws CommandFailed when it cannot say; the message names its class
   */
  public static Optional<ItemTransform> of(Migration migration) {
    try {
      return Objects.requireNonNull(migration.down(), "down() is null");
    } catch (RuntimeException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The migration "
              + migration.getClass().getName()
              + " cannot say what undoes it ("
              + e
              + "); let down() answer a transform, or Optional.empty(), and need nothing else",
          e);
    }
  }
}
