package dev.godwit.cli.session;

import dev.godwit.cli.migrations.MigrationJars;
import dev.godwit.migration.Migrations;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of whatever runs on this machine. */
public final class LocalOptions {
  @Option(
      names = "--migrations-jar",
      paramLabel = "JAR",
      split = ",",
      description =
          "A jar with migrations and what they need; may be repeated. Default: the examples.")
  private List<Path> migrationsJars = List.of();

  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      defaultValue = ".godwit",
      description =
          "Where journals, results and failure records are kept. Default: ${DEFAULT-VALUE} in the current folder.")
  private Path results = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json: one JSON object on stdout. Default: ${DEFAULT-VALUE}.")
  private OutputFormat output = OutputFormat.text;

  /** How a run's ending is told. */
  enum OutputFormat {
    text,
    json
  }

  /** The migrations to choose from. */
  public Migrations migrations() {
    return MigrationJars.load(migrationsJars);
  }

  /** The jars that these are from; empty for the examples. */
  public List<Path> migrationsJars() {
    return migrationsJars;
  }

  public Path results() {
    return results.toAbsolutePath().normalize();
  }

  public boolean json() {
    return output == OutputFormat.json;
  }
}
