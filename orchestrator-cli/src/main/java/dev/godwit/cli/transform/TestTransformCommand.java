package dev.godwit.cli.transform;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.ConnectionOptions;
import dev.godwit.cli.migrations.MigrationsOption;
import dev.godwit.cli.migrations.WayDown;
import dev.godwit.cli.table.SampledItems;
import dev.godwit.cli.table.Tables;
import dev.godwit.testkit.TransformTester;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries a transform on items of a table, twice each, and writes nothing. */
@Command(
    name = "test-transform",
    description = {
      "Tries a migration's transform on some items of a table, and again on what it made of them.",
      "",
      "Says what it would do, by what its writes would be guarded, and whether it is idempotent: whether it keeps its own"
          + " output, as a run that is interrupted and repeated needs. Writes nothing.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit test-transform --table Cities --migration 20261120-city-coordinates"
    })
public final class TestTransformCommand implements Callable<Integer> {
  private final Screen screen;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table to take items from. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--migration",
      paramLabel = "ID",
      required = true,
      description = "Which migration; 'godwit migrations' lists them. Variable: MIGRATION.")
  private String migration = "";

  @Option(names = "--down", description = "Try what undoes the migration.")
  private boolean down;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "200",
      description = "At most so many items, from all over the table. Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "What the transform may read; may be repeated. Default: none.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Mixin private ConnectionOptions place = new ConnectionOptions();
  @Mixin private MigrationsOption migrations = new MigrationsOption();

  public TestTransformCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() {
    if (items < 1) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--items must be at least 1, not " + items);
    }
    var chosen = migrations.load().byId(migration, table);
    var transform = down ? WayDown.of(chosen).orElse(null) : chosen.up();
    if (transform == null) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "Migration " + migration + " has no way down; leave --down out");
    }
    var tester = TransformTester.of(transform).startedAt(Instant.now());
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      tester = tester.parameter(parameter.getKey(), parameter.getValue());
    }
    var connection = place.connection();
    Tables.describe(connection, table);
    var trial = new TransformTrial(tester);
    SampledItems.of(connection, table, items).forEach(trial::on);
    screen.out().println(trial.report());
    return (trial.isSound() ? ExitCode.DONE : ExitCode.RUN_FAILED).code();
  }
}
