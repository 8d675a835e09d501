package dev.godwit.cli.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.lifecycle.Executions.ExecutionExists;
import dev.godwit.cli.lifecycle.Executions.NotRedriven;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import org.junit.jupiter.api.Test;

/** What every place's executions do. Runs in it have two segments. */
public abstract class ExecutionsContract {
  /** What is tried. */
  protected abstract Executions executions();

  /**
   * Brings a run that goes on to its end, all of its segments failed; returns when it has ended.
   */
  protected abstract void fail(String runId);

  /** Brings a run that goes on to its end, all of its segments done; returns when it has ended. */
  protected abstract void succeed(String runId);

  /** Waits for the end of a run that was stopped. */
  protected abstract void awaitEnd(String runId);

  /** A run over a table that is there. */
  protected static RunRequest request(String runId) {
    return RunRequestJson.read(
        """
        {"version": 1, "runId": "%s", "tableName": "Cities", "migration": "20261120-test",
         "direction": "up", "mode": "apply", "totalSegments": 2, "maxConcurrency": 2,
         "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
         "toleratedFailurePercentage": 0, "parameters": {"a": "ä"}}"""
            .formatted(runId));
  }

  private Execution found(String runId) {
    return executions().describe(runId).orElseThrow();
  }

  @Test
  void describe_ofARunThatNeverWas_isEmpty() {
    assertThat(executions().describe("never")).isEmpty();
  }

  @Test
  void start_goesOn_asItWasAskedTo() throws ExecutionExists {
    var arn = executions().start(request("r"));

    var execution = found("r");
    assertThat(execution.arn()).isEqualTo(arn);
    assertThat(execution.request()).isEqualTo(request("r"));
    assertThat(execution.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(execution.goesOn()).isTrue();
    assertThat(execution.stoppedAt()).isEmpty();
    assertThat(execution.redriveCount()).isZero();
    assertThat(execution.failure()).isEmpty();
    succeed("r");
  }

  @Test
  void start_underTheIdOfAnother_isRefused_andLeavesThatOneAlone() throws ExecutionExists {
    var arn = executions().start(request("r"));
    var other = request("r").withMaxConcurrency(1);
    assertThatThrownBy(() -> executions().start(other)).isInstanceOf(ExecutionExists.class);
    succeed("r");
    assertThatThrownBy(() -> executions().start(other)).isInstanceOf(ExecutionExists.class);
    assertThat(found("r").arn()).isEqualTo(arn);
    assertThat(found("r").request()).isEqualTo(request("r"));
  }

  @Test
  void describe_ofOneThatHasEnded_saysHowAndWhen() throws ExecutionExists {
    executions().start(request("good"));
    succeed("good");
    assertThat(found("good").status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(found("good").stoppedAt()).isPresent();
    assertThat(executions().mapRuns(found("good")).segments())
        .isEqualTo(new SegmentCounts(2, 2, 0));

    executions().start(request("bad"));
    fail("bad");
    assertThat(found("bad").status()).isEqualTo(RunStatus.FAILED);
    assertThat(found("bad").stoppedAt()).isPresent();
    assertThat(found("bad").error()).isPresent();
    assertThat(executions().mapRuns(found("bad")).segments().succeeded()).isZero();
  }

  @Test
  void stop_endsItAsAborted() throws ExecutionExists {
    executions().start(request("r"));
    executions().stop(found("r"), "because");
    awaitEnd("r");
    assertThat(found("r").status()).isEqualTo(RunStatus.ABORTED);
    assertThat(found("r").error()).contains("Stopped");
    assertThat(found("r").stoppedAt()).isPresent();
  }

  @Test
  void redrive_goesOnAsTheSameExecution() throws Exception {
    var arn = executions().start(request("r"));
    fail("r");
    executions().redrive(found("r"), "token-1");
    assertThat(found("r").status()).isEqualTo(RunStatus.RUNNING);
    assertThat(found("r").arn()).isEqualTo(arn);
    assertThat(found("r").redriveCount()).isEqualTo(1);
    assertThat(found("r").stoppedAt()).isEmpty();
    succeed("r");
    assertThat(found("r").status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(found("r").redriveCount()).isEqualTo(1);
  }

  @Test
  void redrive_ofOneThatRunsOrHasSucceeded_isRefusedForSure() throws Exception {
    executions().start(request("r"));
    assertThatThrownBy(() -> executions().redrive(found("r"), "token-1"))
        .isInstanceOfSatisfying(NotRedriven.class, e -> assertThat(e.isSure()).isTrue());
    succeed("r");
    assertThatThrownBy(() -> executions().redrive(found("r"), "token-2"))
        .isInstanceOfSatisfying(NotRedriven.class, e -> assertThat(e.isSure()).isTrue());
    assertThat(found("r").redriveCount()).isZero();
  }
}
