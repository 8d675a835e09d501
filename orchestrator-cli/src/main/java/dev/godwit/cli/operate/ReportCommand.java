package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.HtmlFile;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.Forecast;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunPage;
import dev.godwit.cli.report.RunTexts;
import dev.godwit.cli.run.FailedItem;
import dev.godwit.cli.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a run has left. */
@Command(
    name = "report",
    description = {
      "Says what a run has left: the exact tally of the segments that succeeded, the segments that failed and why, the failure records and where they are. No item is shown.",
      "",
      "With --html it also writes a page to look at in a browser, one file that loads nothing: how the run went over time, its segments, what failed, and what was forecast.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit report RUN --html run.html",
      "  godwit report RUN --html run.html --plan plan.json --with-items"
    })
public final class ReportCommand implements Callable<Integer> {
  /** Of each error. */
  private static final int MOST_ITEMS = 5;

  private final Screen screen;
  private final StateMachines aws;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page about the run to this file. Default: none.")
  private @Nullable Path html;

  @Option(
      names = "--with-items",
      description =
          "Show some items that failed on the page, with all that they hold, five of each error at most. Default: no item is shown.")
  private boolean withItems;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description =
          "What 'godwit plan --output json' has printed of this run, to be shown on the page beside what came. Default: the plan beside the results, if one is there.")
  private @Nullable Path plan;

  public ReportCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    if (html == null && (withItems || plan != null)) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          (withItems ? "--with-items" : "--plan")
              + " is about the page: say with --html where to write it");
    }
    try (var runs = place.of(aws, run.runId(), List.of())) {
      var report = runs.report(run.runId());
      if (html != null) {
        HtmlFile.write(html, RunPage.of(report, extras(runs, report)));
      }
      screen.out().println(place.json() ? JsonReport.of(report) : RunTexts.of(report));
      return ExitCode.DONE.code();
    }
  }

  private RunPage.Extras extras(RunLifecycle runs, RunReport report) {
    return new RunPage.Extras(
        forecast(runs, report),
        withItems
            ? Optional.of(
                runs.withResults(
                    run.runId(), results -> results.failedItems(run.runId(), MOST_ITEMS)))
            : Optional.<List<FailedItem>>empty(),
        Instant.now());
  }

  private Optional<Forecast> forecast(RunLifecycle runs, RunReport report) {
    var request = report.state().request();
    if (plan == null) {
      var from = "The plan beside the results";
      return runs.withResults(run.runId(), results -> results.plan(run.runId()))
          .map(json -> Forecast.read(json, from).of(request, from));
    }
    try {
      var from = "--plan: " + plan;
      return Optional.of(Forecast.read(Files.readAllBytes(plan), from).of(request, from));
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "--plan: " + plan + " cannot be read; nothing was written", e);
    }
  }
}
