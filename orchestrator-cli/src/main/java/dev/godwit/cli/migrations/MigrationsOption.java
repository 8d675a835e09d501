package dev.godwit.cli.migrations;

import dev.godwit.migration.Migrations;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says which migrations there are to choose from. */
public final class MigrationsOption {
  @Option(
      names = "--migrations-jar",
      paramLabel = "JAR",
      split = ",",
      description =
          "A jar with migrations and what they need; may be repeated. Default: the examples.")
  private List<Path> jars = List.of();

  /** What was given; empty for the examples. */
  public List<Path> jars() {
    return jars;
  }

  /** The migrations to choose from. */
  public Migrations load() {
    return MigrationJars.load(jars);
  }
}
