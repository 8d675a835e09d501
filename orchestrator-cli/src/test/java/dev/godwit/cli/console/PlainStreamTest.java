package dev.godwit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainStreamTest {
  @Test
  void print_charactersThatSteerATerminal_areEscaped() {
    assertThat(printed("a\u001b[2Jb\u0007\u007f\u0000"))
        .isEqualTo("a\\u001b[2Jb\\u0007\\u007f\\u0000");
    assertThat(printed("\u009b31m\u0085")).isEqualTo("\\u009b31m\\u0085");
    assertThat(printed("\u202egnp.exe\u2066\u200f\u061c\u2028"))
        .isEqualTo("\\u202egnp.exe\\u2066\\u200f\\u061c\\u2028");
  }

  @Test
  void print_whatDoesNot_isPassedOn() {
    var text = "Zoë\t東京 é «x» مرحبا 🐦‍⬛ \u00a0 \u2030 \u060c\n";
    assertThat(printed(text)).isEqualTo(text);
  }

  @Test
  void print_carriageReturns_coverNothing() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PlainStream(bytes)) {
      out.write("\r10 %\u001b".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\\u000d10 %\\u001b");
  }

  @Test
  void print_ofAJsonString_meansTheSame_howeverItIsCut() throws IOException {
    long seed = 20261126;
    var random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      var text =
          random
              .ints(random.nextInt(12), 0x20, 0x2100)
              .filter(c -> c != '"' && c != '\\')
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      var bytes = new ByteArrayOutputStream();
      try (var out = new PlainStream(bytes)) {
        var json = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
        int cut = random.nextInt(json.length);
        out.write(json, 0, cut);
        out.flush();
        out.write(json, cut, json.length - cut);
      }
      var plain = bytes.toString(StandardCharsets.UTF_8);
      assertThat(new ObjectMapper().readValue(plain, String.class))
          .as("seed %d, round %d: %s", seed, round, plain)
          .isEqualTo(text);
      assertThat(plain.chars()).noneMatch(c -> c >= 0x7f && c < 0xa0);
    }
  }

  private static String printed(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(new PlainStream(bytes), true, StandardCharsets.UTF_8)) {
      out.print(text);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
