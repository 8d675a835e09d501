package dev.godwit.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunIdTest {
  @Test
  void next_isTheSecondInUtcAndSomethingRandom() {
    var random = new Random(1);
    var now = Instant.parse("2026-11-20T08:15:02.999Z");
    var one = RunId.next(now, random);
    assertThat(one).matches("20261120-081502-[0-9a-f]{6}");
    assertThat(RunId.next(now, random)).isNotEqualTo(one);
  }
}
