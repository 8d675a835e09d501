package dev.godwit.cli.authoring;

import dev.godwit.compiler.MigrationsFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The commands to try a new migration with, as they can be given to a shell. */
final class NextCommands {
  /** What no shell splits or expands, and no command takes for an option. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./:@%+,=-]*");

  private NextCommands() {}

  /** Its test, then a run that writes nothing. */
  static List<String> after(NewMigration migration, Path folder) {
    var where = isFoundAnyway(folder) ? "" : " --migrations " + quoted(folder.toString());
    return List.of("godwit test " + migration.id() + where, dryRun(migration, where));
  }

  /** The project's build, then a run that writes nothing. */
  static List<String> after(NewProject project, Path folder) {
    return List.of(
        "cd " + quoted(folder.toString()),
        project.tool().build(),
        dryRun(project.migration(), " --migrations-jar " + project.jar()));
  }

  /** A pattern is no table: whoever reads this knows which of its tables to try. */
  static String table(NewMigration migration) {
    return migration.table().contains("*") ? "TABLE" : migration.table();
  }

  private static String dryRun(NewMigration migration, String where) {
    return "godwit run --local --table "
        + table(migration)
        + " --migration "
        + migration.id()
        + where
        + " --dry-run";
  }

  private static boolean isFoundAnyway(Path folder) {
    return folder.normalize().equals(Path.of(MigrationsFolder.NAME));
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
