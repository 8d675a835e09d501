package dev.godwit.infra.deployment;

import java.util.Optional;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** Runs as executions of the deployed state machine; an execution is named after its run. */
final class StepFunctionsRuns implements Runs {
  private final SfnClient client;
  private final String stateMachineArn;
  private final AwsCalls calls;

  StepFunctionsRuns(SfnClient client, String stateMachineArn, AwsCalls calls) {
    this.client = client;
    this.stateMachineArn = stateMachineArn;
    this.calls = calls;
  }

  @Override
  public void start(String runId, String request) {
    calls.ask(
        () -> {
          try {
            return Optional.of(
                client.startExecution(
                    start -> start.stateMachineArn(stateMachineArn).name(runId).input(request)));
          } catch (ExecutionAlreadyExistsException e) {
            // It has been started before, by the same deployment: names are made of its request.
            return Optional.empty();
          }
        });
  }

  @Override
  public Optional<Run> find(String runId) {
    return calls.ask(
        () -> {
          try {
            return Optional.of(
                run(client.describeExecution(describe -> describe.executionArn(arn(runId)))));
          } catch (ExecutionDoesNotExistException e) {
            return Optional.empty();
          }
        });
  }

  private static Run run(DescribeExecutionResponse execution) {
    var ended = Optional.ofNullable(execution.stopDate());
    if (execution.status() == ExecutionStatus.RUNNING
        || execution.status() == ExecutionStatus.PENDING_REDRIVE) {
      return new Run(Status.RUNNING, Optional.empty(), "");
    }
    if (execution.status() == ExecutionStatus.SUCCEEDED) {
      return new Run(Status.SUCCEEDED, ended, "");
    }
    String error = execution.error() == null ? execution.statusAsString() : execution.error();
    String cause = execution.cause() == null ? "" : ": " + execution.cause();
    return new Run(Status.FAILED, ended, error + cause);
  }

  @Override
  public void stop(String runId, String why) {
    calls.ask(
        () ->
            client.stopExecution(
                stop -> stop.executionArn(arn(runId)).error("Godwit.RolledBack").cause(why)));
  }

  @Override
  public String arn(String runId) {
    return stateMachineArn.replace(":stateMachine:", ":execution:") + ":" + runId;
  }
}
