package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Target;
import java.util.Objects;
import java.util.Optional;

/** Asks a migration, which is its user's code, where it puts its items. */
public final class OwnTarget {
  private OwnTarget() {}

  /**
   * Where {@code migration} puts the items of {@code table}; empty when it changes them in place.
   *
   * @throws CommandFailed when it cannot say; the message names its class
   */
  public static Optional<Target> of(Migration migration, String table) {
    try {
      return Objects.requireNonNull(migration.target(table), "target() is null");
    } catch (RuntimeException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The migration "
              + migration.getClass().getName()
              + " cannot say its target ("
              + e
              + "); let target() answer Target.table(…), or Optional.empty(), and need nothing else",
          e);
    }
  }
}
