package dev.godwit.cli.stepfunctions;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.lifecycle.Execution;
import dev.godwit.cli.lifecycle.Executions;
import dev.godwit.cli.lifecycle.MapRuns;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;

/** The executions of one state machine on AWS. */
final class StepFunctionsExecutions implements Executions {
  private final StateMachineArn machine;
  private final SfnClient sfn;
  private final ConsoleLinks links;
  private final Map<String, MapRunLooks> mapRuns = new HashMap<>();

  /**
   * @param sfn closed by who made it
   */
  StepFunctionsExecutions(StateMachineArn machine, SfnClient sfn, ConsoleLinks links) {
    this.machine = machine;
    this.sfn = sfn;
    this.links = links;
  }

  @Override
  public Optional<Execution> describe(String runId) {
    return asking(
        () -> {
          try {
            return Optional.of(
                execution(
                    sfn.describeExecution(
                        describe -> describe.executionArn(machine.execution(runId)))));
          } catch (ExecutionDoesNotExistException e) {
            return Optional.empty();
          }
        });
  }

  private static Execution execution(DescribeExecutionResponse described) {
    return new Execution(
        described.executionArn(),
        RunRequestJson.read(described.input()),
        status(described),
        false,
        false,
        described.startDate(),
        Optional.ofNullable(described.stopDate()),
        Optional.ofNullable(described.redriveCount()).orElse(0),
        Optional.ofNullable(described.redriveDate()),
        Optional.ofNullable(described.error()),
        Optional.ofNullable(described.cause()),
        notRedrivable(described));
  }

  private static Optional<String> notRedrivable(DescribeExecutionResponse described) {
    return status(described) == RunStatus.RUNNING
            || status(described) == RunStatus.SUCCEEDED
            || described.redriveStatus() != ExecutionRedriveStatus.NOT_REDRIVABLE
        ? Optional.empty()
        : Optional.of(
            described.redriveStatusReason()
                + " Step Functions redrives within 14 days of a run's end.");
  }

  private static RunStatus status(DescribeExecutionResponse described) {
    return switch (described.status()) {
      case SUCCEEDED -> RunStatus.SUCCEEDED;
      case FAILED -> RunStatus.FAILED;
      case TIMED_OUT -> RunStatus.TIMED_OUT;
      case ABORTED -> RunStatus.ABORTED;
      case RUNNING, PENDING_REDRIVE, UNKNOWN_TO_SDK_VERSION -> RunStatus.RUNNING;
    };
  }

  @Override
  public String start(RunRequest request) throws ExecutionExists {
    String input = RunRequestJson.write(request).toString();
    try {
      return sfn.startExecution(
              start -> start.stateMachineArn(machine.text()).name(request.runId()).input(input))
          .executionArn();
    } catch (ExecutionAlreadyExistsException e) {
      throw new ExecutionExists(e);
    } catch (SdkException e) {
      throw unanswered(e);
    }
  }

  @Override
  public void redrive(Execution last, String token) throws NotRedriven {
    try {
      sfn.redriveExecution(redrive -> redrive.executionArn(last.arn()).clientToken(token));
      mapRuns.remove(last.arn());
    } catch (SdkException e) {
      throw new NotRedriven(why(e), isRefusal(e), e);
    }
  }

  /** True when AWS has answered that it will not: a status 4xx. */
  private static boolean isRefusal(SdkException e) {
    return e instanceof SdkServiceException answer && answer.statusCode() / 100 == 4;
  }

  @Override
  public void stop(Execution execution, String why) {
    asking(
        () ->
            sfn.stopExecution(
                stop -> stop.executionArn(execution.arn()).error("Stopped").cause(why)));
  }

  @Override
  public Optional<Concurrency> concurrency(Execution execution) {
    var run =
        asking(() -> new MapRunLooks(sfn, execution.arn()).segmentsUnderWay())
            .orElseThrow(
                () ->
                    new CommandFailed(
                        ExitCode.BAD_USAGE,
                        "The run "
                            + execution.request().runId()
                            + " is not working on its segments just now, so it cannot be told how many at once; nothing was changed"));
    return Optional.of(
        new Concurrency() {
          @Override
          public int atOnce() {
            return run.maxConcurrency();
          }

          @Override
          public void limitTo(int atOnce) {
            asking(
                () ->
                    sfn.updateMapRun(
                        update -> update.mapRunArn(run.mapRunArn()).maxConcurrency(atOnce)));
          }
        });
  }

  @Override
  public MapRuns mapRuns(Execution execution) {
    return asking(
        () -> {
          var looks = mapRuns.computeIfAbsent(execution.arn(), arn -> new MapRunLooks(sfn, arn));
          looks.look();
          return looks.seen(execution.request().totalSegments(), links);
        });
  }

  <T> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (SdkException e) {
      throw unanswered(e);
    }
  }

  private CommandFailed unanswered(SdkException e) {
    if (e instanceof StateMachineDoesNotExistException) {
      return new CommandFailed(
          ExitCode.BAD_USAGE,
          "There is no state machine " + machine + "; check SFN_ARN or --sfn-arn and the account",
          e);
    }
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "Step Functions in " + machine.region() + " did not answer (" + why(e) + ")",
        e);
  }

  private static String why(SdkException e) {
    return e instanceof SfnException refused && refused.awsErrorDetails() != null
        ? refused.awsErrorDetails().errorCode() + ": " + refused.awsErrorDetails().errorMessage()
        : String.valueOf(e.getMessage());
  }
}
