package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.ledger.ByHandEntry;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.lifecycle.TableHolder;
import dev.godwit.cli.pending.Standing;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.Throttles;
import dev.godwit.run.Counter;
import dev.godwit.run.SourceJson;
import dev.godwit.run.Tally;
import dev.godwit.run.TargetJson;
import dev.godwit.run.text.TerminalText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs as JSON objects, for programs. */
public final class JsonReport {
  private static final List<Counter> COUNTED =
      List.of(
          Counter.SCANNED,
          Counter.KEPT,
          Counter.UPDATED,
          Counter.DELETED,
          Counter.CONFLICTS,
          Counter.FAILED);
  private static final List<Counter> TARGETS =
      List.of(Counter.PUT, Counter.THERE_ALREADY, Counter.LEFT_OUT);
  private static final List<Counter> UNITS = List.of(Counter.READ_UNITS, Counter.WRITE_UNITS);

  private JsonReport() {}

  /** That a run was started, and where people can look at it. */
  public static String started(String runId, Map<String, String> places) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", runId);
    json.put("status", RunStatus.RUNNING.name());
    places(json, places);
    return text(json);
  }

  /** How a run stands. */
  public static String of(RunState state) {
    return text(node(state));
  }

  private static ObjectNode node(RunState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", state.request().runId());
    json.put("tableName", state.request().tableName());
    json.put("migration", state.request().migration());
    json.put("direction", state.request().direction().toString());
    json.put("mode", state.request().mode().toString());
    state.request().undo().ifPresent(run -> json.put("undoes", run));
    state.request().source().ifPresent(from -> json.set("source", SourceJson.write(from)));
    state.request().target().ifPresent(there -> json.set("target", TargetJson.write(there)));
    json.put("status", state.word());
    json.put("startedAt", state.startedAt().toString());
    state.endedAt().ifPresent(at -> json.put("endedAt", at.toString()));
    segments(json, state.segments());
    CanaryTexts.write(json, state);
    tally(json.putObject("counted"), state.counted());
    state.readUnitsPerSecond().ifPresent(units -> json.put("readUnitsPerSecond", units));
    state.writeUnitsPerSecond().ifPresent(units -> json.put("writeUnitsPerSecond", units));
    json.put("maxConcurrency", state.maxConcurrency());
    json.put("paused", state.isPaused());
    var changes = json.putArray("changes");
    state.rate().map(RunRate::changes).orElse(List.of()).stream()
        .forEach(
            change ->
                changes
                    .addObject()
                    .put("change", change.what())
                    .put("by", change.by())
                    .put("at", change.at()));
    var slowed = json.putArray("slowed");
    state.rate().flatMap(RunRate::readsSlowed).ifPresent(it -> slowed(slowed, "reads", it));
    state.rate().flatMap(RunRate::writesSlowed).ifPresent(it -> slowed(slowed, "writes", it));
    state.error().ifPresent(error -> json.put("error", error));
    places(json, state.places());
    state.advice().ifPresent(advice -> json.put("advice", advice));
    return json;
  }

  private static void slowed(ArrayNode slowed, String what, RunRate.Slowed it) {
    var json = slowed.addObject().put("what", what).put("times", it.slowdown().times());
    it.slowdown()
        .unitsPerSecond()
        .ifPresent(units -> json.put("unitsPerSecond", rounded(units, 1)));
    it.slowdown().by().ifPresent(limit -> json.put("by", limit.word()));
    json.put("at", it.at().toString());
  }

  /** What a run has left. */
  public static String of(RunReport report) {
    var json = node(report.state());
    tally(json.putObject("tally"), report.exact());
    var failed = json.putArray("failedSegments");
    report
        .failedSegments()
        .forEach(
            segment ->
                failed
                    .addObject()
                    .put("segment", segment.segment())
                    .put("error", segment.error())
                    .put("cause", segment.cause()));
    var actions = json.putArray("failedActions");
    report
        .failedActions()
        .forEach(
            file ->
                actions
                    .addObject()
                    .put("file", file.file())
                    .put("error", file.error())
                    .put("cause", file.cause()));
    var failures = json.putObject("failures");
    report.failures().forEach(failures::put);
    var files = json.putArray("failureFiles");
    report.failureFiles().forEach(files::add);
    json.put("resultsLocation", report.resultsLocation());
    return text(json);
  }

  /** Runs, one object a line. */
  public static String of(ListedRun run) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", run.runId());
    json.put("tableName", run.tableName());
    json.put("migration", run.migration());
    json.put("status", run.status());
    run.startedAt().ifPresent(at -> json.put("startedAt", at.toString()));
    run.endedAt().ifPresent(at -> json.put("endedAt", at.toString()));
    return text(json);
  }

  /** How a migration stands on a table. */
  public static String of(HistoryEntry entry) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("migration", entry.migration());
    json.put("state", entry.state());
    json.put("failed", entry.failed());
    if (!entry.runId().isEmpty()) {
      json.put("runId", entry.runId());
    }
    json.put("at", entry.at());
    return text(json);
  }

  /** What somebody did by hand to the history of a migration. */
  public static String of(ByHandEntry entry) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("migration", entry.migration());
    json.put("byHand", entry.action());
    json.put("by", entry.by());
    json.put("at", entry.at());
    json.put("code", entry.code());
    entry
        .before()
        .ifPresent(
            before -> {
              var was = json.putObject("before").put("state", before.state());
              if (!before.runId().isEmpty()) {
                was.put("runId", before.runId());
              }
              was.put("at", before.at());
              was.put("failed", before.failed());
              before.code().ifPresent(code -> was.put("code", code));
            });
    return text(json);
  }

  /**
   * What is done by hand to the history of a migration.
   *
   * @param before how it stood
   * @param dryRun whether it is only said
   */
  public static String byHand(String action, Standing before, boolean dryRun) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tableName", before.table());
    json.put("migration", before.migration());
    json.put("byHand", action);
    json.put("dryRun", dryRun);
    json.put("stateBefore", before.state().toString());
    before.code().ifPresent(code -> json.put("codeBefore", code));
    before.codeHere().ifPresent(code -> json.put("code", code));
    return text(json);
  }

  /** How a migration stands on a table, beside what is known here. */
  public static String of(Standing standing) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tableName", standing.table());
    json.put("migration", standing.migration());
    json.put("state", standing.state().toString());
    json.put("pending", standing.pending());
    var remarks = json.putArray("remarks");
    standing.remarks().forEach(remark -> remarks.add(remark.toString()));
    standing.runId().ifPresent(run -> json.put("runId", run));
    standing.at().ifPresent(at -> json.put("at", at));
    standing.took().ifPresent(took -> json.put("seconds", rounded(took.toMillis() / 1000.0, 3)));
    standing.changed().ifPresent(changed -> json.put("changed", changed));
    json.put("failed", standing.failed());
    standing.code().ifPresent(code -> json.put("code", code));
    standing.codeHere().ifPresent(code -> json.put("codeHere", code));
    return text(json);
  }

  /** What will be run over a table, in this order. */
  public static String pending(String tableName, List<String> migrations, boolean dryRun) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tableName", tableName);
    var ids = json.putArray("pending");
    migrations.forEach(ids::add);
    json.put("dryRun", dryRun);
    return text(json);
  }

  /** Who holds a table. */
  public static String of(TableHolder holder) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tableName", holder.tableName());
    json.put("runId", holder.holder().runId());
    json.put("executionArn", holder.holder().executionArn());
    json.put("since", holder.holder().since());
    json.put("state", holder.state());
    json.put("releasable", holder.refusal().isEmpty());
    holder.capacityBefore().ifPresent(before -> json.put("capacityBefore", before));
    return text(json);
  }

  /** That a table is free, which {@code runId} held. */
  public static String released(
      String tableName, String runId, Optional<String> capacityNotRestored) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tableName", tableName);
    json.put("released", runId);
    capacityNotRestored.ifPresent(why -> json.put("capacityNotRestored", why));
    return text(json);
  }

  static void places(ObjectNode json, Map<String, String> places) {
    var node = json.putObject("places");
    places.forEach(node::put);
  }

  private static void segments(ObjectNode json, SegmentCounts segments) {
    json.putObject("segments")
        .put("total", segments.total())
        .put("succeeded", segments.succeeded())
        .put("failed", segments.failed());
  }

  static void tally(ObjectNode json, Tally tally) {
    for (Counter counter : shown(tally)) {
      if (UNITS.contains(counter)) {
        json.put(counter.field(), rounded(tally.amount(counter), 1));
      } else {
        json.put(counter.field(), tally.count(counter));
      }
    }
  }

  /** Which counters of {@code tally} are told, in this order. */
  static List<Counter> shown(Tally tally) {
    var shown = new ArrayList<>(COUNTED);
    if (RunTexts.hasTarget(tally)) {
      shown.addAll(TARGETS);
      if (tally.count(Counter.DIFFERENT) + tally.count(Counter.IN_TARGET) > 0) {
        shown.add(Counter.DIFFERENT);
        shown.add(Counter.IN_TARGET);
      }
    }
    if (tally.count(Counter.GONE) > 0) {
      shown.add(Counter.GONE);
    }
    if (tally.count(Counter.ACTIONS) > 0) {
      shown.add(Counter.ACTIONS);
    }
    Throttles.COUNTERS.stream().filter(counter -> tally.count(counter) > 0).forEach(shown::add);
    shown.addAll(UNITS);
    return shown;
  }

  /**
   * The object, on one line.
   *
   * @param page where the page about the run is
   */
  public static String of(RunEnding ending, Optional<String> page) {
    var json = node(ending);
    page.ifPresent(where -> json.put("report", where));
    return text(json);
  }

  static ObjectNode node(RunEnding ending) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", ending.runId());
    json.put("status", ending.status().name());
    segments(json, ending.segments());
    tally(json.putObject("tally"), ending.tally());
    json.put("resultsLocation", ending.resultsLocation());
    json.put("seconds", rounded(ending.duration().toMillis() / 1000.0, 3));
    ending.error().ifPresent(error -> json.put("error", error));
    return json;
  }

  static String text(ObjectNode json) {
    return TerminalText.ofJson(json.toString());
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }
}
