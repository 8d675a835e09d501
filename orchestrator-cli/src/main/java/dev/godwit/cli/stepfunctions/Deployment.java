package dev.godwit.cli.stepfunctions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;

/**
 * What a deployed state machine works with. Its own definition says so; nothing else need be
 * configured.
 *
 * @param ledgerTable the ledger's name
 * @param resultsBucket the bucket that results are written to
 * @param worker the function that new runs call: the alias of the version that is live
 * @param workerName the same function without a version
 * @param knowsSamples whether it passes on that a verification looks at some items only
 * @param knowsTargets whether it passes on that items are to be put into another table
 * @param knowsSources whether it passes on where items come from
 * @param knowsBeforeImages whether it passes on that they are to be kept, or a run to be undone
 */
record Deployment(
    String ledgerTable,
    String resultsBucket,
    String worker,
    String workerName,
    boolean knowsBeforeImages,
    boolean knowsTargets,
    boolean knowsSources,
    boolean knowsSamples) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a deployed {@code migrate-table} definition.
   *
   * @throws CommandFailed when it is another machine's
   */
  static Deployment of(StateMachineArn machine, String definition) {
    try {
      var states = JSON.readTree(definition).path("States");
      var deployment =
          new Deployment(
              states.path("Open the run").findPath("TableName").asText(),
              states.path("Migrate segments").at("/ResultWriter/Arguments/Bucket").asText(),
              function(states.path("Wake the worker")),
              function(states.path("Pin the worker")),
              definition.contains("'keepBeforeImages'"),
              definition.contains("'target'"),
              definition.contains("'source'"),
              definition.contains("'sample'"));
      if (!deployment.ledgerTable.isEmpty() && !deployment.resultsBucket.isEmpty()) {
        return deployment;
      }
    } catch (JsonProcessingException e) {
      // told below
    }
    throw new CommandFailed(
        ExitCode.BAD_USAGE,
        "The state machine "
            + machine
            + " is not one of Godwit's; give the ARN that the deployment printed as StateMachineArn");
  }

  private static String function(JsonNode state) {
    return state.at("/Arguments/FunctionName").asText();
  }
}
