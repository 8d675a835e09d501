package dev.godwit.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.godwit.cli.TestScreen;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private static final Reading WHOLE = new Reading(1000, "64/64 segments");

  @Test
  void during_withoutTerminal_printsPlainLinesAndTheLastReading() {
    var screen = TestScreen.plain();
    var answer = ProgressDisplay.during(screen.screen(), "Migrating", () -> WHOLE, () -> "answer");
    assertThat(answer).isEqualTo("answer");
    assertThat(screen.err()).isEqualTo("Migrating 100 %  64/64 segments" + System.lineSeparator());
    assertThat(screen.out()).isEmpty();
  }

  @Test
  void during_onATerminal_drawsABar() {
    var screen = TestScreen.live();
    ProgressDisplay.during(screen.screen(), "Migrating", () -> WHOLE, () -> "answer");
    assertThat(screen.err()).contains("Migrating [####").contains("] 100 %");
    assertThat(screen.out()).isEmpty();
  }

  @Test
  void during_workThatFails_stillEndsTheDisplay() {
    var screen = TestScreen.plain();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ProgressDisplay.during(
                    screen.screen(),
                    "Migrating",
                    () -> WHOLE,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .withMessage("broken");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("progress") && thread.isAlive());
  }

  @Test
  void plainLines_theSameReadingTwice_isOneLine() {
    var screen = TestScreen.plain();
    var lines = new PlainLines(screen.screen().err(), "Filling");
    lines.show(() -> new Reading(500, "x"));
    lines.show(() -> new Reading(500, "x"));
    lines.show(() -> new Reading(510, "x"));
    assertThat(screen.err().lines()).containsExactly("Filling 50 %  x", "Filling 51 %  x");
  }
}
