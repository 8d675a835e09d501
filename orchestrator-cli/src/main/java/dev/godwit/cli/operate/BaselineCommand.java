package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.ledger.HistoryByHand;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.MigrationsOption;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.pending.Standings;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.run.code.CodeDigest;
import dev.godwit.run.ledger.ByHandItem;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Marks migrations as applied that were done by other means. */
@Command(
    name = "baseline",
    description = {
      "Marks all migrations as applied that are pending on a table up to one of them, for what they do was done by other means. Nothing is run, and the table is not looked at.",
      "",
      "Who did it, when, and how each stood before is kept in the history. Refused while a run holds the table. With --output json, one object a line.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit baseline --table Users --to 20261105-split-address --dry-run"
    })
public final class BaselineCommand implements Callable<Integer> {
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

  @Option(
      names = "--to",
      paramLabel = "ID",
      required = true,
      description = "The last migration to mark; those behind it stay pending.")
  private String to = "";

  @Option(names = "--dry-run", description = "Only say what would be marked.")
  private boolean dryRun;

  public BaselineCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    var here = migrations.loadOwn();
    here.byId(to, table);
    try (var runs = place.over(aws, table)) {
      ByHand.refuseWhileHeld(runs, table);
      var pending =
          new Standings(here)
              .of(table, runs.history(table), List.of()).stream()
                  .filter(Standing::pending)
                  .filter(standing -> standing.migration().compareTo(to) <= 0)
                  .toList();
      if (pending.isEmpty()) {
        screen.err().println("Nothing is pending on " + table + " up to " + to + ".");
      } else if (dryRun) {
        pending.forEach(this::tell);
      } else {
        mark(runs, pending);
      }
      return ExitCode.DONE.code();
    }
  }

  private void mark(RunLifecycle runs, List<Standing> pending) {
    HistoryByHand history = runs.historyByHand(table);
    var signature = runs.signature(table);
    for (Standing standing : pending) {
      var code = standing.codeHere().orElseThrow(); // it is here, for it is pending
      if (history.markApplied(standing.migration(), code, signature)) {
        tell(standing);
      } else {
        screen.err().println(standing.migration() + " was applied by somebody else meanwhile.");
      }
    }
    screen.err().println("By " + signature.by() + ", at " + signature.at() + ".");
  }

  private void tell(Standing standing) {
    var code = standing.codeHere().orElseThrow();
    screen
        .out()
        .println(
            place.json()
                ? JsonReport.byHand(ByHandItem.BASELINE, standing, dryRun)
                : standing.migration()
                    + (dryRun ? " would be marked as applied to " : " is marked as applied to ")
                    + table
                    + ", code "
                    + CodeDigest.shown(code)
                    + "; it was "
                    + standing.state());
  }
}
