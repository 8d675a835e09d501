package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in whose texts are characters beyond U+FFFF: two chars in Java, one in JSONata. */
class UnusualCharactersTest {
  private static final String CAUSE =
      "The folder of executions failed: /home/me/r\uD83D\uDE00sults/runs is full.";

  @TempDir Path home;

  @Test
  void settle_aCauseWithAnEmoji_isSettledWithItsWholeCause() {
    Execution run =
        new ScriptedRun(home.resolve("run"))
            .failing("Wake the worker", "dev.godwit.worker.BadSliceRequest", CAUSE)
            .run(
                Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS),
                "r1",
                ScriptedRun.json(
                    "{\"runId\": \"r1\", \"tableName\": \"Cities\", \"migration\": \"m1\","
                        + " \"direction\": \"up\"}"));
    assertThat(run.cause()).contains(CAUSE);

    ScriptedRun settling =
        new ScriptedRun(home.resolve("settling"))
            .task("Has it really ended?", "{\"Status\": \"FAILED\"}")
            .task(
                "Read the run",
                """
                {"Item": {"executionArn": {"S": "%s"}, "tableName": {"S": "Cities"},
                  "migration": {"S": "m1"}, "direction": {"S": "up"}, "mode": {"S": "apply"},
                  "status": {"S": "RUNNING"}, "fence": {"N": "7"}}}
                """
                    .formatted(run.arn()))
            .task("Read the lease", "{\"Item\": {\"fence\": {\"N\": \"7\"}}}")
            .task("Read the history", "{}");
    Execution settled =
        settling.run(
            Definitions.settleRun(ScriptedRun.SUBSTITUTIONS), "s", run.statusChangeEvent());

    assertThat(settled.cause()).isEmpty();
    JsonNode ending =
        settling
            .calls("Close the books")
            .get(0)
            .at("/TransactItems/0/Update/ExpressionAttributeValues");
    assertThat(ending.at("/:cause/S").asText()).isEqualTo(CAUSE);
  }
}
