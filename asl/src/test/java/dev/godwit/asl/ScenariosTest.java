package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every file under {@code scenarios/}. {@code -Dscenarios.regenerate=true} writes what came of
 * each into its {@code expect}: then review the diff against the page that the scenario cites.
 */
class ScenariosTest {
  private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

  @TempDir Path homes;

  private static List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(SCENARIOS)) {
      return walk.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> scenario_asItsSourceSays() throws IOException {
    return files().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    SCENARIOS.relativize(file).toString(), file.toUri(), () -> check(file)));
  }

  @Test
  void scenarios_all_areManyAndCiteTheirSource() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(150);
    for (Path file : files()) {
      assertThat(Json.parse(Files.readString(file)).path("cite").asText())
          .as("the source of %s", file)
          .containsAnyOf("States Language, ", "Step Functions Developer Guide, ");
    }
  }

  private void check(Path file) throws Exception {
    JsonNode json = Json.parse(Files.readString(file));
    Path home = Files.createTempDirectory(homes, "home");
    ObjectNode actual = new Scenario(json).run(home);
    if (Boolean.getBoolean("scenarios.regenerate")) {
      ((ObjectNode) json).set("expect", actual);
      Files.writeString(
          file,
          Json.MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n");
      return;
    }
    JsonNode expect = json.get("expect");
    if (expect.has("refused")) {
      assertThat(actual.has("refused")).as("refused at load").isTrue();
      expect
          .get("refused")
          .forEach(
              part ->
                  assertThat(actual.get("refused"))
                      .as("a problem with %s", part)
                      .anySatisfy(problem -> assertThat(problem.asText()).contains(part.asText())));
      return;
    }
    assertThat(actual.path("refused")).as("refused at load").isEmpty();
    if (expect.has("cause")) {
      assertThat(actual.get("cause").asText()).contains(expect.get("cause").asText());
      actual.set("cause", expect.get("cause"));
    }
    assertThat(Numbers.normal(actual)).isEqualTo(Numbers.normal(expect));
  }
}
