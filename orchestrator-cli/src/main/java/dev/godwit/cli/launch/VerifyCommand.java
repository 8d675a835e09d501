package dev.godwit.cli.launch;

import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks whether a migration has done what it is for. */
@Command(
    name = "verify",
    description = {
      "Looks whether a migration has done what it is for, and writes nothing. Ends with 1, and samples, if not.",
      "",
      "In place: whether the transform keeps every item. With a target: whether what it makes of each item is in the target, exactly so; and how many items of the target come from none.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit verify --local --table Cities --migration 20261126-by-geohash --target Cities-2",
      "  godwit verify --local --table Cities --migration 20261120-city-coordinates --sample 20"
    })
public final class VerifyCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table that is migrated. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--migration",
      paramLabel = "ID",
      required = true,
      description = "Which migration; 'godwit migrations' lists them. Variable: MIGRATION.")
  private String migration = "";

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "The table that the items were put into. Default: the migration's own target, or none: items were changed in place.")
  private @Nullable String target;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "Look at N items of each segment at most, 1 to 1,000, and do not count the target. Default: none, all items.")
  private @Nullable Integer sample;

  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private StartOptions start = new StartOptions();

  public VerifyCommand(
      Screen screen, LocalEngines engines, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      var kind =
          RunKind.verification(
              source.source(path.exportsOf(table)),
              TargetOptions.target(target, null),
              sample == null ? OptionalInt.empty() : OptionalInt.of(sample));
      return path.carryOut(
              new RunPath.Wanted(Optional.empty(), table, migration, kind, Optional.empty()))
          .code();
    }
  }
}
