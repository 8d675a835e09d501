package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.RateOrder;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import dev.godwit.run.RunRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes how fast a run may go. */
@Command(
    name = "set",
    description = {
      "Changes how fast a run may go, while it goes on, on this machine or on AWS.",
      "",
      "Its workers read it within a second or, when there are thousands, five.",
      ""
    })
public final class SetCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--read-units-per-second",
      paramLabel = "UNITS",
      description = "New read budget of the whole run. Default: as it is.")
  private @Nullable Integer readUnitsPerSecond;

  @Option(
      names = "--write-units-per-second",
      paramLabel = "UNITS",
      description = "New write budget of the whole run. Default: as it is.")
  private @Nullable Integer writeUnitsPerSecond;

  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description =
          "How many segments to work on at once, 1 to 10,000. Default: as it is. More begin 20 seconds later; when fewer are to be at work, those that are go on to their ends.")
  private @Nullable Integer maxConcurrency;

  public SetCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    var read = units("--read-units-per-second", readUnitsPerSecond);
    var write = units("--write-units-per-second", writeUnitsPerSecond);
    var atOnce = atOnce();
    if (read.isEmpty() && write.isEmpty() && atOnce.isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Say what is to change: --read-units-per-second, --write-units-per-second or --max-concurrency; nothing was changed");
    }
    try (var runs = place.of(aws, run.runId(), List.of())) {
      runs.change(run.runId(), RateOrder.budgets(read, write).atOnce(atOnce));
      var state = runs.state(run.runId());
      screen.out().println(place.json() ? JsonReport.of(state) : RunTexts.of(state));
      return ExitCode.DONE.code();
    }
  }

  private OptionalInt atOnce() {
    if (maxConcurrency == null) {
      return OptionalInt.empty();
    }
    if (maxConcurrency < 1 || maxConcurrency > RunRequest.MOST_CONCURRENT) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "--max-concurrency must be 1 to "
              + RunRequest.MOST_CONCURRENT
              + ", not "
              + maxConcurrency
              + "; to let the run wait: 'godwit pause'. Nothing was changed");
    }
    return OptionalInt.of(maxConcurrency);
  }

  private static OptionalInt units(String option, @Nullable Integer units) {
    if (units == null) {
      return OptionalInt.empty();
    }
    if (units < 1) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          option
              + " must be at least 1, not "
              + units
              + "; to let the run wait: 'godwit pause'. Nothing was changed");
    }
    return OptionalInt.of(units);
  }
}
