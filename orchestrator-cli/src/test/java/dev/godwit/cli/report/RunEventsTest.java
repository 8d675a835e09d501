package dev.godwit.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.ledger.Slowdown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static final RunRequest REQUEST =
      RunRequestJson.read(
          """
          {"version": 1, "runId": "r", "tableName": "Tasks", "migration": "20261120-m",
           "direction": "up", "mode": "apply", "totalSegments": 4, "maxConcurrency": 2,
           "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
           "toleratedFailurePercentage": 0, "writeUnitsPerSecond": 1000, "parameters": {}}""");

  private final AtomicLong nanos = new AtomicLong();
  private final RunProgress progress = RunProgress.joining(4, 1_000, nanos::get);
  private final List<String> lines = new ArrayList<>();
  private final RunEvents events = new RunEvents(progress, () -> NOW, lines::add);

  @Test
  void stateIs_theFirst_tellsAllOfIt() {
    look(state(new SegmentCounts(4, 1, 0, 2), scanned(100), RunRate.AS_ASKED));
    assertThat(lines)
        .containsExactly(
            "{\"event\":\"watching\",\"at\":\"2026-11-20T12:00:00Z\",\"runId\":\"r\",\"tableName\":\"Tasks\",\"migration\":\"20261120-m\",\"direction\":\"up\",\"mode\":\"apply\",\"startedAt\":\"2026-11-20T11:00:00Z\",\"places\":{\"execution\":\"https://there\"}}",
            "{\"event\":\"state\",\"at\":\"2026-11-20T12:00:00Z\",\"state\":\"RUNNING\"}",
            "{\"event\":\"rate\",\"at\":\"2026-11-20T12:00:00Z\",\"writeUnitsPerSecond\":1000,\"maxConcurrency\":2,\"paused\":false,\"changes\":[]}",
            "{\"event\":\"progress\",\"at\":\"2026-11-20T12:00:00Z\",\"segments\":{\"total\":4,\"succeeded\":1,\"failed\":0,\"running\":2,\"waiting\":1},\"counted\":{\"scanned\":100,\"kept\":0,\"updated\":0,\"deleted\":0,\"conflicts\":0,\"failed\":0,\"readUnits\":0.0,\"writeUnits\":0.0},\"itemsPerSecond\":0}");
  }

  @Test
  void stateIs_theSameAgain_tellsNothing() {
    var state = state(new SegmentCounts(4, 1, 0, 2), scanned(100), RunRate.AS_ASKED);
    look(state);
    lines.clear();
    look(state);
    assertThat(lines).isEmpty();
  }

  @Test
  void stateIs_progress_tellsSpeedAndEnd() {
    look(state(new SegmentCounts(4, 1, 0, 2), scanned(100), RunRate.AS_ASKED));
    lines.clear();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    look(state(new SegmentCounts(4, 1, 0, 2), scanned(300), RunRate.AS_ASKED));
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .contains("\"scanned\":300")
        .endsWith("\"itemsPerSecond\":20,\"secondsLeft\":35,\"secondsLeftFrom\":\"items\"}");
  }

  @Test
  void stateIs_pausedByAna_tellsStateAndWho() {
    var counts = new SegmentCounts(4, 1, 0, 2);
    look(state(counts, scanned(100), RunRate.AS_ASKED));
    lines.clear();
    var change =
        new RunRate.Change(
            "paused", "ana@here", "2026-11-20T11:59:00Z", RunRate.AS_ASKED.budgets());
    look(state(counts, scanned(100), rate(true, List.of(change), Optional.empty())));
    assertThat(lines)
        .containsExactly(
            "{\"event\":\"state\",\"at\":\"2026-11-20T12:00:00Z\",\"state\":\"PAUSED\"}",
            "{\"event\":\"rate\",\"at\":\"2026-11-20T12:00:00Z\",\"writeUnitsPerSecond\":1000,\"maxConcurrency\":2,\"paused\":true,\"changes\":[{\"change\":\"paused\",\"by\":\"ana@here\",\"at\":\"2026-11-20T11:59:00Z\"}]}");
    lines.clear();
    var back =
        new RunRate.Change(
            "resumed", "bo@there", "2026-11-20T12:00:00Z", RunRate.AS_ASKED.budgets());
    look(state(counts, scanned(100), rate(false, List.of(change, back), Optional.empty())));
    assertThat(lines.get(0)).endsWith("\"state\":\"RUNNING\"}");
    assertThat(lines.get(1)).contains("bo@there").doesNotContain("ana@here");
  }

  @Test
  void stateIs_throttled_tellsHowOftenMoreAndWhatItIsSlowedTo() {
    var counts = new SegmentCounts(4, 1, 0, 2);
    look(state(counts, Tally.of(Counter.INDEX_THROTTLES, 5), RunRate.AS_ASKED));
    lines.clear();
    var slowed =
        new RunRate.Slowed(
            new Slowdown(1, OptionalDouble.of(400), Optional.of(Slowdown.Limit.INDEX)), NOW);
    look(
        state(
            counts,
            Tally.of(Counter.INDEX_THROTTLES, 12),
            rate(false, List.of(), Optional.of(slowed))));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"slowedTo\":400,\"slowedBy\":\"index\"");
    assertThat(lines.get(2))
        .isEqualTo(
            "{\"event\":\"throttled\",\"at\":\"2026-11-20T12:00:00Z\",\"indexThrottles\":7}");
  }

  @Test
  void over_killedLeftOrEnded_saysWhich() {
    var state = state(new SegmentCounts(4, 1, 0, 2), scanned(100), RunRate.AS_ASKED);
    look(state);
    events.over(state.ending());
    assertThat(last()).startsWith("{\"event\":\"left\",").contains("\"status\":\"RUNNING\"");

    events.stateIs(as(state, RunStatus.RUNNING, true));
    events.over(as(state, RunStatus.RUNNING, true).ending());
    assertThat(last()).startsWith("{\"event\":\"ended\",").contains("\"status\":\"KILLED\"");

    events.stateIs(as(state, RunStatus.FAILED, false));
    events.over(as(state, RunStatus.FAILED, false).ending());
    assertThat(last()).startsWith("{\"event\":\"ended\",").contains("\"status\":\"FAILED\"");
  }

  @Test
  void unanswered_isTold() {
    events.unanswered("AWS did not answer");
    assertThat(last())
        .isEqualTo(
            "{\"event\":\"unanswered\",\"at\":\"2026-11-20T12:00:00Z\",\"why\":\"AWS did not answer\"}");
  }

  private String last() {
    return lines.get(lines.size() - 1);
  }

  private Tally seen = Tally.ZERO;

  private void look(RunState state) {
    progress.pageDone(
        Tally.of(
            Counter.SCANNED,
            state.counted().amount(Counter.SCANNED) - seen.amount(Counter.SCANNED)));
    seen = state.counted();
    progress.segmentsAre(state.segments());
    events.stateIs(state);
  }

  private static Tally scanned(int items) {
    return Tally.of(Counter.SCANNED, items);
  }

  private static RunRate rate(
      boolean paused, List<RunRate.Change> changes, Optional<RunRate.Slowed> slowed) {
    return new RunRate(
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        paused,
        Optional.empty(),
        changes.size(),
        changes,
        Optional.empty(),
        slowed);
  }

  private static RunState state(SegmentCounts segments, Tally counted, RunRate rate) {
    return new RunState(
        REQUEST,
        RunStatus.RUNNING,
        false,
        NOW.minusSeconds(3600),
        Optional.empty(),
        segments,
        counted,
        Optional.empty(),
        Map.of("execution", "https://there"),
        Optional.empty(),
        Optional.of(rate),
        Optional.empty());
  }

  private static RunState as(RunState state, RunStatus status, boolean killed) {
    return new RunState(
        REQUEST,
        status,
        killed,
        state.startedAt(),
        Optional.empty(),
        state.segments(),
        state.counted(),
        Optional.empty(),
        state.places(),
        Optional.empty(),
        state.rate(),
        Optional.empty());
  }
}
