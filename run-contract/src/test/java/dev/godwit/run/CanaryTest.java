package dev.godwit.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryTest {
  @Test
  void has_whicheverShare_isTrueOfThatManySegments_evenlySpread() {
    for (int total = 2; total <= 120; total++) {
      for (int canary = 1; canary < total; canary++) {
        var first = Canary.of(canary);
        int all = total;
        var segments = IntStream.range(0, total).filter(s -> first.has(s, all)).toArray();
        assertThat(segments).as("%s of %s", canary, total).hasSize(canary);
        for (int i = 1; i < segments.length; i++) {
          assertThat(segments[i] - segments[i - 1])
              .as("%s of %s", canary, total)
              .isBetween(total / canary, total / canary + 1);
        }
      }
    }
  }

  @Test
  void has_asManySegmentsAsDynamoDbAllows_doesNotOverflow() {
    var canary = Canary.of(Canary.MOST_SEGMENTS);

    assertThat(
            IntStream.range(0, RunRequest.MOST_SEGMENTS)
                .filter(s -> canary.has(s, RunRequest.MOST_SEGMENTS)))
        .hasSize(Canary.MOST_SEGMENTS);
  }
}
