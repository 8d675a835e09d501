package dev.godwit.run.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.results.ResultsLayout.Kind;
import org.junit.jupiter.api.Test;

class ResultsLayoutTest {
  @Test
  void folders_ofARun_areBelowItsOwn() {
    assertThat(ResultsLayout.folder("r")).isEqualTo("runs/r");
    assertThat(ResultsLayout.folder("r", Kind.FAILED_ACTIONS)).isEqualTo("runs/r/failed-actions");
    assertThat(ResultsLayout.folder("r", Kind.FAILURES, 17))
        .isEqualTo("runs/r/failures/segment-00017");
    assertThat(ResultsLayout.folder("r", Kind.DEFERRED, 999_999))
        .isEqualTo("runs/r/deferred/segment-999999");
    assertThat(ResultsLayout.acceptedCode("r", "0a1b")).isEqualTo("runs/r/accepted-code/0a1b");
  }

  @Test
  void pattern_ofAKind_isThatOfAPolicy() {
    assertThat(ResultsLayout.pattern(Kind.SAMPLES)).isEqualTo("runs/*/samples/*");
  }
}
