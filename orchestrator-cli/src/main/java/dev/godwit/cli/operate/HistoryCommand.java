package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.ExportTexts;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says which migrations a table has. */
@Command(
    name = "history",
    description = {
      "Says which migrations were applied to a table or undone, when, and by which run, as its ledger has it.",
      "",
      "A migration that is not there, is undone, or is partial, for items of it failed or segments may not have been read, is pending. Below stands what was done by hand ('godwit baseline', 'godwit repair'), by whom, and what the history had before. With --output json, one object a line; what was done by hand has \"byHand\", an export to S3 ('godwit export --point-in-time', or a deployment's) \"exportArn\" or \"purpose\".",
      ""
    })
public final class HistoryCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table. Variable: TABLE_NAME.")
  private String table = "";

  public HistoryCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = place.over(aws, table)) {
      var entries = runs.history(table);
      var byHand = runs.byHand(table);
      var exports = runs.exports(table).all();
      if (place.json()) {
        entries.forEach(entry -> screen.out().println(JsonReport.of(entry)));
        byHand.forEach(entry -> screen.out().println(JsonReport.of(entry)));
        exports.forEach(export -> screen.out().println(ExportTexts.json(export)));
        return ExitCode.DONE.code();
      }
      if (entries.isEmpty()) {
        screen.err().println("No migration was applied to " + table + " yet.");
      } else {
        screen.out().println(RunTexts.ofHistory(entries, byHand));
      }
      if (!exports.isEmpty()) {
        screen.out().println();
        screen.out().println(ExportTexts.ofAll(exports));
      }
      return ExitCode.DONE.code();
    }
  }
}
