package dev.godwit.worker.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.worker.pace.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoggedTroubleTest {
  private final FakeTimer timer = new FakeTimer();
  private final List<String> lines = new ArrayList<>();
  private final LoggedTrouble trouble = new LoggedTrouble(timer::nanos, lines::add);

  @Test
  void unanswered_forMinutes_isOneLineAndItsEndAnother() {
    for (int tries = 0; tries < 60; tries++) {
      trouble.unanswered("answers HTTP 503 (Service\nUnavailable)");
      timer.sleep(Duration.ofSeconds(3));
    }
    assertThat(lines)
        .containsExactly(
            "DynamoDB answers HTTP 503 (Service\\u000aUnavailable), for 12 s now; it is asked again"
                + " as long as the slice has time");

    trouble.answered();
    trouble.answered();
    assertThat(lines).hasSize(2).last().isEqualTo("DynamoDB does what it is asked again");
  }

  @Test
  void unanswered_nowAndThen_isNotWorthALine() {
    for (int tries = 0; tries < 60; tries++) {
      trouble.unanswered("throttles every write");
      timer.sleep(Duration.ofSeconds(3));
      trouble.answered();
    }
    assertThat(lines).isEmpty();
  }
}
