package dev.godwit.cli.runs;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.LocalRuns;
import dev.godwit.cli.engine.LocalSurroundings;
import dev.godwit.cli.run.RemoteRuns;
import dev.godwit.cli.run.Runs;
import dev.godwit.cli.session.OutputOption;
import dev.godwit.cli.session.ResultsOption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where runs are: in a folder of this machine, or on AWS. */
final class PlaceOptions {
  @Option(
      names = "--local",
      description = "Look on this machine only, even if a state machine is named.")
  private boolean local;

  @Option(
      names = "--sfn-arn",
      paramLabel = "ARN",
      description =
          "The state machine of runs on AWS. Default: none, runs are looked for on this machine; variable: SFN_ARN.")
  private @Nullable String stateMachineArn;

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description =
          "Where the DynamoDB of local runs answers. Default: as when the run was started; variable: AWS_ENDPOINT_URL_DYNAMODB.")
  private @Nullable URI endpointUrl;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The AWS region of local runs. Default: as when the run was started.")
  private @Nullable String region;

  @Mixin private ResultsOption results = new ResultsOption();
  @Mixin private OutputOption output = new OutputOption();

  boolean json() {
    return output.json();
  }

  /**
   * Where the run {@code runId} is: on this machine if it is kept here, else on AWS.
   *
   * @param migrationsJars what wins over those it was started with
   */
  Runs of(RemoteRuns.Places aws, String runId, List<Path> migrationsJars) {
    return isKeptHere(runId) || !onAws() ? here(migrationsJars) : remote(aws);
  }

  /** On AWS if a state machine is named, else on this machine. */
  Runs all(RemoteRuns.Places aws) {
    return onAws() ? remote(aws) : here(List.of());
  }

  private boolean onAws() {
    return stateMachineArn != null && !local;
  }

  private boolean isKeptHere(String runId) {
    return Files.isDirectory(folder().resolve("executions").resolve(runId));
  }

  private Runs here(List<Path> migrationsJars) {
    return new LocalRuns(
        folder(),
        new LocalSurroundings(
            Optional.ofNullable(endpointUrl), Optional.ofNullable(region), migrationsJars));
  }

  private Path folder() {
    return results.folder();
  }

  private Runs remote(RemoteRuns.Places aws) {
    try {
      return aws.at(String.valueOf(stateMachineArn));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--sfn-arn (SFN_ARN): " + e.getMessage(), e);
    }
  }
}
