package dev.godwit.cli.report;

import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.Throttles;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.text.SourceWords;
import dev.godwit.run.text.TerminalText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run's ending as a table, for people. */
public final class SummaryTable {
  private SummaryTable() {}

  /**
   * The table, several lines.
   *
   * @param page where the page about the run is
   */
  public static String of(RunRequest request, RunEnding ending, Optional<String> page) {
    var rows = new LinkedHashMap<String, String>();
    boolean hasTarget = request.target().isPresent() || RunTexts.hasTarget(ending.tally());
    rows.put("run", ending.runId());
    rows.put("status", ending.status() + " in " + seconds(ending));
    rows.put(
        "migration",
        request.migration()
            + " ("
            + request.direction()
            + ", "
            + request.mode()
            + (request.mode() == Mode.APPLY && !hasTarget ? ", guard " + request.guard() : "")
            + ")");
    request.undo().ifPresent(run -> rows.put("undoes", run));
    rows.put("table", request.tableName());
    request.source().ifPresent(from -> rows.put("source", SourceWords.of(from)));
    request.target().ifPresent(there -> rows.put("target", RunTexts.target(there)));
    rows.put(
        "segments",
        String.format(
            Locale.ROOT,
            "%,d of %,d succeeded, %,d failed",
            ending.segments().succeeded(),
            ending.segments().total(),
            ending.segments().failed()));
    boolean writes = request.mode() == Mode.APPLY;
    if (request.mode() == Mode.EXPORT) {
      rows.put("exported", count(ending, Counter.SCANNED));
      rows.put("read units", units(ending, Counter.READ_UNITS));
      Throttles.of(ending.tally()).ifPresent(throttled -> rows.put("throttled", throttled));
      rows.put("results", ending.resultsLocation());
      return text(rows);
    }
    rows.put("scanned", count(ending, Counter.SCANNED));
    if (hasTarget && request.mode() == Mode.VERIFY) {
      rows.put("in target", count(ending, Counter.THERE_ALREADY));
      rows.put("missing", count(ending, Counter.PUT));
      rows.put("different", count(ending, Counter.DIFFERENT));
      rows.put("left out", count(ending, Counter.LEFT_OUT));
      if (request.sample().isEmpty()) {
        rows.put(
            "unexplained",
            String.format(
                Locale.ROOT,
                "%,d of the %,d items in the target",
                TargetCounts.unexplained(ending.tally()),
                ending.tally().count(Counter.IN_TARGET)));
      }
    } else if (hasTarget) {
      rows.put(writes ? "put" : "would put", count(ending, Counter.PUT));
      rows.put("there already", count(ending, Counter.THERE_ALREADY));
      rows.put("left out", count(ending, Counter.LEFT_OUT));
    } else {
      rows.put("kept", count(ending, Counter.KEPT));
      if (ending.tally().count(Counter.GONE) > 0) {
        rows.put("gone", count(ending, Counter.GONE) + ", which the table does not hold any more");
      }
      rows.put(writes ? "updated" : "would update", count(ending, Counter.UPDATED));
      rows.put(writes ? "deleted" : "would delete", count(ending, Counter.DELETED));
    }
    if (ending.tally().count(Counter.ACTIONS) > 0) {
      rows.put("actions", count(ending, Counter.ACTIONS));
    }
    if (request.keepBeforeImages() && ending.tally().count(Counter.BEFORE_IMAGES) > 0) {
      rows.put(
          writes ? "stored" : "would store",
          String.format(
              Locale.ROOT,
              "%,d before-images, %,d bytes",
              ending.tally().count(Counter.BEFORE_IMAGES),
              ending.tally().count(Counter.BEFORE_IMAGE_BYTES)));
    }
    if (!hasTarget) {
      rows.put("conflicts", count(ending, Counter.CONFLICTS));
    }
    rows.put("failed", count(ending, Counter.FAILED));
    rows.put("read units", units(ending, Counter.READ_UNITS));
    if (!hasTarget || request.mode() != Mode.VERIFY) {
      rows.put("write units", units(ending, Counter.WRITE_UNITS));
    }
    Throttles.of(ending.tally()).ifPresent(throttled -> rows.put("throttled", throttled));
    if (request.mode() == Mode.DRY_RUN || (!writes && !hasTarget)) {
      rows.put(
          "would grow",
          String.format(Locale.ROOT, "%,d bytes", ending.tally().count(Counter.GROWTH_BYTES)));
      rows.put("over 400 KB", count(ending, Counter.TOO_LARGE));
    }
    rows.put("results", ending.resultsLocation());
    page.ifPresent(where -> rows.put("report", where));
    EndingRemarks.stillToDo(request, ending).ifPresent(what -> rows.put("still to do", what));
    return text(rows);
  }

  private static String text(Map<String, String> rows) {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    return rows.entrySet().stream()
        .map(
            row ->
                "  "
                    + row.getKey()
                    + " ".repeat(width + 2 - row.getKey().length())
                    + TerminalText.of(row.getValue()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String count(RunEnding ending, Counter counter) {
    return String.format(Locale.ROOT, "%,d", ending.tally().count(counter));
  }

  private static String units(RunEnding ending, Counter counter) {
    return String.format(Locale.ROOT, "%,.1f", ending.tally().amount(counter));
  }

  private static String seconds(RunEnding ending) {
    return String.format(Locale.ROOT, "%,.1f s", ending.duration().toMillis() / 1000.0);
  }
}
