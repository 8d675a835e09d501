package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.CanaryOptions;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.LocalEngines;
import dev.godwit.cli.launch.PlanGate;
import dev.godwit.cli.launch.RunKind;
import dev.godwit.cli.launch.RunPath;
import dev.godwit.cli.launch.StartOptions;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.OwnTarget;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.pending.Standing.State;
import dev.godwit.cli.pending.Standings;
import dev.godwit.cli.pending.TablesToTake;
import dev.godwit.cli.plan.Plan;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs what is pending, in order. */
@Command(
    name = "migrate",
    description = {
      "Runs what 'godwit info' calls pending over its table: by id, the oldest first, each to its end before the next begins.",
      "",
      "It stops at the first run that fails or is stopped, with that run's exit code, and with 1 at one that leaves its migration partial. What is dated earlier than one that is applied is run all the same. What will be run is said before anything begins; what is applied is left alone, so the command may be repeated.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit migrate --local --table Users --dry-run",
      "  godwit migrate --table Users --sfn-arn arn:aws:states:eu-west-1:123456789012:stateMachine:NAME --to 20261105-split-address"
    })
public final class MigrateCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description =
          "The table to migrate. Default: those that migrations here name without a *, and those that have had runs, one after the other; variable: TABLE_NAME.")
  private @Nullable String table;

  @Option(
      names = "--to",
      paramLabel = "ID",
      description = "Run nothing behind this migration. Default: none, all that is pending.")
  private @Nullable String to;

  @Option(
      names = "--dry-run",
      description =
          "Transform and count, but write nothing: each migration meets the table as it is now.")
  private boolean dryRun;

  @Option(
      names = "--keep-before-images",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "true",
      description =
          "Keep what each item holds in the attributes that are about to be written, beside the results, so that 'godwit undo RUN' can put it back. A migration with a target changes nothing that it reads, and keeps none. Default: ${DEFAULT-VALUE}.")
  private boolean keepBeforeImages;

  @Mixin private CanaryOptions canary = new CanaryOptions();
  @Mixin private PlanGate gate = new PlanGate();
  @Mixin private StartOptions start = new StartOptions();

  public MigrateCommand(
      Screen screen, LocalEngines engines, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  /**
   * What is pending on one table.
   *
   * @param standings of the migrations, in the order in which they are run
   */
  private record Pending(String table, List<Standing> standings) {
    List<String> ids() {
      return standings.stream().map(Standing::migration).toList();
    }
  }

  @Override
  public Integer call() {
    var here = start.local().ownMigrations();
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      var standings = new Standings(here);
      var tables = tables(here, path);
      checkTo(here, tables);
      var pending = new ArrayList<Pending>();
      for (String name : tables) {
        refuseWhileHeld(path, name);
        var ofTable = new Pending(name, pending(path, standings, name));
        if (!ofTable.standings().isEmpty()) {
          pending.add(ofTable);
        }
      }
      if (pending.isEmpty()) {
        refuseUnknown(here, path);
        screen.err().println("Nothing is pending" + upTo(tables) + ".");
        return ExitCode.DONE.code();
      }
      pending.forEach(ofTable -> path.check(wanted(here, ofTable.standings().get(0))));
      var plans = new HashMap<Standing, Plan>();
      for (Pending ofTable : pending) {
        var first = ofTable.standings().get(0);
        gate.check(path, wanted(here, first), screen).ifPresent(plan -> plans.put(first, plan));
      }
      pending.forEach(this::announce);
      return carryOut(path, here, standings, pending, plans).code();
    }
  }

  private List<String> tables(Migrations here, RunPath path) {
    var stage = start.stage();
    return table == null
        ? TablesToTake.of(here, path.newestFirst(), stage.stage())
        : List.of(stage.table(table));
  }

  private void checkTo(Migrations here, List<String> tables) {
    if (to != null) {
      for (String name : tables) {
        here.byId(to, name);
      }
    }
  }

  private List<Standing> pending(RunPath path, Standings standings, String name) {
    return standings.of(name, path.runs(name).history(name), List.of()).stream()
        .filter(Standing::pending)
        .filter(standing -> to == null || standing.migration().compareTo(to) <= 0)
        .toList();
  }

  private String upTo(List<String> tables) {
    return tables.size() > 1 ? "" : " on " + tables.get(0) + (to == null ? "" : " up to " + to);
  }

  /** A table that is asked for by a name that nothing here knows is most likely misspelt. */
  private void refuseUnknown(Migrations here, RunPath path) {
    if (table == null) {
      return;
    }
    var name = start.stage().table(table);
    if (here.all().stream().noneMatch(migration -> Migrations.isMeantFor(migration, name))
        && path.runs(name).history(name).isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Nothing was run: no migration here is meant for the table "
              + name
              + ", and it has had none. Those here are for "
              + here.all().stream()
                  .map(migration -> migration.table())
                  .distinct()
                  .collect(Collectors.joining(", "))
              + ": see 'godwit migrations'");
    }
  }

  /** What is pending is not known while a run may make it otherwise. */
  private void refuseWhileHeld(RunPath path, String name) {
    path.runs(name)
        .obstacle(name)
        .ifPresent(
            why -> {
              if (!dryRun) {
                throw new CommandFailed(
                    ExitCode.BAD_USAGE, "Nothing was begun. " + why + " Then migrate again");
              }
              screen.err().println(why);
            });
  }

  private void announce(Pending pending) {
    if (start.local().json()) {
      screen.out().println(JsonReport.pending(pending.table(), pending.ids(), dryRun));
      return;
    }
    screen
        .err()
        .println(
            (dryRun ? "To try over " : "To run over ")
                + pending.table()
                + ", in this order: "
                + String.join(", ", pending.ids())
                + ".");
  }

  /**
   * @param plans of those that were planned before any began: the first of each table, because what
   *     the others meet is not there before
   */
  private ExitCode carryOut(
      RunPath path,
      Migrations here,
      Standings standings,
      List<Pending> pending,
      Map<Standing, Plan> plans) {
    if (dryRun) {
      screen
          .err()
          .println(
              "Nothing is written. Each meets the table as it is now, without what those before it would change.");
    }
    int done = 0;
    for (Pending ofTable : pending) {
      for (int i = 0; i < ofTable.standings().size(); i++) {
        var next = ofTable.standings().get(i);
        try {
          Optional.ofNullable(plans.get(next))
              .or(() -> gate.check(path, wanted(here, next), screen))
              .ifPresent(path::begunWith);
        } catch (CommandFailed refused) {
          tellRest(pending, ofTable, i);
          throw refused;
        }
        var ending = dryRun ? path.carryOut(wanted(here, next)) : run(path, here, standings, next);
        if (ending != ExitCode.DONE) {
          tellRest(pending, ofTable, i + 1);
          return ending;
        }
        done++;
      }
    }
    screen.err().println((dryRun ? "Tried: " : "Applied: ") + done + ".");
    return ExitCode.DONE;
  }

  /** With the code that is here, by which it was found: a worker that has other code refuses it. */
  private RunPath.Wanted wanted(Migrations here, Standing pending) {
    var migration = here.byId(pending.migration(), pending.table());
    var target = OwnTarget.of(migration, pending.table());
    return new RunPath.Wanted(
        Optional.empty(),
        pending.table(),
        pending.migration(),
        RunKind.up(
                dryRun ? Mode.DRY_RUN : Mode.APPLY,
                keepBeforeImages && !OwnTarget.changesNothing(migration, pending.table()),
                target)
            .after(canary.asked()),
        pending.codeHere());
  }

  private ExitCode run(RunPath path, Migrations here, Standings standings, Standing pending) {
    var name = pending.table();
    var id = pending.migration();
    var before = standing(path, standings, name, id);
    if (!before.pending()) {
      screen.err().println(id + " was applied by somebody else meanwhile" + by(before) + ".");
      return ExitCode.DONE;
    }
    var ending = path.carryOut(wanted(here, pending));
    if (ending != ExitCode.DONE) {
      return ending;
    }
    var after = standing(path, standings, name, id);
    if (!after.pending()) {
      return ExitCode.DONE;
    }
    if (after.state() == State.PARTIAL) {
      screen.err().println(stillPartial(after));
      return ExitCode.RUN_FAILED;
    }
    screen
        .err()
        .println(
            id
                + " is not in the history of "
                + name
                + " as applied yet. "
                + path.runs(name)
                    .obstacle(name)
                    .orElse("How it stands: 'godwit info --table " + name + "'."));
    return ExitCode.UNREACHABLE;
  }

  private static Standing standing(RunPath path, Standings standings, String name, String id) {
    return standings.of(name, path.runs(name).history(name), List.of()).stream()
        .filter(standing -> standing.migration().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String by(Standing standing) {
    return standing.runId().map(run -> ", by the run " + run).orElse("");
  }

  private static String stillPartial(Standing partial) {
    return partial.migration()
        + " is partial on "
        + partial.table()
        + by(partial)
        + ": "
        + (partial.failed() > 0
            ? String.format(
                Locale.ROOT,
                "%,d items were left as they were; offer them again ('godwit run … --migration %s --retry-failures %s'), then migrate again.",
                partial.failed(),
                partial.migration(),
                partial.runId().orElse("RUN"))
            : "segments that were let fail may not have been read; migrate again, which runs it once more.");
  }

  private void tellRest(List<Pending> pending, Pending stopped, int next) {
    var rest = new ArrayList<>(stopped.ids().subList(next, stopped.ids().size()));
    pending.stream()
        .skip(pending.indexOf(stopped) + 1L)
        .forEach(other -> other.ids().forEach(id -> rest.add(id + " over " + other.table())));
    if (!rest.isEmpty()) {
      screen.err().println((dryRun ? "Not tried: " : "Not run: ") + String.join(", ", rest) + ".");
    }
  }
}
