package dev.godwit.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PageLimitTest {
  private static final Duration SLICE = Duration.ofSeconds(80);

  @Test
  void next_withoutAnyNeed_isWhatMemoryHolds() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.empty(), OptionalDouble.empty());
    assertThat(limit.next()).hasValue(PageLimit.MOST);

    limit.learn(page(1000, 1000, 50), 1000, Duration.ofSeconds(1));

    assertThat(limit.next()).hasValue(PageLimit.MOST);
  }

  @Test
  void next_afterAPageThatTookTooLong_isSoMuchLess() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.empty(), OptionalDouble.empty());

    limit.learn(page(1000, 1000, 50), 1000, Duration.ofSeconds(40));
    assertThat(limit.next()).as("a page may take 10 s of 80").hasValue(250);

    limit.learn(page(250, 250, 12.5), 250, Duration.ofSeconds(5));
    assertThat(limit.next()).as("it got quicker").hasValue(500);
  }

  @Test
  void next_afterAPageThatWasCutShort_reckonsWithWhatWasDone() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.empty(), OptionalDouble.empty());

    limit.learn(page(1000, 1000, 50), 100, Duration.ofSeconds(40));

    assertThat(limit.next()).as("a page may take 10 s of 80").hasValue(25);
  }

  @Test
  void next_withAFilterThatLeavesLittle_reckonsWithWhatWasRead() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.empty(), OptionalDouble.empty());

    limit.learn(page(1, 1000, 50), 1, Duration.ofMillis(200));

    assertThat(limit.next()).hasValue(PageLimit.MOST);
  }

  @Test
  void next_underABudgetForWrites_beginsSmallAndGrowsWithTheTimeItTakes() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.empty(), OptionalDouble.of(1));
    assertThat(limit.next()).hasValue(10);

    limit.learn(page(10, 10, 0.5), 10, Duration.ofSeconds(10));
    assertThat(limit.next()).as("a page may take 10 s of 80").hasValue(10);

    limit.learn(page(10, 10, 0.5), 10, Duration.ofSeconds(1));
    assertThat(limit.next()).as("few are written").hasValue(100);
  }

  @Test
  void next_underABudget_beginsSmallAndCostsAQuarterOfASecond() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.of(40), OptionalDouble.empty());
    assertThat(limit.next()).hasValue(10);

    limit.learn(page(10, 10, 0.5), 10, Duration.ofMillis(5));

    assertThat(limit.next()).as("10 units at 0.05 an item").hasValue(200);
  }

  @Test
  void next_underABudgetWithAFilterThatLeavesNothing_learnsFromWhatWasRead() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.of(40), OptionalDouble.empty());

    limit.learn(page(0, 10, 0.5), 0, Duration.ofMillis(5));

    assertThat(limit.next()).hasValue(200);
  }

  @Test
  void next_itemsDearerThanTheBudget_isOne() {
    var limit = new PageLimit(SLICE, () -> OptionalDouble.of(1), OptionalDouble.empty());

    limit.learn(page(2, 2, 100), 2, Duration.ofMillis(5));

    assertThat(limit.next()).hasValue(1);
  }

  private static Page page(int items, int examined, double units) {
    return new Page(
        Collections.nCopies(items, Item.empty()), examined, Optional.empty(), units, Tally.ZERO);
  }
}
