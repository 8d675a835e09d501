package dev.godwit.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClusteredTest {
  private static Drawn drawn(Clustered seen, double[][] segments, long ofTable) {
    long items = 0;
    double squares = 0;
    for (double[] segment : segments) {
      for (double value : segment) {
        seen.add(value);
      }
      seen.endSegment(segment.length);
      items += segment.length;
      squares += (double) segment.length * segment.length;
    }
    return new Drawn(items, segments.length, items, squares, ofTable, items == ofTable);
  }

  private static double[][] segments(
      int count, int items, java.util.function.IntUnaryOperator value) {
    var segments = new double[count][items];
    for (int i = 0; i < count * items; i++) {
      segments[i / items][i % items] = value.applyAsInt(i);
    }
    return segments;
  }

  @Test
  void mean_ofAllItems_isExact() {
    var seen = Clustered.ofUnits();

    var mean = seen.mean(drawn(seen, new double[][] {{0, 1, 1}, {0}}, 4));

    assertThat(mean).isEqualTo(Interval.exactly(0.5));
  }

  @Test
  void mean_ofAShareThatNoItemHas_isBoundedAllTheSame() {
    var seen = Clustered.ofUnits();

    var mean = seen.mean(drawn(seen, segments(100, 5, i -> 0), 1_000_000));

    assertThat(mean.low()).isZero();
    assertThat(mean.estimate()).isZero();
    // 1 - 0.0125^(1/500): Clopper and Pearson's, of none in 500
    assertThat(mean.high()).isCloseTo(1 - Math.pow(0.0125, 1 / 500.0), within(1e-5));
  }

  @Test
  void mean_ofItemsAlikeInEachSegment_countsSegmentsNotItems() {
    var alike = Clustered.ofUnits();
    var mixed = Clustered.ofUnits();

    var ofAlike = alike.mean(drawn(alike, segments(40, 10, i -> i / 10 % 2), 1_000_000));
    var ofMixed = mixed.mean(drawn(mixed, segments(40, 10, i -> i % 2), 1_000_000));

    assertThat(ofAlike.estimate()).isEqualTo(ofMixed.estimate()).isEqualTo(0.5);
    assertThat(ofAlike.high() - ofAlike.low())
        .isGreaterThan(2.5 * (ofMixed.high() - ofMixed.low()));
  }

  @Test
  void mean_ofMoreOfTheTable_isSurer() {
    var little = Clustered.ofUnits();
    var much = Clustered.ofUnits();
    var segments = segments(100, 5, i -> i % 3 == 0 ? 1 : 0);

    var ofLittle = little.mean(drawn(little, segments, 1_000_000));
    var ofMuch = much.mean(drawn(much, segments, 505));

    assertThat(ofMuch.high() - ofMuch.low()).isLessThan(0.2 * (ofLittle.high() - ofLittle.low()));
  }
}
