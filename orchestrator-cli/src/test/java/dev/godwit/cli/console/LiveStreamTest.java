package dev.godwit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.FakeSeat;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveStreamTest {
  @Test
  void draw_betweenWrittenLines_staysBelowThem() {
    var terminal = new DrawnTerminal(40);
    var screen = Screen.live(new ByteArrayOutputStream(), terminal, new FakeSeat(40));
    screen.err().println("begun");
    draw(screen, "one", "two", "three");
    draw(screen, "ONE", "TWO");
    assertThat(terminal.rows()).containsExactly("begun", "ONE", "TWO");

    screen.err().println("something happened");
    assertThat(terminal.rows()).containsExactly("begun", "something happened", "");

    screen.err().print("no end");
    draw(screen, "1", "2");
    assertThat(terminal.rows()).containsExactly("begun", "something happened", "no end", "1", "2");

    screen.block().orElseThrow().leave();
    screen.err().println("told at last");
    assertThat(terminal.rows())
        .containsExactly("begun", "something happened", "no end", "1", "2", "told at last", "");
  }

  @Test
  void draw_linesThatAreTooLong_areCutOff() {
    var terminal = new DrawnTerminal(10);
    var screen = Screen.live(new ByteArrayOutputStream(), terminal, new FakeSeat(10));
    draw(screen, "0123456789abc", "x");
    draw(screen, "0123456789abc", "y");
    assertThat(terminal.rows()).containsExactly("012345678", "y");
  }

  @Test
  void draw_whatSteers_steersNothing() {
    var terminal = new DrawnTerminal(40);
    var screen = Screen.live(new ByteArrayOutputStream(), terminal, new FakeSeat(40));
    draw(screen, "\u001b[2Jgone\r\n");
    assertThat(terminal.rows()).containsExactly("\\u001b[2Jgone\\u000d\\u000a");
  }

  @Test
  void draw_whateverIsWrittenBetween_losesAndRepeatsNothing() {
    long seed = 20261126;
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      var terminal = new DrawnTerminal(20);
      var screen = Screen.live(new ByteArrayOutputStream(), terminal, new FakeSeat(20));
      var written = new ArrayList<String>();
      List<String> drawn = List.of();
      for (int step = 0; step < 20; step++) {
        if (random.nextBoolean()) {
          written.add("line " + step);
          screen.err().println("line " + step);
          drawn = List.of("");
        } else {
          drawn = random.ints(1 + random.nextInt(4), 0, 100).mapToObj(n -> "d" + n).toList();
          draw(screen, drawn.toArray(new String[0]));
        }
      }
      var shown = new ArrayList<>(written);
      shown.addAll(drawn);
      assertThat(terminal.rows()).as("seed %d, round %d", seed, round).isEqualTo(shown);
    }
  }

  private static void draw(Screen screen, String... lines) {
    screen.block().orElseThrow().draw(columns -> List.of(lines));
  }
}
