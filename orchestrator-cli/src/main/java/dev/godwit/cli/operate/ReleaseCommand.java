package dev.godwit.cli.operate;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Frees a table that a run holds though nothing carries it out any more. */
@Command(
    name = "release",
    description = {
      "Says which run holds a table. With --run RUN, takes the table from that run, whose folder is lost or whose execution is gone.",
      "",
      "Its books are closed as at the end of any run: raised capacity is restored, its ending is written, its table is free. A run that is known to go on is left alone. Name the run only if you are sure that it is over: a second run beside it would meet it on the same items.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit release --table Cities",
      "  godwit release --table Cities --run 20261120-093000-abcd"
    })
public final class ReleaseCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "The run to take the table from. Default: none, only look.")
  private @Nullable String run;

  public ReleaseCommand(Screen screen, StateMachines aws) {
    this.screen = screen;
    this.aws = aws;
  }

  @Override
  public Integer call() {
    try (var runs = place.over(aws, table)) {
      if (run == null) {
        look(runs);
      } else {
        release(runs, run);
      }
      return ExitCode.DONE.code();
    }
  }

  private void look(RunLifecycle runs) {
    var holder = runs.holder(table);
    if (holder.isEmpty()) {
      screen.err().println("The table " + table + " is free.");
      return;
    }
    var held = holder.get();
    screen.out().println(place.json() ? JsonReport.of(held) : RunTexts.of(held));
    screen
        .err()
        .println(
            held.refusal()
                .orElseGet(
                    () ->
                        "Nothing was changed. Only if that run is surely over, free the table: 'godwit release --table "
                            + table
                            + " --run "
                            + held.holder().runId()
                            + "'."));
  }

  private void release(RunLifecycle runs, String runId) {
    var capacityNotRestored = runs.release(table, runId);
    if (place.json()) {
      screen.out().println(JsonReport.released(table, runId, capacityNotRestored));
    } else {
      screen.out().println("The table " + table + " is free; the run " + runId + " is closed.");
    }
    capacityNotRestored.ifPresent(
        why ->
            screen
                .err()
                .println(
                    "Its capacity is still raised, for it could not be lowered; "
                        + why
                        + ". Lower it by hand; the ledger keeps what it was, as capacityBefore of RUN#"
                        + runId
                        + "."));
  }
}
