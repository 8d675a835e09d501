package dev.godwit.run.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTextTest {
  @Test
  void of_anyControlCharacter_showsItEscaped() {
    for (int c = 0; c <= 0xffff; c++) {
      int type = Character.getType(c);
      boolean bidi =
          switch (Character.getDirectionality(c)) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
                true;
            default -> c == 0x200e || c == 0x200f || c == 0x61c;
          };
      if (type == Character.CONTROL || bidi) {
        assertThat(TerminalText.of("a" + (char) c + "b"))
            .as("U+%04X", c)
            .isEqualTo(String.format("a\\u%04xb", c));
      }
    }
  }

  @Test
  void of_letters_leavesThemAsTheyAre() {
    var text = "Sant Julià de Lòria, 東京, שלום, 👩‍👩‍👧 ~ \\u001b";
    assertThat(TerminalText.of(text)).isSameAs(text);
  }

  @Test
  void ofLines_severalLines_keepsThem() {
    assertThat(TerminalText.ofLines("one\r\n\ttwo\u001b[2J")).isEqualTo("one\r\n\ttwo\\u001b[2J");
    assertThat(TerminalText.of("one\ntwo")).isEqualTo("one\\u000atwo");
  }

  @Test
  void ofJson_controlCharactersInStrings_isTheSameJsonWithNoneOfThem() throws Exception {
    var json = "{\"n\u009b\u007fme\":\"\u202eabc\\u001b\"}\n{\"é\":1}\n";

    var escaped = TerminalText.ofJson(json.getBytes(StandardCharsets.UTF_8));

    assertThat(new String(escaped, StandardCharsets.UTF_8))
        .isEqualTo("{\"n\\u009b\\u007fme\":\"\\u202eabc\\u001b\"}\n{\"é\":1}\n");
    assertThat(new ObjectMapper().readTree(escaped)).isEqualTo(new ObjectMapper().readTree(json));
  }
}
