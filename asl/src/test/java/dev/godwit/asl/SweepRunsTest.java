package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepRunsTest {
  @TempDir Path home;

  @Test
  void sweep_aLeaseWhoseExecutionIsGone_isSettledAsAborted() {
    ScriptedRun run =
        new ScriptedRun(home)
            .task(
                "Find held tables",
                """
                {"Items": [{"runId": {"S": "r1"}, "executionArn": {"S": "arn:gone"},
                  "since": {"S": "2026-08-01T00:00:00Z"}}]}
                """)
            .failing("Describe the execution", "Sfn.ExecutionDoesNotExistException", "gone")
            .task("Read the run", "{\"Item\": {\"redrives\": {\"N\": \"2\"}}}");

    Execution sweep =
        run.run(Definitions.sweepRuns(ScriptedRun.SUBSTITUTIONS), "sweep", json("{}"));

    assertThat(sweep.cause()).isEmpty();
    JsonNode detail = json(run.calls("Settle it").get(0).get("Input").textValue()).get("detail");
    assertThat(detail.get("executionArn").textValue()).isEqualTo("arn:gone");
    assertThat(detail.get("status").textValue()).isEqualTo("ABORTED");
    assertThat(detail.get("error").textValue()).isEqualTo("Godwit.ExecutionIsGone");
    assertThat(detail.get("redriveCount").intValue()).isEqualTo(2);
  }
}
