package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.ledger.HistoryByHand;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.MigrationsOption;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.pending.Standing.Remark;
import dev.godwit.cli.pending.Standing.State;
import dev.godwit.cli.pending.Standings;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.run.code.CodeDigest;
import dev.godwit.run.ledger.ByHandItem;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Accepts other code for migrations that are applied. */
@Command(
    name = "repair",
    description = {
      "Accepts the code that is here for migrations that were applied to a table with other code, so that 'godwit validate' is content. Nothing is run.",
      "",
      "It names each digest, the old and the new. Who did it, when, and what the history had before is kept. Refused while a run holds the table. With --output json, one object a line.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit repair --table Users --dry-run",
      "  godwit repair --table Users --migration 20261105-split-address"
    })
public final class RepairCommand implements Callable<Integer> {
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
      names = "--migration",
      paramLabel = "ID",
      description =
          "The one whose code is accepted. Default: all that are applied with other code than is here; variable: MIGRATION.")
  private @Nullable String migration;

  @Option(names = "--dry-run", description = "Only say what would be accepted.")
  private boolean dryRun;

  public RepairCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    var here = migrations.loadOwn();
    if (migration != null) {
      here.byId(migration);
    }
    try (var runs = place.over(aws, table)) {
      ByHand.refuseWhileHeld(runs, table);
      var applied =
          new Standings(here)
              .of(table, runs.history(table), List.of()).stream()
                  .filter(standing -> standing.state() == State.APPLIED)
                  .filter(standing -> migration == null || standing.migration().equals(migration))
                  .toList();
      if (migration != null && applied.isEmpty()) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "The migration "
                + migration
                + " is not applied to "
                + table
                + ", so there is nothing to accept; nothing was changed");
      }
      var changed =
          applied.stream()
              .filter(standing -> standing.remarks().contains(Remark.CHANGED_SINCE))
              .toList();
      if (changed.isEmpty()) {
        screen.err().println("No code here is other than was applied to " + table + ".");
      } else if (dryRun) {
        changed.forEach(this::tell);
      } else {
        accept(runs, changed);
      }
      return ExitCode.DONE.code();
    }
  }

  private void accept(RunLifecycle runs, List<Standing> changed) {
    HistoryByHand history = runs.historyByHand(table);
    var signature = runs.signature(table);
    for (Standing standing : changed) {
      if (history.acceptCode(
          standing.migration(),
          standing.code().orElseThrow(),
          standing.codeHere().orElseThrow(),
          signature)) {
        tell(standing);
      } else {
        screen
            .err()
            .println(standing.migration() + " was changed by somebody else meanwhile; look again.");
      }
    }
    screen.err().println("By " + signature.by() + ", at " + signature.at() + ".");
  }

  private void tell(Standing standing) {
    screen
        .out()
        .println(
            place.json()
                ? JsonReport.byHand(ByHandItem.REPAIR, standing, dryRun)
                : standing.migration()
                    + ": "
                    + CodeDigest.shown(standing.code().orElseThrow())
                    + " → "
                    + CodeDigest.shown(standing.codeHere().orElseThrow())
                    + (dryRun ? " would be accepted" : " is accepted"));
  }
}
