package dev.godwit.cli.report;

import dev.godwit.cli.ledger.ByHandEntry;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.lifecycle.TableHolder;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunReport.FailedActions;
import dev.godwit.cli.run.RunReport.FailedSegment;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.Throttles;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.code.CodeDigest;
import dev.godwit.run.text.SourceWords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs as text, for people. */
public final class RunTexts {
  /** The latest of who changed how fast a run may go. */
  private static final int MOST_CHANGES_TOLD = 5;

  private static final int MOST_SEGMENTS_TOLD = 20;
  private static final int LONGEST_CAUSE = 200;

  private RunTexts() {}

  /** How a run stands. */
  public static String of(RunState state) {
    var table = head(state);
    counted(table, state.counted(), "counted so far", state.status() == RunStatus.RUNNING);
    places(table, state);
    return table.text();
  }

  /** Who holds a table. */
  public static String of(TableHolder holder) {
    var table = new Table();
    table.row("table", holder.tableName());
    table.row("held by", holder.holder().runId() + ", since " + holder.holder().since());
    table.row("execution", holder.holder().executionArn());
    table.row("state", holder.state());
    holder
        .capacityBefore()
        .ifPresent(before -> table.row("capacity", "raised by that run; it was " + before));
    return table.text();
  }

  private static Table head(RunState state) {
    var request = state.request();
    var table = new Table();
    table.row("run", request.runId());
    table.row("status", state.word() + (state.isPaused() ? ", paused" : "") + lasting(state));
    table.row(
        "migration",
        request.migration() + " (" + request.direction() + ", " + request.mode() + ")");
    table.row("table", request.tableName());
    request.source().ifPresent(from -> table.row("source", SourceWords.of(from)));
    request.target().ifPresent(there -> table.row("target", target(there)));
    table.row(
        "segments",
        String.format(
            Locale.ROOT,
            "%,d of %,d succeeded, %,d failed",
            state.segments().succeeded(),
            state.segments().total(),
            state.segments().failed()));
    CanaryTexts.of(state).ifPresent(canary -> table.row("canary", canary));
    table.row("at once", String.format(Locale.ROOT, "%,d", state.maxConcurrency()));
    rate(table, state);
    state.error().ifPresent(error -> table.row("error", shortened(error)));
    return table;
  }

  private static void rate(Table table, RunState state) {
    var budgets = new ArrayList<String>();
    state
        .readUnitsPerSecond()
        .ifPresent(units -> budgets.add(String.format(Locale.ROOT, "%,d read units", units)));
    state
        .writeUnitsPerSecond()
        .ifPresent(units -> budgets.add(String.format(Locale.ROOT, "%,d write units", units)));
    if (!budgets.isEmpty()) {
      table.row("budget", String.join(", ", budgets) + " per second");
    }
    state.rate().flatMap(RunRate::readsSlowed).ifPresent(slowed -> slowed(table, "reads", slowed));
    state
        .rate()
        .flatMap(RunRate::writesSlowed)
        .ifPresent(slowed -> slowed(table, "writes", slowed));
    var changes = state.rate().map(RunRate::changes).orElse(List.of());
    changes.stream()
        .skip(Math.max(0, changes.size() - MOST_CHANGES_TOLD))
        .forEach(
            change ->
                table.row("changed", change.at() + " by " + change.by() + ": " + change.what()));
    if (changes.size() > MOST_CHANGES_TOLD) {
      table.row(
          "changed ...",
          String.format(
              Locale.ROOT,
              "and %,d times before; --output json has all",
              changes.size() - MOST_CHANGES_TOLD));
    }
  }

  private static void slowed(Table table, String what, RunRate.Slowed slowed) {
    var to = slowed.slowdown().unitsPerSecond();
    table.row(
        "slowed",
        String.format(
            Locale.ROOT,
            "%s, %,d times, last at %s%s%s; it grows back",
            what,
            slowed.slowdown().times(),
            slowed.at(),
            to.isPresent()
                ? String.format(Locale.ROOT, " to %,.1f units per second", to.getAsDouble())
                : "",
            slowed.slowdown().by().map(limit -> ": " + WriteRate.words(limit)).orElse("")));
  }

  private static String lasting(RunState state) {
    var until = state.endedAt().orElseGet(Instant::now);
    var lasted = Duration.between(state.startedAt(), until);
    return (state.endedAt().isPresent() ? " in " : " for ")
        + String.format(Locale.ROOT, "%,d s", lasted.toSeconds())
        + ", since "
        + state.startedAt();
  }

  private static void counted(Table table, Tally tally, String name, boolean live) {
    if (tally.counts().isEmpty() && !live) {
      return;
    }
    table.row(name, items(tally));
    if (tally.count(Counter.ACTIONS) > 0) {
      table.row("actions", String.format(Locale.ROOT, "%,d", tally.count(Counter.ACTIONS)));
    }
    table.row(
        "units",
        String.format(
            Locale.ROOT,
            "%,.1f read, %,.1f written",
            tally.amount(Counter.READ_UNITS),
            tally.amount(Counter.WRITE_UNITS)));
    Throttles.of(tally).ifPresent(throttled -> table.row("throttled", throttled));
  }

  private static String items(Tally tally) {
    return hasTarget(tally)
        ? String.format(
            Locale.ROOT,
            "%,d scanned, %,d put, %,d there already, %,d left out, %,d failed",
            tally.count(Counter.SCANNED),
            tally.count(Counter.PUT),
            tally.count(Counter.THERE_ALREADY),
            tally.count(Counter.LEFT_OUT),
            tally.count(Counter.FAILED))
        : String.format(
            Locale.ROOT,
            "%,d scanned, %,d kept, %s%,d updated, %,d deleted, %,d conflicts, %,d failed",
            tally.count(Counter.SCANNED),
            tally.count(Counter.KEPT),
            tally.count(Counter.GONE) == 0
                ? ""
                : String.format(Locale.ROOT, "%,d gone, ", tally.count(Counter.GONE)),
            tally.count(Counter.UPDATED),
            tally.count(Counter.DELETED),
            tally.count(Counter.CONFLICTS),
            tally.count(Counter.FAILED));
  }

  /** Whether anything was counted that only a run with a target counts. */
  static boolean hasTarget(Tally tally) {
    return tally.count(Counter.PUT)
            + tally.count(Counter.THERE_ALREADY)
            + tally.count(Counter.LEFT_OUT)
            + tally.count(Counter.DIFFERENT)
            + tally.count(Counter.IN_TARGET)
        > 0;
  }

  /** For people. */
  static String target(Target target) {
    return target.tableName() + " (" + target.put() + ")";
  }

  private static void places(Table table, RunState state) {
    state.places().forEach(table::row);
    state.advice().ifPresent(advice -> table.row("next", advice));
  }

  /** What a run has left. */
  public static String of(RunReport report) {
    var table = head(report.state());
    counted(table, report.exact(), "in segments that succeeded", true);
    report
        .failures()
        .forEach(
            (error, count) ->
                table.row(
                    "failure records", String.format(Locale.ROOT, "%,d of %s", count, error)));
    failed(table, report.failedSegments());
    failedActions(table, report.failedActions());
    report.failureFiles().stream()
        .limit(MOST_SEGMENTS_TOLD)
        .forEach(file -> table.row("failure file", file));
    more(table, "failure file", report.failureFiles().size());
    Throttles.advice(report.exact()).forEach(sentence -> table.row("throttled", sentence));
    places(table, report.state());
    return table.text();
  }

  private static void failed(Table table, List<FailedSegment> segments) {
    segments.stream()
        .limit(MOST_SEGMENTS_TOLD)
        .forEach(
            segment ->
                table.row(
                    "segment " + segment.segment(),
                    shortened(error(segment.error(), segment.cause()))));
    more(table, "segment", segments.size());
  }

  private static void failedActions(Table table, List<FailedActions> files) {
    files.stream()
        .limit(MOST_SEGMENTS_TOLD)
        .forEach(
            file ->
                table.row(
                    "deferred actions",
                    file.file() + ": " + shortened(error(file.error(), file.cause()))));
    more(table, "deferred actions", files.size());
  }

  private static String error(String name, String cause) {
    return name + (cause.isEmpty() ? "" : ": " + cause);
  }

  private static void more(Table table, String what, int all) {
    if (all > MOST_SEGMENTS_TOLD) {
      table.row(
          what + " ...",
          String.format(
              Locale.ROOT, "and %,d more; --output json has all", all - MOST_SEGMENTS_TOLD));
    }
  }

  private static String shortened(String text) {
    var line = text.lines().findFirst().orElse("");
    return line.length() > LONGEST_CAUSE ? line.substring(0, LONGEST_CAUSE) + " ..." : line;
  }

  /** A list of runs. */
  public static String ofRuns(List<ListedRun> runs) {
    var table = new Table().row("RUN", "STATUS", "TABLE", "MIGRATION", "STARTED", "ENDED");
    for (ListedRun run : runs) {
      table.row(
          run.runId(),
          run.status(),
          run.tableName(),
          run.migration(),
          run.startedAt().map(RunTexts::seconds).orElse(""),
          run.endedAt().map(RunTexts::seconds).orElse(""));
    }
    return table.text();
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  /** How migrations stand on tables. */
  public static String ofStandings(List<Standing> standings) {
    boolean oneTable = standings.stream().map(Standing::table).distinct().count() <= 1;
    var table = new Table();
    row(table, oneTable, "TABLE", "MIGRATION", "STATE", "AT", "RUN", "TOOK", "CHANGED");
    for (Standing standing : standings) {
      row(
          table,
          oneTable,
          standing.table(),
          standing.migration(),
          state(standing),
          standing.at().orElse(""),
          standing.runId().orElse(""),
          standing
              .took()
              .map(took -> String.format(Locale.ROOT, "%,d s", took.toSeconds()))
              .orElse(""),
          standing.changed().isPresent()
              ? String.format(Locale.ROOT, "%,d", standing.changed().getAsLong())
              : "");
    }
    return table.text();
  }

  private static void row(Table table, boolean oneTable, String name, String... cells) {
    if (oneTable) {
      table.row(cells);
    } else {
      var all = new ArrayList<>(List.of(name));
      all.addAll(List.of(cells));
      table.row(all.toArray(String[]::new));
    }
  }

  private static String state(Standing standing) {
    var words = new ArrayList<String>();
    words.add(
        standing.failed() > 0
            ? String.format(Locale.ROOT, "%s (%,d failed)", standing.state(), standing.failed())
            : standing.state().toString());
    standing.remarks().forEach(remark -> words.add(remark.toString()));
    return String.join(", ", words);
  }

  /**
   * How migrations stand on a table, and what was done by hand to that.
   *
   * @param byHand with columns of their own, if there are any
   */
  public static String ofHistory(List<HistoryEntry> entries, List<ByHandEntry> byHand) {
    var table = new Table().row("MIGRATION", "STATE", "FAILED", "AT", "RUN");
    for (HistoryEntry entry : entries) {
      table.row(
          entry.migration(),
          entry.state(),
          String.format(Locale.ROOT, "%,d", entry.failed()),
          entry.at(),
          entry.runId().isEmpty() ? "by hand" : entry.runId());
    }
    if (byHand.isEmpty()) {
      return table.text();
    }
    var hands = new Table().row("MIGRATION", "BY HAND", "AT", "BY", "BEFORE");
    for (ByHandEntry entry : byHand) {
      hands.row(entry.migration(), did(entry), entry.at(), entry.by(), before(entry));
    }
    return table.text() + System.lineSeparator() + System.lineSeparator() + hands.text();
  }

  private static String did(ByHandEntry entry) {
    return entry.action() + ", code " + CodeDigest.shown(entry.code());
  }

  private static String before(ByHandEntry entry) {
    return entry
        .before()
        .map(
            was ->
                was.state()
                    + was.code().map(code -> ", code " + CodeDigest.shown(code)).orElse("")
                    + ", "
                    + was.at()
                    + (was.runId().isEmpty() ? ", by hand" : ", by the run " + was.runId()))
        .orElse("nothing");
  }
}
