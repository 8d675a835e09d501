package dev.godwit.cli.migrations;

import dev.godwit.cli.console.Screen;
import dev.godwit.migration.Migration;
import dev.godwit.run.code.CodeDigest;
import dev.godwit.worker.code.MigrationCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the migrations that can be run. */
@Command(
    name = "migrations",
    description =
        "Lists the migrations that can be run: id, table, whether they can be undone, and the beginning of their code's digest, which a deployment shows too.")
public final class MigrationsCommand implements Callable<Integer> {
  private final Screen screen;

  @Mixin private MigrationsOption source = new MigrationsOption();

  public MigrationsCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() {
    var migrations = source.load().all();
    var code = new MigrationCode();
    int idWidth = migrations.stream().mapToInt(m -> m.id().length()).max().orElse(0);
    int tableWidth = migrations.stream().mapToInt(m -> m.table().length()).max().orElse(0);
    for (Migration migration : migrations) {
      screen
          .out()
          .println(
              padded(migration.id(), idWidth)
                  + "  "
                  + padded(migration.table(), tableWidth)
                  + "  "
                  + (WayDown.of(migration).isPresent() ? "up, down" : "up      ")
                  + "  "
                  + CodeDigest.shown(code.digest(migration))
                  + "  "
                  + migration.description());
    }
    if (migrations.isEmpty()) {
      screen
          .err()
          .println(
              "No migrations are registered there; name them in META-INF/services/dev.godwit.migration.Migration");
    }
    return 0;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
