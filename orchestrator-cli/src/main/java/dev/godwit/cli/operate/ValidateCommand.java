package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.MigrationsOption;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.pending.Standing.Remark;
import dev.godwit.cli.pending.Standing.State;
import dev.godwit.cli.pending.Standings;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.run.code.CodeDigest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds what was applied to a table against the code that is here. */
@Command(
    name = "validate",
    description = {
      "Ends with 1 if a migration that is applied to a table is not here, or its code here is not the code that was applied; names each.",
      "",
      "What is pending, partial or undone is no fault. An entry without a digest, of an older version, cannot be compared and passes. Nothing is written. With --output json, one object a line for each fault, as 'godwit info' has them.",
      ""
    },
    footer = {"", "Example:", "  godwit validate --table Users"})
public final class ValidateCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private PlaceOptions place = new PlaceOptions();
  @Mixin private MigrationsOption migrations = new MigrationsOption();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table. Variable: TABLE_NAME.")
  private String table = "";

  public ValidateCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    var here = new Standings(migrations.loadOwn());
    List<Standing> applied;
    try (var runs = place.over(aws, table)) {
      applied =
          here.of(table, runs.history(table), List.of()).stream()
              .filter(standing -> standing.state() == State.APPLIED)
              .toList();
    }
    var faults =
        applied.stream()
            .filter(
                standing ->
                    standing.remarks().contains(Remark.CHANGED_SINCE)
                        || standing.remarks().contains(Remark.MISSING_HERE))
            .toList();
    faults.forEach(this::tell);
    screen
        .err()
        .println(
            faults.isEmpty()
                ? "All is as it was applied: " + applied.size() + "."
                : "Not as applied: " + faults.size() + " of " + applied.size() + ".");
    return (faults.isEmpty() ? ExitCode.DONE : ExitCode.RUN_FAILED).code();
  }

  private void tell(Standing fault) {
    screen
        .out()
        .println(place.json() ? JsonReport.of(fault) : fault.migration() + ": " + sentence(fault));
  }

  private static String sentence(Standing fault) {
    if (fault.codeHere().isEmpty()) {
      return "applied, but not here";
    }
    return "applied with the code "
        + fault.code().map(CodeDigest::shown).orElse("")
        + ", but here it is "
        + fault.codeHere().map(CodeDigest::shown).orElse("");
  }
}
