package dev.godwit.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.ledger.Slowdown;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

  @Test
  void reading_half_saysFiguresAndWhatRemains() {
    var progress = new RunProgress(64, 100_000, nanos::get);
    progress.pageDone(page(30_000));
    progress.pageDone(page(20_000));
    progress.segmentsAre(new SegmentCounts(64, 11, 1));
    pass(Duration.ofSeconds(100));
    assertThat(progress.reading())
        .isEqualTo(
            new Reading(
                500, "12/64 segments, 500 items/s, 100 writes, 4 conflicts, 2 failures, ETA 1:40"));
  }

  @Test
  void reading_withACanary_saysHowFarThatIs() {
    var progress = new RunProgress(64, 0, nanos::get);
    progress.beginsWith(2);
    assertThat(progress.reading().text()).startsWith("0/64 segments (first a canary of 2), ");
    assertThat(progress.picture("Migrating", 80).get(1)).contains("64 segments (first a canary of");

    progress.segmentsAre(new SegmentCounts(64, 2, 0, 0));
    assertThat(progress.reading().text()).contains("segments (at the gate behind the canary of 2)");

    progress.segmentsAre(new SegmentCounts(64, 2, 0, 4));
    assertThat(progress.reading().text()).startsWith("2/64 segments, ");
  }

  @Test
  void reading_itemsASecond_areThoseOfTheLastMinute() {
    var progress = new RunProgress(64, 0, nanos::get);
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(10));
      progress.pageDone(page(10_000));
      progress.reading();
    }
    assertThat(progress.reading().text()).contains(" 1,000 items/s");

    for (int i = 0; i < 8; i++) {
      pass(Duration.ofSeconds(10));
      progress.reading();
    }
    assertThat(progress.reading().text()).contains(" 0 items/s");
  }

  @Test
  void reading_budgetPauseAndThrottles_areTold() {
    var progress = new RunProgress(64, 0, nanos::get);
    progress.rateIs(WriteRate.of(OptionalInt.of(1_450), false));
    assertThat(progress.reading().text()).contains("0 items/s (at most 1,450 write units/s), 0");

    progress.rateIs(
        new WriteRate(
            OptionalInt.of(1_450), OptionalInt.of(300), Optional.of(Slowdown.Limit.INDEX), false));
    assertThat(progress.reading().text())
        .contains("0 items/s (300 of 1,450 write units/s: an index takes no more), 0");

    progress.rateIs(WriteRate.of(OptionalInt.of(1_450), true));
    progress.pageDone(Tally.of(Counter.PARTITION_THROTTLES, 3).plus(Counter.THROTTLES, 4));
    assertThat(progress.reading().text())
        .contains("0 items/s (paused), 0")
        .endsWith(", throttled 3 for one partition, 4 without a reason");
  }

  @Test
  void picture_onATerminal_hasALineForEachThing() {
    var progress = new RunProgress(64, 100_000, nanos::get);
    progress.pageDone(page(50_000));
    progress.pageDone(Tally.of(Counter.PARTITION_THROTTLES, 3));
    progress.segmentsAre(new SegmentCounts(64, 20, 1, 10));
    progress.rateIs(
        new WriteRate(
            OptionalInt.of(1_450), OptionalInt.of(300), Optional.of(Slowdown.Limit.TABLE), false));
    pass(Duration.ofSeconds(50));
    assertThat(progress.picture("Watching", 50))
        .containsExactly(
            "Watching [##########!=====................] 50 %",
            "  64 segments: 20 done, 1 failed, 10 running, 33 waiting",
            "  1,000 items/s, 300 of 1,450 write units/s: the table takes no more",
            "  50,000 items, 50 writes, 2 conflicts, 1 failures",
            "  throttled 3 for one partition",
            "  ETA 0:50, from the last minute and the items left, which DynamoDB counts every 6 hours");
  }

  @Test
  void forecast_bySegments_saysSo_andThereIsNoneWhileItWaits() {
    var progress = new RunProgress(4, 0, nanos::get);
    progress.segmentsAre(new SegmentCounts(4, 1, 0, 1));
    pass(Duration.ofSeconds(10));
    assertThat(progress.forecast())
        .contains(new Forecast(Duration.ofSeconds(30), Forecast.Basis.SEGMENTS));
    progress.rateIs(WriteRate.of(OptionalInt.empty(), true));
    assertThat(progress.forecast()).isEmpty();
    assertThat(progress.picture("W", 80)).contains("  0 items/s, paused");
  }

  @Test
  void forecast_byItems_goesByTheSpeedOfTheLastMinute() {
    var progress = new RunProgress(64, 1_000_000, nanos::get);
    progress.pageDone(page(500_000));
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(10));
      progress.pageDone(page(100));
      progress.reading();
    }
    assertThat(progress.forecast().orElseThrow().left()).isEqualTo(Duration.ofMinutes(830));
  }

  @Test
  void reading_longRuns_sayHours() {
    var progress = new RunProgress(10, 100, nanos::get);
    progress.pageDone(page(10));
    pass(Duration.ofMinutes(20));
    assertThat(progress.reading().text()).endsWith(", ETA 3:00:00");
  }

  @Test
  void reading_itemsUnknownOrMoreThanThought_goesBySegments() {
    var unknown = new RunProgress(4, 0, nanos::get);
    unknown.segmentsAre(new SegmentCounts(4, 1, 0));
    pass(Duration.ofSeconds(1));
    assertThat(unknown.reading().permille()).isEqualTo(250);

    var grown = new RunProgress(4, 10, nanos::get);
    grown.pageDone(page(11));
    grown.segmentsAre(new SegmentCounts(4, 2, 0));
    pass(Duration.ofSeconds(1));
    assertThat(grown.reading().permille()).isEqualTo(500);
  }

  @Test
  void reading_allItemsButNotAllSegments_isNotWhole() {
    var progress = new RunProgress(4, 10, nanos::get);
    progress.pageDone(page(10));
    progress.segmentsAre(new SegmentCounts(4, 3, 0));
    assertThat(progress.reading().permille()).isEqualTo(999);
    progress.segmentsAre(new SegmentCounts(4, 3, 1));
    assertThat(progress.reading().permille()).isEqualTo(1000);
  }

  @Test
  void reading_atTheStart_guessesNoEnd() {
    assertThat(new RunProgress(4, 10, nanos::get).reading())
        .isEqualTo(new Reading(0, "0/4 segments, 0 items/s, 0 writes, 0 conflicts, 0 failures"));
  }

  @Test
  void reading_tableFailsForTenSeconds_saysWhatItAnswersAndForHowLong() {
    var progress = new RunProgress(4, 10, nanos::get);
    progress.tableFails("answers HTTP 503 (ServiceUnavailable)");
    pass(Duration.ofSeconds(9));
    progress.tableFails("answers HTTP 500 (\u001b[2J)");
    assertThat(progress.reading().text()).endsWith("0 failures");

    pass(Duration.ofSeconds(1));
    assertThat(progress.reading().text())
        .endsWith("0 failures; DynamoDB answers HTTP 500 (\\u001b[2J), for 10 s now");
    pass(Duration.ofMinutes(20));
    assertThat(progress.reading().text()).endsWith(", for 1,210 s now");

    progress.tableAnswers();
    assertThat(progress.reading().text()).endsWith("0 failures");
    progress.tableFails("throttles every write");
    pass(Duration.ofSeconds(9));
    assertThat(progress.reading().text()).as("begins anew").endsWith("0 failures");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static Tally page(int scanned) {
    return Tally.of(Counter.SCANNED, scanned)
        .plus(Counter.UPDATED, 40)
        .plus(Counter.DELETED, 10)
        .plus(Counter.CONFLICTS, 2)
        .plus(Counter.FAILED, 1);
  }
}
