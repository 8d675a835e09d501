package dev.godwit.cli.stepfunctions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
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

  /**
   * Moves the run on to the version that is live, and lets its slices go on with that code.
   *
   * @return the digest of that code
   */
  String moveOn(RunRequest request) {
    try {
      var awake = wake(request);
      var digest = JSON.readTree(awake.payload().asUtf8String()).path("code").asText();
      s3.putObject(
          put ->
              put.bucket(deployment.resultsBucket())
                  .key(ResultsLayout.acceptedCode(request.runId(), digest)),
          RequestBody.empty());
      pin(request.runId(), awake.executedVersion());
      return digest;
    } catch (SdkException | JsonProcessingException e) {
      throw refused(request, String.valueOf(e.getMessage()), e);
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
