package dev.godwit.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.ledger.Slowdown;
import dev.godwit.run.slice.Sharing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunRateTest {
  private static final Optional<Slowdown.Limit> INDEX = Optional.of(Slowdown.Limit.INDEX);
  private static final Sharing FEW = new Sharing("ledger", 20, 100);

  private final FakeTimer timer = new FakeTimer();
  private Optional<Rate> document = Optional.of(Rate.AS_ASKED);
  private final List<Slowdown> steps = new ArrayList<>();
  private int reads;
  private final RunRate rate =
      new RunRate(
          new RateSource() {
            @Override
            public Optional<Rate> read(String ledger, String runId) {
              reads++;
              return document;
            }

            @Override
            public boolean slow(String ledger, String runId, Use use, Slowdown next) {
              steps.add(next);
              return true;
            }
          },
          timer,
          "run");

  private static Optional<Rate> rate(double writeUnits, long revision, long scanned) {
    return Optional.of(
        new Rate(
            new Rate.Asked(
                OptionalDouble.empty(), OptionalDouble.of(writeUnits), 0, false, revision),
            scanned,
            0,
            Slowdown.NONE,
            Slowdown.NONE));
  }

  @Test
  void now_withinASecond_isNotReadAgain() {
    document = rate(100, 1, 3);
    assertThat(rate.now(FEW)).isEqualTo(document.orElseThrow());

    document = rate(50, 2, 4);
    timer.sleep(Duration.ofMillis(999));
    assertThat(rate.now(FEW).asked().revision()).isEqualTo(1);
    assertThat(reads).isEqualTo(1);

    timer.sleep(Duration.ofMillis(1));
    assertThat(rate.now(FEW).asked().revision()).isEqualTo(2);
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void interval_anyNumberOfWorkers_keepsTheirReadsFarBelowWhatAPartitionTakes() {
    assertThat(RunRate.interval(new Sharing("l", 1, 1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(RunRate.interval(new Sharing("l", 600, 5000))).isEqualTo(Duration.ofSeconds(3));
    assertThat(RunRate.interval(new Sharing("l", 10_000, 90_000))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void now_readFails_keepsWhatIsKnownAndTriesOnceEachInterval() {
    document = rate(100, 1, 3);
    rate.now(FEW);
    document = Optional.empty();
    for (int i = 0; i < 10; i++) {
      timer.sleep(Duration.ofMillis(500));
      assertThat(rate.now(FEW).asked().writeUnitsPerSecond()).hasValue(100);
    }

    assertThat(reads).isEqualTo(1 + 5);
  }

  @Test
  void now_nothingEverRead_triesThreeTimesAndGoesAsAsked() {
    document = Optional.empty();

    assertThat(rate.now(FEW)).isEqualTo(Rate.AS_ASKED);
    assertThat(rate.now(FEW)).isEqualTo(Rate.AS_ASKED);
    assertThat(reads).isEqualTo(3);
  }

  @Test
  void now_anOlderAnswer_takesNothingBack() {
    document = rate(50, 2, 3);
    rate.now(FEW);
    document = rate(100, 1, 2);
    timer.sleep(Duration.ofSeconds(1));

    assertThat(rate.now(FEW)).isEqualTo(rate(50, 2, 3).orElseThrow());
  }

  @Test
  void throttled_manySlicesForOneCause_isWrittenOnceAndAgainOnlyWhenItsEffectWasSeen() {
    rate.now(FEW);
    for (int i = 0; i < 12; i++) {
      rate.throttled(FEW, Use.WRITES, OptionalDouble.of(450), Slowdown.Limit.INDEX);
      timer.sleep(Duration.ofMillis(250));
    }

    assertThat(steps).containsExactly(new Slowdown(1, OptionalDouble.of(300), INDEX));
    assertThat(rate.slowed(Use.READS, 450)).isEqualTo(450);
    assertThat(rate.slowed(Use.WRITES, 450)).isBetween(300.0, 350.0);

    rate.throttled(FEW, Use.WRITES, OptionalDouble.of(450), Slowdown.Limit.INDEX);
    assertThat(steps).hasSize(2);
    assertThat(steps.get(1).times()).isEqualTo(2);
  }

  @Test
  void throttled_somebodyWasFaster_isNotWrittenBeforeThatIsKnownForLongEnough() {
    rate.now(FEW);
    document = slowed(new Slowdown(7, OptionalDouble.of(100), INDEX));
    timer.sleep(Duration.ofSeconds(1));
    rate.now(FEW);
    rate.throttled(FEW, Use.WRITES, OptionalDouble.of(450), Slowdown.Limit.INDEX);
    timer.sleep(Duration.ofMillis(2_999));
    rate.throttled(FEW, Use.WRITES, OptionalDouble.of(450), Slowdown.Limit.INDEX);
    assertThat(steps).isEmpty();

    timer.sleep(Duration.ofMillis(1));
    rate.throttled(FEW, Use.WRITES, OptionalDouble.of(450), Slowdown.Limit.INDEX);
    assertThat(steps).extracting(Slowdown::times).containsExactly(8L);
  }

  @Test
  void throttled_documentWasNeverRead_isNotWritten() {
    document = Optional.empty();
    rate.now(FEW);
    rate.throttled(FEW, Use.WRITES, OptionalDouble.of(450), Slowdown.Limit.TABLE);

    assertThat(steps).isEmpty();
  }

  @Test
  void slowed_timePasses_growsBackToTheBudgetAndNoFurther() {
    document = slowed(new Slowdown(1, OptionalDouble.of(300), INDEX));
    rate.now(FEW);
    assertThat(rate.slowed(Use.WRITES, 450)).isEqualTo(300);
    assertThat(rate.slowed(Use.WRITES, 200)).isEqualTo(200);

    timer.sleep(Duration.ofSeconds(10));
    assertThat(rate.slowed(Use.WRITES, 450)).isEqualTo(400);
    timer.sleep(Duration.ofMinutes(1));
    assertThat(rate.slowed(Use.WRITES, 450)).isEqualTo(450);
  }

  @Test
  void slowed_limitThatDoesNotMove_growsBackAfterFiveMinutes() {
    document = slowed(new Slowdown(1, OptionalDouble.of(300), Optional.of(Slowdown.Limit.MAXIMUM)));
    rate.now(FEW);
    timer.sleep(Duration.ofMinutes(5));
    assertThat(rate.slowed(Use.WRITES, 450)).isEqualTo(300);
    timer.sleep(Duration.ofSeconds(10));
    assertThat(rate.slowed(Use.WRITES, 450)).isEqualTo(400);
  }

  private static Optional<Rate> slowed(Slowdown writes) {
    return Optional.of(new Rate(Rate.AS_ASKED.asked(), 0, 0, Slowdown.NONE, writes));
  }

  @Test
  void isKnown_nothingReadForFifteenSeconds_isNotGoneByAnyMore() {
    assertThat(rate.isKnown()).as("before the first read").isFalse();
    rate.now(FEW);
    assertThat(rate.isKnown()).isTrue();
    document = Optional.empty();
    timer.sleep(Sharing.KNOWN_FOR.minusNanos(1));
    rate.now(FEW);
    assertThat(rate.isKnown()).isTrue();
    timer.sleep(Duration.ofNanos(1));
    assertThat(rate.isKnown()).isFalse();
  }
}
