package dev.godwit.cli.launch;

import dev.godwit.cli.migrations.MigrationsOption;
import dev.godwit.migration.Migrations;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The options of whatever runs on this machine. */
public final class LocalOptions {
  @Mixin private MigrationsOption migrations = new MigrationsOption();
  @Mixin private ResultsOption results = new ResultsOption();
  @Mixin private OutputOption output = new OutputOption();

  /** The migrations to choose from. */
  public Migrations migrations() {
    return migrations.load();
  }

  /** The user's own migrations: see {@link MigrationsOption#loadOwn}. */
  public Migrations ownMigrations() {
    return migrations.loadOwn();
  }

  /** The migrations to choose {@code id} from: see {@link MigrationsOption#loadFor}. */
  public Migrations migrationsFor(String id) {
    return migrations.loadFor(id);
  }

  /** The jars that these are from; empty for the examples. */
  public List<Path> migrationsJars() {
    return migrations.jars();
  }

  public Path results() {
    return results.folder();
  }

  /**
   * Tries whether runs can be kept there.
   *
   * @throws dev.godwit.cli.console.CommandFailed when not
   */
  public void checkResults() {
    results.checkWritable();
  }

  public boolean json() {
    return output.json();
  }
}
