package dev.godwit.run.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExportedPartTest {
  private static String key(int segment, int retry, String from, String to) {
    return String.format(
        "runs/r/export/segment-%05d/0000-000000000000000-1700000000000-%04d-%s-%s.jsonl.gz",
        segment, retry, from, to);
  }

  @Test
  void whole_triesThatOverlap_isOneWayThroughEachSegment() {
    var first = key(0, 0, "start", "a1");
    var deadEnd = key(0, 0, "a1", "b2");
    var other = key(0, 1, "a1", "c3");
    var last = key(0, 1, "c3", "end");
    var single = key(1, 0, "start", "end");

    assertThat(
            ExportedPart.whole(
                List.of(last, deadEnd, single, first, other, "runs/r/export/x"), "r", 2))
        .containsExactly(first, other, last, single);
  }

  @Test
  void whole_aGapOrASegmentWithoutFiles_isRefusedAndNamed() {
    var first = key(0, 0, "start", "a1");
    var last = key(0, 0, "b2", "end");

    assertThatThrownBy(() -> ExportedPart.whole(List.of(first, last), "r", 1))
        .hasMessageContaining("runs/r/export/segment-00000");
    assertThatThrownBy(() -> ExportedPart.whole(List.of(key(0, 0, "start", "end")), "r", 2))
        .hasMessageContaining("segment-00001");
  }
}
