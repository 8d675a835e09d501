package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentsAtOnceTest {
  private static final OptionalInt NONE = OptionalInt.empty();

  @ParameterizedTest
  @CsvSource({"1, 4", "300, 4", "1000, 4", "1001, 8", "40000, 160", "249000, 996", "5000000, 1000"})
  void of_writeBudget_isFourTimesWhatItKeepsBusy(int units, int atOnce) {
    assertThat(SegmentsAtOnce.of(NONE, OptionalInt.of(units), 1_000).number()).isEqualTo(atOnce);
  }

  @Test
  void of_bothBudgets_isEnoughForEither() {
    var atOnce = SegmentsAtOnce.of(OptionalInt.of(20_000), OptionalInt.of(4_000), 1_000);
    assertThat(atOnce.number()).isEqualTo(80);
    assertThat(atOnce.why().orElseThrow())
        .isEqualTo(
            "the budget of 20,000 read units a second keeps 20 busy, and more would only wait");
  }

  @Test
  void of_noBudget_isAsManyAsThePlaceTakes() {
    assertThat(SegmentsAtOnce.of(NONE, NONE, 8)).extracting("number").isEqualTo(8);
    assertThat(SegmentsAtOnce.of(NONE, NONE, 8).why()).isEmpty();
  }

  @Test
  void of_budgetForMoreThanThePlaceTakes_saysNothing() {
    var atOnce = SegmentsAtOnce.of(NONE, OptionalInt.of(40_000), 8);
    assertThat(atOnce.number()).isEqualTo(8);
    assertThat(atOnce.why()).isEmpty();
  }
}
