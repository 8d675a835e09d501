package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many states a run enters, as its definition has it; each is charged as a transition. */
class TransitionsTest {
  private static final Path DEFINITION =
      Path.of("..", "asl", "definitions", "migrate-table.asl.json");

  private static JsonNode definition() throws IOException {
    return new ObjectMapper().readTree(DEFINITION.toFile());
  }

  private static JsonNode child() throws IOException {
    return definition().at("/States/Migrate segments/ItemProcessor");
  }

  /** From {@code first} on, by the default of each choice, to the end or to {@code last}. */
  private static List<String> walk(JsonNode states, String first, String last) {
    var walked = new ArrayList<String>();
    var name = first;
    while (!name.isEmpty() && (walked.isEmpty() || !name.equals(last))) {
      walked.add(name);
      var state = states.path(name);
      name = state.path(state.has("Default") ? "Default" : "Next").asText();
    }
    return walked;
  }

  @Test
  void aSlice_thatIsNotTheLast_entersThree() throws IOException {
    var child = child();
    var first = child.path("StartAt").asText();
    var goesOn =
        child
            .at("/States/More pages?/Choices")
            .valueStream()
            .filter(choice -> choice.path("Comment").asText().equals("yes"))
            .findFirst()
            .orElseThrow()
            .path("Next")
            .asText();

    var states = new ArrayList<>(List.of(first, "More pages?"));
    states.addAll(walk(child.path("States"), goesOn, first));

    assertThat(states)
        .containsExactly("Scan slice", "More pages?", "Count slice")
        .hasSize(Bills.TRANSITIONS_A_SLICE);
  }

  @Test
  void aSegment_ofOneSlice_entersThoseOfItsEnd_andItsStartIsOneMore() throws IOException {
    var child = child();

    var states = walk(child.path("States"), child.path("StartAt").asText(), "");

    assertThat(states).startsWith("Scan slice", "More pages?").endsWith("Segment done");
    assertThat(states.size() + 1)
        .isEqualTo(Bills.TRANSITIONS_A_SLICE + Bills.TRANSITIONS_A_SEGMENT);
  }

  @Test
  void aRun_withoutPrewarm_entersFewerThanAreCharged() throws IOException {
    var definition = definition();

    var states = walk(definition.path("States"), definition.path("StartAt").asText(), "Done");

    assertThat(states).contains("Migrate segments");
    assertThat(states).hasSizeLessThan(Bills.TRANSITIONS_A_RUN / 2);
  }
}
