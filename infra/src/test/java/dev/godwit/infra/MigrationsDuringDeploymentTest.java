package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.infra.deployment.DeploymentHandler;
import dev.godwit.run.RunSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsDuringDeploymentTest {
  @TempDir Path folder;

  @Test
  void proceed_someDeploymentDoesNotWait_isAlsoCalledEveryFewMinutes() {
    assertThat(schedules(synthesized(false))).containsExactly("rate(5 minutes)");
    assertThat(schedules(synthesized(true))).isEmpty();
  }

  @Test
  void functions_theirTimeouts_areWhatTheFunctionsReckonWith() {
    var functions =
        synthesized(true).all("AWS::Lambda::Function").values().stream()
            .map(function -> function.get("Properties"))
            .filter(
                properties ->
                    properties
                        .get("Handler")
                        .asText()
                        .startsWith(DeploymentHandler.class.getName() + "::"))
            .toList();

    assertThat(functions)
        .hasSize(3)
        .allMatch(
            properties ->
                properties.get("Timeout").asLong()
                    == DeploymentHandler.LONGEST_INVOCATION.toSeconds());
  }

  private Synthesized synthesized(boolean waits) {
    return Synthesized.of(
        folder,
        builder ->
            builder
                .deploymentJar(Placeholder.jar(folder, "deployment.jar"))
                .runDuringDeployment(
                    new DeploymentRun(
                        "Cities",
                        List.of(new DeploymentRun.Step("20261101-first", true)),
                        waits,
                        100,
                        RunSettings.DEFAULT)));
  }

  private static List<String> schedules(Synthesized synthesized) {
    return synthesized.all("AWS::Events::Rule").values().stream()
        .map(rule -> rule.at("/Properties/ScheduleExpression"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .toList();
  }
}
