package dev.godwit.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.worker.pace.Simulation.Reply;
import dev.godwit.worker.pace.Simulation.Sizes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PacerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(61);
  private static final double ROUNDING = 1e-6;

  private static final Sizes SMALL = random -> 1;
  private static final Sizes MIXED = random -> 1 + random.nextInt(4) * random.nextInt(4);

  /** Milliseconds that answers take. */
  private static Map<String, Simulation.Table> latencies() {
    var tables = new LinkedHashMap<String, Simulation.Table>();
    tables.put("always 1 ms", (units, now, random) -> Reply.after(1, units));
    tables.put("always 25 ms", (units, now, random) -> Reply.after(25, units));
    tables.put(
        "5 to 15 ms", (units, now, random) -> Reply.after(5 + 10 * random.nextDouble(), units));
    tables.put(
        "mostly 8 ms, some 200 ms",
        (units, now, random) -> Reply.after(random.nextInt(20) == 0 ? 200 : 8, units));
    tables.put(
        "exponential above 4 ms",
        (units, now, random) -> Reply.after(4 - 10 * Math.log(1 - random.nextDouble()), units));
    tables.put(
        "slow at first, as with cold connections",
        (units, now, random) -> Reply.after(now < 1_300_000_000L ? 500 : 6, units));
    tables.put(
        "slow now and then for a second, all of them",
        (units, now, random) -> Reply.after(now / Simulation.SECOND % 20 == 7 ? 300 : 5, units));
    return tables;
  }

  @TestFactory
  Stream<DynamicTest> acquire_anyLatencies_keepsTheBudgetOfAnySecondAndUsesIt() {
    return latencies().entrySet().stream()
        .flatMap(
            latency ->
                Stream.of(25.0, 400.0, 5000.0)
                    .map(
                        budget ->
                            DynamicTest.dynamicTest(
                                latency.getKey() + ", " + budget + " units per second",
                                () -> {
                                  assertKeptAndUsed(budget, latency.getValue(), SMALL);
                                  if (budget > 100) {
                                    assertKeptAndUsed(budget, latency.getValue(), MIXED);
                                  }
                                })));
  }

  @TestFactory
  Stream<DynamicTest> acquire_estimatesOffByAFactor_keepsTheBudgetOfAnySecondAndUsesIt() {
    return Stream.of(0.05, 0.5, 3.0, 20.0)
        .map(
            factor ->
                DynamicTest.dynamicTest(
                    "consumed " + factor + " times what was estimated",
                    () ->
                        assertKeptAndUsed(
                            1000, (units, now, random) -> Reply.after(10, units * factor), SMALL)));
  }

  @Test
  void acquire_slowAnswers_keepsTheBudgetAndLosesNoMoreThanTheyTake() {
    for (double millis : new double[] {100, 250, 1000}) {
      var answers =
          new Simulation(
                  OptionalDouble.of(1000),
                  64,
                  (units, now, random) -> Reply.after(millis, units),
                  1)
              .run(END, SMALL);

      assertThat(Simulation.mostInAnySecond(answers)).isLessThanOrEqualTo(1000 + ROUNDING);
      assertThat(Simulation.unitsPerSecond(answers, SECOND, END))
          .as("answers after %s ms", millis)
          .isGreaterThanOrEqualTo(0.95 * 1000 / (1 + millis / 1000));
    }
  }

  @Test
  void acquire_answersGetQuickerAllAtOnce_keepsTheBudgetOfAnySecond() {
    var answers =
        new Simulation(
                OptionalDouble.of(400),
                64,
                (units, now, random) -> Reply.after(now < 10 * Simulation.SECOND ? 500 : 2, units),
                1)
            .run(END, SMALL);

    assertThat(Simulation.mostInAnySecond(answers)).isLessThanOrEqualTo(400 + ROUNDING);
  }

  @Test
  void acquire_requestLargerThanTheBudget_goesAloneAndIsPaidOff() {
    double budget = 50;
    var answers =
        new Simulation(
                OptionalDouble.of(budget), 64, (units, now, random) -> Reply.after(10, units), 1)
            .run(END, random -> 400);

    assertThat(answers).hasSizeBetween(7, 9);
    for (int i = 1; i < answers.size(); i++) {
      assertThat(answers.get(i).at() - answers.get(i - 1).at())
          .as("400 units take 8 seconds of a budget of 50")
          .isGreaterThanOrEqualTo(8 * Simulation.SECOND);
    }
  }

  @Test
  void acquire_noBudgetAndNoThrottling_neverWaits() {
    var timer = new FakeTimer();
    var pacer = new Pacer(OptionalDouble.empty(), timer);

    for (int i = 0; i < 10_000; i++) {
      pacer.acquire(1000, Deadline.NEVER).orElseThrow().used(1000);
    }

    assertThat(timer.nanos()).isZero();
  }

  /** Throttles everything beyond {@code capacity} units in a second; those cost nothing. */
  private static Simulation.Table limitedTo(double capacity) {
    return new Simulation.Table() {
      private long second = -1;
      private double used;

      @Override
      public Reply reply(double units, long now, Random random) {
        if (now / Simulation.SECOND != second) {
          second = now / Simulation.SECOND;
          used = 0;
        }
        if (used + units > capacity) {
          return new Reply(10, 0, true);
        }
        used += units;
        return Reply.after(10, units);
      }
    };
  }

  @Test
  void throttled_tableTakesLessThanTheBudget_settlesBelowAndUsesMostOfIt() {
    for (var budget : new OptionalDouble[] {OptionalDouble.of(1000), OptionalDouble.empty()}) {
      var answers = new Simulation(budget, 16, limitedTo(300), 1).run(END, SMALL);

      double got = Simulation.unitsPerSecond(answers, Duration.ofSeconds(5), END);
      long refused =
          answers.stream().filter(it -> it.at() > 5 * Simulation.SECOND && it.units() == 0).count();
      long taken =
          answers.stream().filter(it -> it.at() > 5 * Simulation.SECOND && it.units() > 0).count();
      assertThat(got).as("budget %s", budget).isBetween(0.7 * 300, 300.0);
      assertThat(refused).as("of %d with budget %s", taken, budget).isLessThan(taken / 10);
    }
  }

  @Test
  void throttled_onceWithABudget_slowsByAThirdAndRecoversByATwentiethEachSecond() {
    var throttled = new AtomicBoolean();
    var answers =
        new Simulation(
                OptionalDouble.of(1000),
                64,
                (units, now, random) ->
                    new Reply(5, units, now > 10 * Simulation.SECOND && !throttled.getAndSet(true)),
                1)
            .run(END, SMALL);

    assertThat(Simulation.unitsPerSecond(answers, Duration.ofSeconds(11), Duration.ofSeconds(12)))
        .isBetween(600.0, 750.0);
    assertThat(Simulation.unitsPerSecond(answers, Duration.ofSeconds(14), Duration.ofSeconds(15)))
        .isBetween(780.0, 900.0);
    assertThat(Simulation.unitsPerSecond(answers, Duration.ofSeconds(18), Duration.ofSeconds(28)))
        .isGreaterThan(950);
  }

  @Test
  void throttled_withABudgetBelowOneUnit_staysWithinIt() {
    var throttled = new AtomicBoolean();
    var answers =
        new Simulation(
                OptionalDouble.of(0.1),
                16,
                (units, now, random) -> new Reply(50, units, !throttled.getAndSet(true)),
                1)
            .run(END, SMALL);

    assertThat(answers.stream().mapToDouble(answer -> answer.units()).sum())
        .as("of 0.1 a second, and one request that is larger")
        .isLessThan(0.1 * 61 + 10);
  }

  @Test
  void throttled_whileNextToNothingWasSent_isBackAtHundredsASecondWithinAMinute() {
    var throttled = new AtomicBoolean();
    var answers =
        new Simulation(
                OptionalDouble.empty(),
                16,
                (units, now, random) -> new Reply(50, units, !throttled.getAndSet(true)),
                1)
            .run(END, SMALL);

    assertThat(Simulation.unitsPerSecond(answers, Duration.ofSeconds(59), Duration.ofSeconds(60)))
        .isGreaterThan(100);
  }

  private static void assertKeptAndUsed(double budget, Simulation.Table table, Sizes sizes) {
    for (long seed = 1; seed <= 3; seed++) {
      var answers = new Simulation(OptionalDouble.of(budget), 64, table, seed).run(END, sizes);

      assertThat(Simulation.mostInAnySecond(answers))
          .as("units of a second, seed %d", seed)
          .isLessThanOrEqualTo(budget + ROUNDING);
      assertThat(Simulation.unitsPerSecond(answers, SECOND, END))
          .as("units per second over a minute, seed %d", seed)
          .isGreaterThanOrEqualTo(0.95 * budget);
    }
  }
}
