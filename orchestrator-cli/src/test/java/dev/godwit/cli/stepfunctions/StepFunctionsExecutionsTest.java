package dev.godwit.cli.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.lifecycle.Executions;
import dev.godwit.cli.lifecycle.ExecutionsContract;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sfn.SfnClient;

/** Step Functions, as it says that it answers. */
class StepFunctionsExecutionsTest extends ExecutionsContract {
  private static final StateMachineArn MACHINE =
      StateMachineArn.of("arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit");

  private final FakeStepFunctions aws;
  private final SfnClient client;
  private final Executions executions;

  StepFunctionsExecutionsTest() throws IOException {
    aws = new FakeStepFunctions();
    var endpoint = Optional.of(aws.endpoint());
    client =
        new AwsClients(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
                endpoint,
                endpoint,
                endpoint,
                endpoint,
                endpoint)
            .sfn("eu-west-1");
    executions = new StepFunctionsExecutions(MACHINE, client, new ConsoleLinks(MACHINE));
  }

  @AfterEach
  void close() {
    client.close();
    aws.close();
  }

  @Override
  protected Executions executions() {
    return executions;
  }

  @Override
  protected void fail(String runId) {
    aws.end(runId, false);
  }

  @Override
  protected void succeed(String runId) {
    aws.end(runId, true);
  }

  /** It has ended when StopExecution has answered. */
  @Override
  protected void awaitEnd(String runId) {}

  @Test
  void concurrency_segmentsUnderWay_isThatOfTheirMapRunAndIsUpdatedThere() throws Exception {
    executions.start(request("r"));
    var execution = executions.describe("r").orElseThrow();

    var concurrency = executions.concurrency(execution).orElseThrow();
    assertThat(concurrency.atOnce()).isEqualTo(2);
    concurrency.limitTo(40);

    assertThat(executions.concurrency(execution).orElseThrow().atOnce()).isEqualTo(40);
  }

  @Test
  void concurrency_noSegmentsUnderWay_isRefused() throws Exception {
    executions.start(request("r"));
    aws.end("r", true);
    var execution = executions.describe("r").orElseThrow();

    assertThatThrownBy(() -> executions.concurrency(execution))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("r is not working on its segments")
        .hasMessageContaining("nothing was changed");
  }
}
