package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Source;
import dev.godwit.run.SourceJson;
import dev.godwit.run.SourceRules;
import java.util.Objects;
import java.util.Optional;

/** Asks a migration, which is its user's code, where its items come from. */
public final class OwnSource {
  private OwnSource() {}

  /**
   * What a run names as its source; empty for the table, for what only the migration has, and for
   * an index or a query of it: a run that names these has not offered every item that it is about.
   *
   * @throws CommandFailed when it cannot say
   */
  public static Optional<Source> of(Migration migration) {
    return Optional.of(asked(migration))
        .filter(SourceJson::isNameable)
        .filter(source -> !SourceRules.readsTheTable(source));
  }

  /**
   * Whether its items are some of the table's, which an index or their keys select.
   *
   * @throws CommandFailed when it cannot say
   */
  public static boolean isSelection(Migration migration) {
    var source = asked(migration);
    return SourceRules.readsTheTable(source) && !SourceRules.isWholeTable(source);
  }

  static Source asked(Migration migration) {
    try {
      return Objects.requireNonNull(migration.source(), "source() is null");
    } catch (RuntimeException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The migration "
              + migration.getClass().getName()
              + " cannot say its source ("
              + e
              + "); let source() answer Source.scan() or Source.generator(…), and need nothing else",
          e);
    }
  }
}
