package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.worker.dynamodb.MeteredRun;
import dev.godwit.worker.dynamodb.MeteredRun.Answered;
import dev.godwit.worker.dynamodb.MeteredRun.Limit;
import dev.godwit.worker.dynamodb.MeteredRun.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What throttles a run steers it: whole runs on a clock of the test's own, over a table that takes
 * so much and says what it is that takes no more.
 */
class SteeredRunTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final double BUDGET = 400;
  private static final double TAKEN = 150;
  private static final int AT_ONCE = 20;

  /** Twice the second in which all have read it, and another. */
  private static final long BETWEEN_STEPS = 3 * SECOND;

  @ParameterizedTest
  @CsvSource({
    "TableWriteProvisionedThroughputExceeded, table",
    "IndexWriteProvisionedThroughputExceeded, index"
  })
  void run_limitOfAll_stepsDownOnceForACauseAndIsBackWhenTheLimitIsGone(String reason, String by) {
    try (var fleet = fleet(evenly(40, 1_200), BUDGET)) {
      fleet.metered.limitTo(Limit.ofAll(TAKEN, reason));
      fleet.at(Duration.ofSeconds(60), fleet.metered::limitNothing);
      fleet.run();

      var writes = fleet.metered.writes();
      var steps = fleet.metered.steps();
      assertThat(steps).isNotEmpty().allMatch(step -> step.by().equals(by));
      assertThat(closest(steps)).isGreaterThanOrEqualTo(BETWEEN_STEPS);
      assertThat(perSecond(writes, 15, 60)).isBetween(0.7 * TAKEN, TAKEN);
      assertThat(throttled(fleet.metered, 15, 60))
          .as("throttled, of what was written in as long")
          .isLessThan(0.1 * perSecond(writes, 15, 60));
      assertThat(perSecond(writes, 125, 135)).isGreaterThan(0.9 * BUDGET);
      assertThat(mostInAnySecond(writes)).isLessThanOrEqualTo(BUDGET + 1e-6);
    }
  }

  @Test
  void run_noBudgetAndALimitOfAll_everyWorkerSlowsDown() {
    try (var fleet = fleet(evenly(40, 300), Double.POSITIVE_INFINITY)) {
      fleet.metered.limitTo(Limit.ofAll(TAKEN, "IndexWriteProvisionedThroughputExceeded"));
      fleet.run();

      assertThat(fleet.metered.steps())
          .isNotEmpty()
          .allMatch(step -> step.to().isEmpty() && step.by().equals("index"));
      assertThat(closest(fleet.metered.steps())).isGreaterThanOrEqualTo(BETWEEN_STEPS);
      assertThat(perSecond(fleet.metered.writes(), 20, 60)).isBetween(0.7 * TAKEN, TAKEN);
    }
  }

  /** One segment at a time has 80 % of what follows, and 20 units a second of its budget. */
  @Test
  void run_hotKeyRange_slowsTheSegmentThatMeetsItAndNoOther() {
    var items = evenly(40, 400);
    items[7] = 1_000;
    try (var fleet = fleet(items, BUDGET)) {
      fleet.metered.limitTo(new Limit(5, "TableWriteKeyRangeThroughputExceeded", 7));
      fleet.run();

      assertThat(fleet.metered.throttles()).isNotEmpty();
      assertThat(fleet.metered.steps()).isEmpty();
      assertThat(perSecond(fleet.metered.writes(), 5, 25)).isGreaterThan(0.9 * BUDGET);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TableWriteMaxOnDemandThroughputExceeded, maximum",
    "TableWriteAccountLimitExceeded, account"
  })
  void run_limitThatDoesNotMove_isNotTriedAgainForFiveMinutes(String reason, String by) {
    try (var fleet = fleet(evenly(40, 1_200), BUDGET)) {
      fleet.metered.limitTo(Limit.ofAll(TAKEN, reason));
      fleet.run();

      var steps = fleet.metered.steps();
      assertThat(steps).hasSizeBetween(1, 6).allMatch(step -> step.by().equals(by));
      assertThat(throttled(fleet.metered, 30, 250)).as("once it is below the limit").isZero();
      assertThat(perSecond(fleet.metered.writes(), 30, 250)).isGreaterThan(0.5 * TAKEN);
    }
  }

  /** Statements that are throttled do not say by what: one is asked for alone. */
  @Test
  void run_statementsOfTheDefaultWriter_learnTheReasonAndSlowTheRun() {
    try (var fleet = new Fleet(1, evenly(40, 400), AT_ONCE, BUDGET, 0)) {
      fleet.metered.limitTo(Limit.ofAll(TAKEN, "IndexWriteProvisionedThroughputExceeded"));
      fleet.run();

      assertThat(fleet.metered.steps()).isNotEmpty().allMatch(it -> it.by().equals("index"));
      assertThat(closest(fleet.metered.steps())).isGreaterThanOrEqualTo(BETWEEN_STEPS);
      assertThat(perSecond(fleet.metered.writes(), 15, 60)).isBetween(0.7 * TAKEN, TAKEN);
      assertThat(throttled(fleet.metered, 15, 60)).isLessThan(0.2 * TAKEN);
    }
  }

  /** One of a later version. */
  @Test
  void run_reasonUnknown_slowsWhoeverMeetsItAndNoOther() {
    try (var fleet = new Fleet(1, evenly(40, 200), AT_ONCE, BUDGET, 0)) {
      fleet.metered.limitTo(Limit.ofAll(TAKEN, "SomethingNewExceeded"));
      fleet.run();

      assertThat(fleet.metered.throttles()).isNotEmpty();
      assertThat(fleet.metered.steps()).isEmpty();
    }
  }

  private static Fleet fleet(int[] items, double budget) {
    return new Fleet(1, items, AT_ONCE, budget, 0.05, true);
  }

  private static int[] evenly(int segments, int each) {
    var items = new int[segments];
    Arrays.fill(items, each);
    return items;
  }

  private static long closest(List<Step> steps) {
    long closest = Long.MAX_VALUE;
    for (int i = 1; i < steps.size(); i++) {
      closest = Math.min(closest, steps.get(i).nanos() - steps.get(i - 1).nanos());
    }
    return closest;
  }

  private static double perSecond(List<Answered> answers, long from, long to) {
    return answers.stream()
            .filter(it -> it.nanos() >= from * SECOND && it.nanos() < to * SECOND)
            .mapToDouble(Answered::units)
            .sum()
        / (to - from);
  }

  private static double throttled(MeteredRun metered, long from, long to) {
    return metered.throttles().stream()
            .filter(at -> at >= from * SECOND && at < to * SECOND)
            .count()
        / (double) (to - from);
  }

  private static double mostInAnySecond(List<Answered> answers) {
    double most = 0;
    double sum = 0;
    int first = 0;
    for (Answered answer : answers) {
      sum += answer.units();
      while (answers.get(first).nanos() <= answer.nanos() - SECOND) {
        sum -= answers.get(first++).units();
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}
