package dev.godwit.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.slice.Sharing;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunRateTest {
  private static final Sharing FEW = new Sharing("ledger", 20, 100);

  private final FakeTimer timer = new FakeTimer();
  private Optional<Rate> document = Optional.of(Rate.AS_ASKED);
  private int reads;
  private final RunRate rate =
      new RunRate(
          (ledger, runId) -> {
            reads++;
            return document;
          },
          timer,
          "run");

  private static Optional<Rate> rate(double writeUnits, long revision, long scanned) {
    return Optional.of(
        new Rate(
            OptionalDouble.empty(), OptionalDouble.of(writeUnits), false, revision, scanned, 0));
  }

  @Test
  void now_withinASecond_isNotReadAgain() {
    document = rate(100, 1, 3);
    assertThat(rate.now(FEW)).isEqualTo(document.orElseThrow());

    document = rate(50, 2, 4);
    timer.sleep(Duration.ofMillis(999));
    assertThat(rate.now(FEW).revision()).isEqualTo(1);
    assertThat(reads).isEqualTo(1);

    timer.sleep(Duration.ofMillis(1));
    assertThat(rate.now(FEW).revision()).isEqualTo(2);
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
      assertThat(rate.now(FEW).writeUnitsPerSecond()).hasValue(100);
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
}
