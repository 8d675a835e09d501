package dev.godwit.cli.stepfunctions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.run.RunRequest;
import dev.godwit.run.results.ResultsLayout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;

/** The version of the worker's function that a run is held to, by an alias of its own. */
final class PinnedWorker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LambdaClient lambda;
  private final S3Client s3;
  private final Deployment deployment;

  PinnedWorker(LambdaClient lambda, S3Client s3, Deployment deployment) {
    this.lambda = lambda;
    this.s3 = s3;
    this.deployment = deployment;
  }

  /** The code that is live, and the version that has it. */
  Code live(RunRequest request) {
    try {
      var awake = wake(request);
      return new Code(
          JSON.readTree(awake.payload().asUtf8String()).path("code").asText(),
          awake.executedVersion());
    } catch (SdkException | JsonProcessingException e) {
      throw refused(request, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Moves the run on to {@code code}. The word first, then the alias: whoever dies between the two
   * leaves a run that goes on with the code that it had.
   */
  void accept(RunRequest request, Code code) {
    try {
      s3.putObject(
          put ->
              put.bucket(deployment.resultsBucket())
                  .key(ResultsLayout.acceptedCode(request.runId(), code.digest())),
          RequestBody.empty());
      pin(request.runId(), code.version());
    } catch (SdkException e) {
      throw refused(request, String.valueOf(e.getMessage()), e);
    }
  }

  /** As {@link #accept}, if the run's alias points to another version. */
  void hold(RunRequest request, Code code) {
    String pinned;
    try {
      pinned = pinned(request.runId());
    } catch (SdkException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "Which version of its worker the run "
              + request.runId()
              + " is held to cannot be known ("
              + e.getMessage()
              + "); allow lambda:GetAlias on "
              + deployment.workerName()
              + ". Nothing was changed",
          e);
    }
    if (!pinned.equals(code.version())) {
      accept(request, code);
    }
  }

  /** The version that the run's alias points to; empty when it has none. */
  private String pinned(String runId) {
    try {
      return lambda
          .getAlias(get -> get.functionName(deployment.workerName()).name("run-" + runId))
          .functionVersion();
    } catch (ResourceNotFoundException e) {
      return "";
    }
  }

  private InvokeResponse wake(RunRequest request) {
    var event = JsonNodeFactory.instance.objectNode();
    event
        .putObject("wake")
        .put("runId", request.runId())
        .put("tableName", request.tableName())
        .put("migration", request.migration())
        .put("direction", request.direction().toString());
    var answer =
        lambda.invoke(
            invoke ->
                invoke
                    .functionName(deployment.worker())
                    .payload(SdkBytes.fromUtf8String(event.toString())));
    if (answer.functionError() != null) {
      throw refused(request, answer.payload().asUtf8String(), null);
    }
    return answer;
  }

  private void pin(String runId, String version) {
    var alias = "run-" + runId;
    try {
      lambda.updateAlias(
          update ->
              update.functionName(deployment.workerName()).name(alias).functionVersion(version));
    } catch (ResourceNotFoundException e) {
      lambda.createAlias(
          create ->
              create
                  .functionName(deployment.workerName())
                  .name(alias)
                  .functionVersion(version)
                  .description("A run of Godwit"));
    }
  }

  private CommandFailed refused(
      RunRequest request, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The run "
            + request.runId()
            + " cannot be moved on to the code that is live ("
            + why
            + "); allow lambda:InvokeFunction, UpdateAlias and CreateAlias on "
            + deployment.workerName()
            + ", and s3:PutObject on the results bucket",
        cause);
  }
}
