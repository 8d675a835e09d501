package dev.godwit.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SliceDeadlineTest {
  private final FakeTimer clock = new FakeTimer();
  private final AtomicLong functionMillis = new AtomicLong(900_000);
  private final SliceDeadline deadline =
      new SliceDeadline(Duration.ofSeconds(60), clock::nanos, functionMillis::get);

  @Test
  void isNear_nothingLearnt_onlyAtTheEnd() {
    clock.sleep(Duration.ofMillis(59_999));
    assertThat(deadline.isNear()).isFalse();
    clock.sleep(Duration.ofMillis(1));
    assertThat(deadline.isNear()).isTrue();
  }

  @Test
  void isNear_twiceTheSlowestPageWouldNotFit_isTrueThoughThereIsTime() {
    deadline.pageTook(Duration.ofSeconds(10));
    deadline.pageTook(Duration.ofSeconds(1));
    clock.sleep(Duration.ofSeconds(39));
    assertThat(deadline.isNear()).isFalse();
    clock.sleep(Duration.ofSeconds(1));
    assertThat(deadline.isNear()).isTrue();
    assertThat(deadline.isPast()).isFalse();
  }

  @Test
  void isPast_functionHasLessTimeThanTheSlice_keepsTimeForTheAnswer() {
    functionMillis.set(2_001);
    assertThat(deadline.isPast()).isFalse();
    functionMillis.set(2_000);
    assertThat(deadline.isPast()).isTrue();
  }
}
