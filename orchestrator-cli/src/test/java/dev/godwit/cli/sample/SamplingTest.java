package dev.godwit.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {
  @ParameterizedTest
  @CsvSource({
    // items looked at, of the table, segments read, of all, items of one at most
    "1000, 100000, 200, 20000, 100",
    "1000, 5000000, 200, 1000000, 100",
    "1000, 1000000000, 100, 1000000, 10",
    "50000, 1000000000, 5000, 1000000, 10",
    "1, 1000, 2, 200, 100"
  })
  void of_itemsOfATable_readsManySmallSegments(
      long items, long table, int segments, int total, long each) {
    var sampling = Sampling.of(items, table, new Random(1));

    assertThat(sampling.segments()).hasSize(segments);
    assertThat(new HashSet<>(sampling.segments())).hasSize(segments);
    assertThat(sampling.segments()).allMatch(segment -> segment >= 0 && segment < total);
    assertThat(sampling.totalSegments()).isEqualTo(total);
    assertThat(sampling.itemsASegment()).isEqualTo(each);
    assertThat(sampling.isWhole()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1000, 1000, 1", "1000, 0, 1", "1000000, 50000, 50"})
  void of_noMoreItemsThanWanted_readsAllSegments(long items, long table, int total) {
    var sampling = Sampling.of(items, table, new Random(1));

    assertThat(sampling.isWhole()).isTrue();
    assertThat(sampling.totalSegments()).isEqualTo(total);
    assertThat(sampling.segments()).hasSize(total).doesNotHaveDuplicates();
  }

  @Test
  void of_anotherSeed_readsOthers() {
    assertThat(Sampling.of(100, 10_000, new Random(1)).segments())
        .isEqualTo(Sampling.of(100, 10_000, new Random(1)).segments())
        .isNotEqualTo(Sampling.of(100, 10_000, new Random(2)).segments());
  }
}
