package dev.godwit.run.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T09:30:00Z");

  @Test
  void sum_aYearOfPages_keepsFewSpansAndLosesNoCount() {
    var random = new Random(5);
    var sum = new Timeline.Sum(Timeline.MOST_OF_A_SEGMENT);
    var all = Tally.ZERO;
    var at = BEGIN;
    for (int page = 0; page < 20_000; page++) {
      var counted =
          Tally.of(Counter.SCANNED, random.nextInt(1_000)).plus(Counter.WRITE_UNITS, page * 0.5);
      all = all.plus(counted);
      sum.add(at, counted);
      at = at.plusSeconds(random.nextInt(3_000));
    }

    var timeline = sum.total();

    assertThat(timeline.total()).isEqualTo(all);
    assertThat(timeline.spans()).hasSizeBetween(8, Timeline.MOST_OF_A_SEGMENT);
    assertThat(timeline.beginOf(timeline.spans().keySet().iterator().next()))
        .isBetween(BEGIN.minusSeconds(timeline.seconds()), BEGIN);
  }

  @Test
  void sum_timelinesOfDifferentSpans_areAsLongAsTheLongest() {
    var sum = new Timeline.Sum(100);
    sum.add(new Timeline(1, Map.of(5L, scanned(1), 6L, scanned(2), 9L, scanned(4))));
    sum.add(new Timeline(4, Map.of(1L, scanned(10), 3L, scanned(20))));
    sum.add(new Timeline(2, Map.of(3L, scanned(100))));

    assertThat(sum.total())
        .isEqualTo(new Timeline(4, Map.of(1L, scanned(113), 2L, scanned(4), 3L, scanned(20))));
  }

  @Test
  void sum_twoMomentsOfOneSecond_areOneSpan() {
    var sum = new Timeline.Sum(10);
    sum.add(BEGIN, scanned(1));
    sum.add(BEGIN.plusMillis(999), scanned(2));
    sum.add(BEGIN.plusMillis(1_000), scanned(4));

    assertThat(sum.total().spans().values()).containsExactly(scanned(3), scanned(4));
  }

  @Test
  void sum_nothingThatIsKept_hasNoSpan() {
    var sum = new Timeline.Sum(10);
    sum.add(BEGIN, Tally.of(Counter.GROWTH_BYTES, 5));

    assertThat(sum.total()).isEqualTo(Timeline.EMPTY);
  }

  @Test
  void timelineJson_writtenAndRead_isTheSame() {
    var timeline =
        new Timeline(
            8,
            Map.of(
                3L,
                scanned(7).plus(Counter.READ_UNITS, 0.5),
                9L,
                Tally.of(Counter.INDEX_THROTTLES, 2)));

    assertThat(TimelineJson.read(TimelineJson.write(timeline))).isEqualTo(timeline);
  }

  @Test
  void timelineJson_asLongAsTheyGet_isSmallBesideWhatAnAnswerMayHold() {
    var sum = new Timeline.Sum(Timeline.MOST_OF_A_SEGMENT);
    for (int span = 0; span < Timeline.MOST_OF_A_SEGMENT; span++) {
      var every = new EnumMap<Counter, Double>(Counter.class);
      Timeline.KEPT.forEach(counter -> every.put(counter, 1_234_567.5));
      sum.add(BEGIN.plusSeconds(span), new Tally(every));
    }

    var text = TimelineJson.write(sum.total()).toString().getBytes(StandardCharsets.UTF_8);

    assertThat(text.length).isLessThan(8 * 1_024);
  }

  @Test
  void timelineJson_noTimeline_isRefused() throws IOException {
    var json = new ObjectMapper();

    for (String text : new String[] {"[]", "{}", "{\"seconds\":3,\"spans\":[]}"}) {
      var node = json.readTree(text);
      assertThatThrownBy(() -> TimelineJson.read(node))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("timeline");
    }
  }

  private static Tally scanned(int items) {
    return Tally.of(Counter.SCANNED, items);
  }
}
