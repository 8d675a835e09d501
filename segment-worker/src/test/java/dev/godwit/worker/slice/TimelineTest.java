package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Change;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.Timeline;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.SliceDeadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A segment says when it has counted what. */
class TimelineTest extends SliceFixture {
  @Test
  void run_slicesOfASegment_tellWhenTheyHaveCountedAllOfItsTally() {
    fill(100);
    var timer = new FakeTimer();
    var worker =
        TestWorker.inOneThread(
            TestMigration.up(
                (item, context) -> {
                  timer.sleep(Duration.ofMillis(200));
                  return item.number("n").intValue() % 2 == 0
                      ? Change.keep()
                      : Change.replace(item.with("marked", true));
                }),
            new SmallPages(database(), 10),
            records(),
            timer);

    var result = worker.run(slice().request(), seconds(5, timer));
    int slices = 1;
    for (; result.cursor().isPresent(); slices++) {
      result = worker.run(slice().after(result).request(), seconds(5, timer));
    }

    assertThat(slices).as("slices").isGreaterThan(1);
    assertThat(result.timeline().total()).isEqualTo(kept(result.segmentTally()));
    assertThat(result.segmentTally().count(Counter.SCANNED)).isEqualTo(100);
    assertThat(result.timeline().spans()).hasSizeGreaterThan(2);
    assertThat(result.timeline().beginOf(result.timeline().spans().keySet().iterator().next()))
        .as("by the clock that the worker was given")
        .isBetween(TestWorker.BEGIN, TestWorker.BEGIN.plusSeconds(5));
  }

  private static Deadline seconds(int seconds, FakeTimer timer) {
    return new SliceDeadline(Duration.ofSeconds(seconds), timer::nanos, () -> Long.MAX_VALUE);
  }

  private static Tally kept(Tally tally) {
    var kept = Tally.ZERO;
    for (Counter counter : Timeline.KEPT) {
      kept = kept.plus(counter, tally.amount(counter));
    }
    return kept;
  }
}
