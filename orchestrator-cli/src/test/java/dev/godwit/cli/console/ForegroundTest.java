package dev.godwit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForegroundTest {
  /** As {@code /proc/PID/stat} of bash jobs shows it; proc(5) tells the fields. */
  @Test
  void isOurs_byGroupAndTheTerminalsGroup() {
    assertThat(Foreground.isOurs("812 (java) S 800 812 800 34816 812 4194304 0")).isTrue();
    assertThat(Foreground.isOurs("812 (a ) b) S 800 812 800 34816 800 4194304 0")).isFalse();
    assertThat(Foreground.isOurs("812 (java) S 800 812 800 0 -1 4194304 0")).isFalse();
  }
}
