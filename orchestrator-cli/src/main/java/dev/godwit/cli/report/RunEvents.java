package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.Throttles;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a run that is watched, as JSON objects, one for each thing that happens. Their
 * names and fields are told in {@code docs/runs.md}, and stay; there may come more.
 */
public final class RunEvents implements RunObserver {
  private final RunProgress progress;
  private final Supplier<Instant> clock;
  private final Consumer<String> line;
  private @Nullable RunState last;
  private @Nullable Rate rate;
  private int changesTold;

  /** What may be changed of a run while it goes on. */
  private record Rate(
      Optional<Integer> readUnitsPerSecond,
      Optional<Integer> writeUnitsPerSecond,
      int maxConcurrency,
      boolean paused,
      Optional<String> slowedBy) {}

  /**
   * @param progress adds up what is observed here
   * @param line takes each object, on one line
   */
  public RunEvents(RunProgress progress, Supplier<Instant> clock, Consumer<String> line) {
    this.progress = progress;
    this.clock = clock;
    this.line = line;
  }

  @Override
  public void pageDone(Tally page) {}

  @Override
  public void segmentsAre(SegmentCounts counts) {}

  @Override
  public void unanswered(String why) {
    tell(event("unanswered").put("why", why));
  }

  @Override
  public void stateIs(RunState state) {
    var before = last;
    last = state;
    if (before == null) {
      watching(state);
    } else if (!before.places().equals(state.places())) {
      var json = event("places");
      JsonReport.places(json, state.places());
      tell(json);
    }
    if (before == null || !word(before).equals(word(state))) {
      tell(event("state").put("state", word(state)));
    }
    rate(state);
    if (before == null
        || !before.segments().equals(state.segments())
        || !before.counted().equals(state.counted())) {
      progress(state);
    }
    throttled(before == null ? Tally.ZERO : before.counted(), state.counted());
  }

  private void watching(RunState state) {
    var request = state.request();
    var json =
        event("watching")
            .put("runId", request.runId())
            .put("tableName", request.tableName())
            .put("migration", request.migration())
            .put("direction", request.direction().toString())
            .put("mode", request.mode().toString())
            .put("startedAt", state.startedAt().toString());
    JsonReport.places(json, state.places());
    tell(json);
  }

  private static String word(RunState state) {
    return state.isPaused() ? "PAUSED" : state.word();
  }

  private void rate(RunState state) {
    WriteRate writes = state.writeRate(clock.get());
    var now =
        new Rate(
            state.readUnitsPerSecond().stream().boxed().findFirst(),
            state.writeUnitsPerSecond().stream().boxed().findFirst(),
            state.maxConcurrency(),
            state.isPaused(),
            writes.slowedTo().isEmpty()
                ? Optional.empty()
                : writes.slowedBy().map(limit -> limit.word()).or(() -> Optional.of("unknown")));
    if (now.equals(rate)) {
      return;
    }
    rate = now;
    var json = event("rate");
    now.readUnitsPerSecond.ifPresent(units -> json.put("readUnitsPerSecond", units));
    now.writeUnitsPerSecond.ifPresent(units -> json.put("writeUnitsPerSecond", units));
    json.put("maxConcurrency", now.maxConcurrency).put("paused", now.paused);
    writes.slowedTo().ifPresent(units -> json.put("slowedTo", units));
    now.slowedBy.ifPresent(limit -> json.put("slowedBy", limit));
    var changes = json.putArray("changes");
    List<RunRate.Change> all = state.rate().map(RunRate::changes).orElse(List.of());
    all.subList(Math.min(changesTold, all.size()), all.size())
        .forEach(
            change ->
                changes
                    .addObject()
                    .put("change", change.what())
                    .put("by", change.by())
                    .put("at", change.at()));
    changesTold = all.size();
    tell(json);
  }

  private void progress(RunState state) {
    var json = event("progress");
    segments(json, state.segments());
    CanaryTexts.write(json, state);
    JsonReport.tally(json.putObject("counted"), state.counted());
    json.put("itemsPerSecond", progress.itemsPerSecond());
    progress
        .forecast()
        .ifPresent(
            end ->
                json.put("secondsLeft", end.left().toSeconds())
                    .put("secondsLeftFrom", end.basis().word()));
    tell(json);
  }

  private static void segments(ObjectNode json, SegmentCounts segments) {
    json.putObject("segments")
        .put("total", segments.total())
        .put("succeeded", segments.succeeded())
        .put("failed", segments.failed())
        .put("running", segments.running())
        .put("waiting", segments.waiting());
  }

  private void throttled(Tally before, Tally now) {
    var json = event("throttled");
    boolean any = false;
    for (Counter counter : Throttles.COUNTERS) {
      long more = now.count(counter) - before.count(counter);
      if (more > 0) {
        json.put(counter.field(), more);
        any = true;
      }
    }
    if (any) {
      tell(json);
    }
  }

  /** The watch is over: the run has ended, or goes on by itself. */
  public void over(RunEnding ending) {
    boolean killed = last != null && last.killed();
    var json =
        event(ending.status() == RunStatus.RUNNING && !killed ? "left" : "ended")
            .setAll(JsonReport.node(ending));
    if (killed) {
      ((ObjectNode) json).put("status", "KILLED");
    }
    tell((ObjectNode) json);
  }

  private ObjectNode event(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("event", name)
        .put("at", clock.get().toString());
  }

  private void tell(ObjectNode json) {
    line.accept(JsonReport.text(json));
  }
}
