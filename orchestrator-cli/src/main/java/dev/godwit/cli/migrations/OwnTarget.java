package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.Objects;
import java.util.Optional;

/** Asks a migration, which is its user's code, where it puts its items. */
public final class OwnTarget {
  private OwnTarget() {}

  /**
   * Whether {@code migration} changes no item that is there: it puts items elsewhere, or makes
   * them.
   *
   * @throws CommandFailed when it cannot say
   */
  public static boolean changesNothing(Migration migration, String table) {
    return of(migration, table).isPresent() || isMade(migration);
  }

  /**
   * Whether {@code migration} makes its items, and reads none.
   *
   * @throws CommandFailed when it cannot say
   */
  public static boolean isMade(Migration migration) {
    return OwnSource.asked(migration) instanceof Source.Generator;
  }

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
