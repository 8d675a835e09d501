package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.page.HtmlPage;
import dev.godwit.cli.report.Forecast;
import dev.godwit.cli.report.RunPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * The page about a run that is kept beside its results when the command sees its end. That it
 * cannot be written is said, and changes nothing about the run.
 */
public final class KeptPage implements RunSession.Pages {
  private final RunLifecycle runs;
  private final Screen screen;
  private final Optional<String> plan;

  /**
   * @param plan that the run began with, as JSON, to be kept with the page; empty for one that is
   *     kept already, or for none
   */
  public KeptPage(RunLifecycle runs, Screen screen, Optional<String> plan) {
    this.runs = runs;
    this.screen = screen;
    this.plan = plan;
  }

  @Override
  public Optional<String> keep(String runId) {
    try {
      if (plan.isPresent()) {
        runs.keepPlan(runId, plan.get());
      }
      return Optional.of(runs.keepPage(runId, html(runId)));
    } catch (IOException | CommandFailed e) {
      screen
          .err()
          .println(
              "No page about the run was written beside its results ("
                  + e.getMessage()
                  + "). 'godwit report "
                  + runId
                  + " --html FILE' writes one.");
      return Optional.empty();
    }
  }

  private String html(String runId) {
    var report = runs.report(runId);
    var from = "the plan beside the results";
    var forecast =
        plan.map(json -> json.getBytes(StandardCharsets.UTF_8))
            .or(() -> runs.withResults(runId, results -> results.plan(runId)))
            .map(json -> Forecast.read(json, from).of(report.state().request(), from));
    return HtmlPage.of(
        RunPage.of(report, new RunPage.Extras(forecast, Optional.empty(), Instant.now())));
  }
}
