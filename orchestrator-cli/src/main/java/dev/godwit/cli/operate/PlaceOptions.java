package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.EmbeddedPlace;
import dev.godwit.cli.engine.OriginOverrides;
import dev.godwit.cli.launch.OutputOption;
import dev.godwit.cli.launch.ResultsOption;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.stage.StageOption;
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

  @Option(
      names = "--ledger",
      paramLabel = "NAME",
      description =
          "The ledger of local runs. Default: as when the run was started; for a table, that of the deployment which owns it, else godwit-ledger.")
  private @Nullable String ledger;

  @Mixin private StageOption stage = new StageOption();
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
  RunLifecycle of(StateMachines aws, String runId, List<Path> migrationsJars) {
    return isKeptHere(runId) || !onAws() ? here(migrationsJars) : remote(aws);
  }

  /**
   * Where the run {@code runId} is, for a run that begins there.
   *
   * @param withCode whether it needs that one's migrations
   * @param migrationsJars what wins over those it was started with
   */
  RunLifecycle like(StateMachines aws, String runId, boolean withCode, List<Path> migrationsJars) {
    return isKeptHere(runId) || !onAws()
        ? EmbeddedPlace.like(runId, withCode, folder(), overrides(migrationsJars))
        : remote(aws);
  }

  /** On AWS if a state machine is named, else on this machine. */
  RunLifecycle all(StateMachines aws) {
    return onAws() ? remote(aws) : here(List.of());
  }

  /** The same, for what is done with {@code table}, which a stage must have. */
  RunLifecycle over(StateMachines aws, String table) {
    stage.table(table);
    return all(aws);
  }

  private boolean onAws() {
    return arn().isPresent();
  }

  private Optional<String> arn() {
    return stage.stateMachine(stateMachineArn, local);
  }

  /** The stage, if one was named. */
  StageOption stage() {
    return stage;
  }

  private boolean isKeptHere(String runId) {
    return Files.isDirectory(folder().resolve("executions").resolve(runId));
  }

  private RunLifecycle here(List<Path> migrationsJars) {
    return EmbeddedPlace.kept(folder(), overrides(migrationsJars));
  }

  private OriginOverrides overrides(List<Path> migrationsJars) {
    return new OriginOverrides(
        stage.endpointUrl(endpointUrl),
        stage.region(region),
        Optional.ofNullable(ledger),
        migrationsJars);
  }

  private Path folder() {
    return results.folder();
  }

  private RunLifecycle remote(StateMachines aws) {
    try {
      return aws.at(arn().orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--sfn-arn (SFN_ARN): " + e.getMessage(), e);
    }
  }
}
