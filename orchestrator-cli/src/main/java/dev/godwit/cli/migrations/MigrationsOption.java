package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.compiler.MigrationsFolder;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which migrations there are to choose from. */
public final class MigrationsOption {
  @Option(
      names = "--migrations-jar",
      paramLabel = "JAR",
      split = ",",
      description = "A jar with migrations and what they need; may be repeated. Default: none.")
  private List<Path> jars = List.of();

  @Option(
      names = "--migrations",
      paramLabel = "FOLDER",
      description =
          "A folder of migrations in Java, compiled if need be ('godwit create' makes one). Default: migrations, if it is here and no jar is given; else the examples.")
  private @Nullable Path folder;

  private @Nullable List<Path> found;
  private @Nullable Migrations loaded;

  /**
   * The jars that were given, and those that were made of the folder; empty for the examples.
   *
   * @throws dev.godwit.compiler.CannotCompile when none can be made of it
   */
  public List<Path> jars() {
    if (found == null) {
      var all = new ArrayList<Path>(jars);
      folder().ifPresent(sources -> all.addAll(MigrationsFolder.at(sources).jars()));
      found = List.copyOf(all);
    }
    return found;
  }

  /** The migrations to choose from; the same each time. */
  public Migrations load() {
    if (loaded == null) {
      loaded = MigrationJars.load(jars());
    }
    return loaded;
  }

  /**
   * The user's migrations, never the examples: for what is done with all of them.
   *
   * @throws CommandFailed when there are none to load
   */
  public Migrations loadOwn() {
    if (jars().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "There is no folder "
              + MigrationsFolder.NAME
              + " here; say which migrations there are: --migrations FOLDER or --migrations-jar JAR ('godwit create' makes one)");
    }
    return load();
  }

  /**
   * The migrations to choose {@code id} from: the examples if nothing else was asked for and it is
   * one of them, though there may be a folder here.
   */
  public Migrations loadFor(String id) {
    if (jars.isEmpty() && folder == null) {
      var examples = MigrationJars.load(List.of());
      if (examples.all().stream().map(Migration::id).anyMatch(id::equals)) {
        return examples;
      }
    }
    return load();
  }

  private Optional<Path> folder() {
    if (folder != null) {
      return Optional.of(folder);
    }
    var here = Path.of(MigrationsFolder.NAME);
    return jars.isEmpty() && MigrationsFolder.isOne(here) ? Optional.of(here) : Optional.empty();
  }
}
