package dev.godwit.cli.pending;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.stage.Stage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the tables that a command is about when its user names none. */
public final class TablesToTake {
  private TablesToTake() {}

  /**
   * Those that migrations name without a {@code *}, and those that have had runs; of a stage, those
   * of them that it has, and those that it names without a {@code *}. By name.
   *
   * @throws CommandFailed when there are none
   */
  public static List<String> of(
      Migrations here, Collection<ListedRun> runs, Optional<Stage> stage) {
    var names = new TreeSet<String>();
    here.all().stream()
        .map(Migration::table)
        .filter(name -> !name.contains("*"))
        .forEach(names::add);
    runs.stream().map(ListedRun::tableName).filter(name -> !name.isEmpty()).forEach(names::add);
    stage.ifPresent(
        known -> {
          names.removeIf(name -> !known.has(name));
          names.addAll(known.namedTables());
        });
    if (names.isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Every migration here is for a pattern of tables, and there were no runs; say with --table (TABLE_NAME) for which table");
    }
    return List.copyOf(names);
  }
}
