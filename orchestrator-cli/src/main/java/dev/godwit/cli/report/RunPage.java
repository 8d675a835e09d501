package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.godwit.cli.console.Versions;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.page.Page;
import dev.godwit.cli.page.Page.Mood;
import dev.godwit.cli.page.Part;
import dev.godwit.cli.page.Part.Cell;
import dev.godwit.cli.page.Part.Fact;
import dev.godwit.cli.run.Course;
import dev.godwit.cli.run.FailedItem;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.Throttles;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.code.CodeDigest;
import dev.godwit.run.text.SourceWords;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a run has left, as a page to look at. */
public final class RunPage {
  /** Failed segments, and files of actions, that are told of; the JSON report has all. */
  private static final int MOST_TOLD = 200;

  private static final ObjectMapper JSON = JsonMapper.builder(DynamoDbJson.parsers()).build();

  private final RunReport report;
  private final RunState state;
  private final RunRequest request;
  private final RunEnding ending;
  private final Extras extras;

  private RunPage(RunReport report, Extras extras) {
    this.report = report;
    this.state = report.state();
    this.request = state.request();
    this.ending = report.ending();
    this.extras = extras;
  }

  /**
   * What a page shows only if it is there, or asked for.
   *
   * @param forecast what the run's plan has said
   * @param failedItems with what they hold; empty where they are not to be shown
   * @param madeAt when the page is made
   */
  public record Extras(
      Optional<Forecast> forecast, Optional<List<FailedItem>> failedItems, Instant madeAt) {}

  /** The page. */
  public static Page of(RunReport report, Extras extras) {
    return new RunPage(report, extras).page();
  }

  private Page page() {
    var sections = new ArrayList<Page.Section>();
    sections.add(new Page.Section("ran", "What ran", List.of(ran(), changes())));
    sections.add(new Page.Section("tally", "Tally", tally()));
    sections.add(
        new Page.Section(
            "time", "Over time", new OverTime(state, report.course().timeline()).parts()));
    sections.add(new Page.Section("segments", "Segments", segments()));
    sections.add(new Page.Section("failures", "Failures", failures()));
    sections.add(new Page.Section("forecast", "Forecast and what came", forecast()));
    sections.add(new Page.Section("next", "What to do next", next()));
    return new Page(
        request.migration() + " over " + request.tableName(),
        lead(),
        mood(),
        sections,
        "Made by Godwit "
            + Versions.ofThisBuild().godwit()
            + " at "
            + seconds(extras.madeAt)
            + ". Times are UTC. This page loads nothing and asks nobody.");
  }

  private String lead() {
    var word = state.word();
    var words =
        switch (word) {
          case "SUCCEEDED" -> "The run has succeeded";
          case "RUNNING" -> "The run goes on";
          default -> "The run has not succeeded (" + word + ")";
        };
    long failed = ending.tally().count(Counter.FAILED);
    return words
        + String.format(
            Locale.ROOT,
            ": %,d of %,d segments, %,d items scanned, %,d failed, in %s.",
            state.segments().succeeded(),
            state.segments().total(),
            ending.tally().count(Counter.SCANNED),
            failed,
            Figures.time(ending.duration()));
  }

  private Mood mood() {
    if (state.isRunning()) {
      return Mood.PLAIN;
    }
    return ending.status() == RunStatus.SUCCEEDED
            && !state.word().equals("KILLED")
            && ending.tally().count(Counter.FAILED) == 0
            && state.segments().failed() == 0
        ? Mood.GOOD
        : Mood.BAD;
  }

  private Part ran() {
    var facts = new ArrayList<Fact>();
    facts.add(new Fact("run", request.runId()));
    facts.add(new Fact("status", state.word() + (state.isPaused() ? ", paused" : "")));
    facts.add(new Fact("migration", request.migration()));
    facts.add(new Fact("direction and mode", request.direction() + ", " + request.mode()));
    facts.add(new Fact("table", request.tableName()));
    request.source().ifPresent(from -> facts.add(new Fact("source", SourceWords.of(from))));
    request.target().ifPresent(there -> facts.add(new Fact("target", RunTexts.target(there))));
    request.undo().ifPresent(run -> facts.add(new Fact("undoes", run)));
    request
        .retryFailures()
        .ifPresent(run -> facts.add(new Fact("offers again what failed in", run)));
    CanaryTexts.of(state).ifPresent(canary -> facts.add(new Fact("canary", canary)));
    facts.add(new Fact("guard", request.guard().toString()));
    facts.add(new Fact("code", report.ran().digest().map(CodeDigest::shown).orElse("unknown")));
    report.ran().workerVersion().ifPresent(version -> facts.add(new Fact("worker", version)));
    facts.add(new Fact("started", seconds(state.startedAt())));
    facts.add(new Fact("ended", state.endedAt().map(RunPage::seconds).orElse("not yet")));
    facts.add(new Fact("took", Figures.time(ending.duration())));
    facts.add(
        new Fact(
            "segments",
            String.format(
                Locale.ROOT,
                "%,d, at most %,d at once",
                request.totalSegments(),
                state.maxConcurrency())));
    facts.add(new Fact("budget", budget()));
    facts.add(new Fact("before-images", request.keepBeforeImages() ? "kept" : "not kept"));
    state.places().forEach((what, where) -> facts.add(new Fact(what, where, Optional.of(where))));
    state.error().ifPresent(error -> facts.add(new Fact("error", error)));
    return new Part.Facts(facts);
  }

  private String budget() {
    var parts = new ArrayList<String>();
    state
        .readUnitsPerSecond()
        .ifPresent(units -> parts.add(Figures.count(units) + " read units a second"));
    state
        .writeUnitsPerSecond()
        .ifPresent(units -> parts.add(Figures.count(units) + " write units a second"));
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  private Part changes() {
    var changes = state.rate().map(RunRate::changes).orElse(List.of());
    return changes.isEmpty()
        ? new Part.Text("Nobody has paused it or changed how fast it may go.")
        : new Part.Rows(
            "Who changed how fast it may go",
            List.of("when", "what", "who"),
            changes.stream()
                .map(
                    change ->
                        List.of(
                            Cell.text(change.at()),
                            Cell.text(change.what()),
                            Cell.text(change.by())))
                .toList(),
            false);
  }

  private List<Part> tally() {
    var rows = new ArrayList<List<Cell>>();
    for (Counter counter : JsonReport.shown(ending.tally())) {
      rows.add(
          List.of(
              Cell.text(name(counter)),
              Cell.number(Figures.amount(ending.tally().amount(counter)))));
    }
    boolean exactly = ending.status() == RunStatus.SUCCEEDED;
    return List.of(
        new Part.Text(
            exactly
                ? "Exact: the sum over all segments."
                : "As was counted for watching, slice by slice; after a crash it may count a slice twice."),
        new Part.Rows("Tally", List.of("", "count"), rows, false));
  }

  /** For people. */
  private static String name(Counter counter) {
    return Throttles.COUNTERS.contains(counter)
        ? "throttled " + Throttles.words(counter)
        : counter.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private List<Part> segments() {
    var segments = report.course().segments();
    boolean single = segments.stream().allMatch(one -> one.first() == one.last());
    var longest =
        segments.stream().max((a, b) -> Double.compare(a.seconds(), b.seconds())).orElse(null);
    var told =
        String.format(
            Locale.ROOT,
            "%,d of %,d segments have succeeded, %,d failed.%s%s",
            state.segments().succeeded(),
            state.segments().total(),
            state.segments().failed(),
            longest == null || longest.seconds() == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    " The longest took %s: segment %s.",
                    Figures.time(longest.seconds()),
                    name(longest)),
            single ? "" : " Neighbours are counted together, and have the longest time of theirs.");
    return List.of(
        new Part.HeatMap(
            "segment-map",
            "Segments, in the order of their numbers",
            told,
            segments.stream().map(RunPage::thing).toList(),
            List.of(
                new Part.Measure("time", "s"),
                new Part.Measure("items", "items"),
                new Part.Measure("written", "written"),
                new Part.Measure("conflicts", "conflicts"),
                new Part.Measure("failures", "failed"))));
  }

  private static Part.Thing thing(Course.Segments segments) {
    int all = segments.last() - segments.first() + 1;
    boolean isDone = segments.succeeded() == all;
    return new Part.Thing(
        name(segments),
        segments.failed() > 0
            ? all == 1 ? "failed" : segments.failed() + " failed"
            : isDone ? "succeeded" : "not finished",
        segments.failed() > 0 ? Part.Look.FAILED : isDone ? Part.Look.MEASURED : Part.Look.OPEN,
        List.of(
            segments.seconds(),
            (double) segments.items(),
            (double) segments.written(),
            (double) segments.conflicts(),
            (double) segments.failures()));
  }

  private static String name(Course.Segments segments) {
    return segments.first() == segments.last()
        ? String.valueOf(segments.first())
        : segments.first() + " to " + segments.last();
  }

  private List<Part> failures() {
    var parts = new ArrayList<Part>();
    if (report.failures().isEmpty()
        && report.failedSegments().isEmpty()
        && report.failedActions().isEmpty()) {
      return List.of(new Part.Text("There are none."));
    }
    if (!report.failures().isEmpty()) {
      parts.add(
          new Part.Rows(
              "Items and actions that failed, by the latest word about each",
              List.of("error", "how many"),
              report.failures().entrySet().stream()
                  .map(
                      one ->
                          List.of(
                              Cell.text(one.getKey()), Cell.number(Figures.count(one.getValue()))))
                  .toList(),
              false));
      parts.add(
          new Part.Text(
              "Their records, with what they hold, are under " + report.resultsLocation() + "."));
      parts.addAll(items());
    }
    if (!report.failedSegments().isEmpty()) {
      parts.add(
          new Part.Rows(
              "Segments that failed or were stopped" + told(report.failedSegments().size()),
              List.of("segment", "error", "why"),
              report.failedSegments().stream()
                  .limit(MOST_TOLD)
                  .map(
                      segment ->
                          List.of(
                              Cell.text(String.valueOf(segment.segment())),
                              Cell.text(segment.error()),
                              Cell.text(segment.cause())))
                  .toList(),
              false));
    }
    if (!report.failedActions().isEmpty()) {
      parts.add(
          new Part.Rows(
              "Files of deferred actions of which not all could be carried out"
                  + told(report.failedActions().size()),
              List.of("file", "error", "why"),
              report.failedActions().stream()
                  .limit(MOST_TOLD)
                  .map(
                      file ->
                          List.of(
                              Cell.text(file.file()),
                              Cell.text(file.error()),
                              Cell.text(file.cause())))
                  .toList(),
              false));
    }
    return parts;
  }

  private static String told(int all) {
    return all > MOST_TOLD
        ? String.format(
            Locale.ROOT, ": %,d of %,d; 'godwit report --output json' has all", MOST_TOLD, all)
        : "";
  }

  private List<Part> items() {
    if (extras.failedItems().isEmpty()) {
      return List.of(
          new Part.Text(
              "What they hold is not on this page: 'godwit report --with-items' shows some."));
    }
    var parts = new ArrayList<Part>();
    for (FailedItem item : extras.failedItems().get()) {
      parts.add(new Part.Text(item.error() + ": " + item.message()));
      parts.add(new Part.Verbatim(indented(item.json())));
    }
    return parts;
  }

  private static String indented(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      return node.toPrettyString();
    } catch (IOException e) {
      return json;
    }
  }

  private List<Part> forecast() {
    return extras
        .forecast()
        .map(forecast -> forecast.parts(request, ending))
        .orElseGet(
            () ->
                List.of(
                    new Part.Text(
                        "There is no plan of this run. 'godwit run --require-plan' keeps one beside the results; 'godwit report --plan FILE' takes what 'godwit plan --output json' has printed.")));
  }

  private List<Part> next() {
    var sentences = new ArrayList<String>();
    state.advice().ifPresent(sentences::add);
    EndingRemarks.stillToDo(request, ending)
        .ifPresent(what -> sentences.add("Still to do: " + what + "."));
    Throttles.advice(ending.tally()).forEach(sentences::add);
    if (sentences.isEmpty()) {
      sentences.add(
          state.isRunning()
              ? "It goes on: 'godwit watch " + request.runId() + "' follows it."
              : ending.status() == RunStatus.SUCCEEDED
                  ? "Nothing: the run has done all that it was asked for."
                  : "'godwit status " + request.runId() + "' says how it stands.");
    }
    return sentences.stream().<Part>map(Part.Text::new).toList();
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
