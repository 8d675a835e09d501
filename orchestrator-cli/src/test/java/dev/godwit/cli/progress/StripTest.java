package dev.godwit.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.run.SegmentCounts;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StripTest {
  @Test
  void of_fewSegments_hasACharacterForEach() {
    assertThat(Strip.of("W ", new SegmentCounts(10, 4, 1, 3), 80)).isEqualTo("W [####!===..]");
  }

  @Test
  void of_thousands_areFoldedIntoTheWidth() {
    var strip = Strip.of("W ", new SegmentCounts(10_000, 5_000, 1, 100), 60);
    assertThat(strip).isEqualTo("W [" + "#".repeat(23) + "!=" + ".".repeat(24) + "]");
  }

  @Test
  void of_anyCounts_isAsWideAsAnyOther_andHidesNoState() {
    long seed = 20261126;
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      int succeeded = random.nextInt(3) * random.nextInt(5_000);
      int failed = random.nextInt(3) * random.nextInt(50);
      int running = random.nextInt(3) * random.nextInt(500);
      int waiting = random.nextInt(3) * random.nextInt(5_000);
      int total = succeeded + failed + running + waiting;
      if (total == 0) {
        continue;
      }
      var strip = Strip.of("", new SegmentCounts(total, succeeded, failed, running), 50);
      assertThat(strip).as("seed %d, round %d", seed, round).hasSize(2 + Math.min(41, total));
      assertThat(strip.contains("#")).isEqualTo(succeeded > 0);
      assertThat(strip.contains("!")).isEqualTo(failed > 0);
      assertThat(strip.contains("=")).isEqualTo(running > 0);
      assertThat(strip.contains(".")).isEqualTo(waiting > 0);
    }
  }
}
