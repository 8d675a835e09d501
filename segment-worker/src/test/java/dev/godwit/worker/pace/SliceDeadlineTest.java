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
  void left_functionHasPlenty_isWhatTheSliceHas() {
    clock.sleep(Duration.ofMillis(59_999));
    assertThat(deadline.left()).isEqualTo(Duration.ofMillis(1));
    assertThat(deadline.isPast()).isFalse();
    clock.sleep(Duration.ofMillis(2));
    assertThat(deadline.left()).isZero();
    assertThat(deadline.isPast()).isTrue();
  }

  @Test
  void left_functionHasLessTimeThanTheSlice_keepsTimeForTheAnswer() {
    functionMillis.set(2_001);
    assertThat(deadline.left()).isEqualTo(Duration.ofMillis(1));
    functionMillis.set(2_000);
    assertThat(deadline.isPast()).isTrue();
    functionMillis.set(0);
    assertThat(deadline.left()).isZero();
  }

  @Test
  void leftForAnswers_sliceIsOver_isWhatTheFunctionHas() {
    clock.sleep(Duration.ofSeconds(61));
    functionMillis.set(10_000);

    assertThat(deadline.left()).isZero();
    assertThat(deadline.leftForAnswers()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void margin_requestsOfAnyLength_isTwiceTheSlowest() {
    var margin = new Margin(deadline);
    assertThat(margin.left()).isEqualTo(Duration.ofSeconds(60));

    margin.requestTook(Duration.ofSeconds(5));
    margin.requestTook(Duration.ofSeconds(1));
    assertThat(margin.left()).isEqualTo(Duration.ofSeconds(50));
    clock.sleep(Duration.ofSeconds(50));
    assertThat(margin.isPast()).isTrue();
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void halfway_timePasses_comesWhenHalfOfItIsOver() {
    clock.sleep(Duration.ofSeconds(20));
    var halfway = deadline.halfway();
    assertThat(halfway.left()).isEqualTo(Duration.ofSeconds(20));
    clock.sleep(Duration.ofSeconds(20));
    assertThat(halfway.isPast()).isTrue();
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void recall_calledAndTakenBack_isPastMeanwhile() {
    var recall = new Recall(deadline);
    recall.call();
    assertThat(recall.isPast()).isTrue();
    recall.takeBack();
    assertThat(recall.left()).isEqualTo(Duration.ofSeconds(60));
  }
}
