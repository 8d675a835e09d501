package dev.godwit.cli.stepfunctions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;

/**
 * What a deployed state machine works with. Its own definition says so; nothing else need be
 * configured.
 *
 * @param ledgerTable the ledger's name
 * @param resultsBucket the bucket that results are written to
 */
record Deployment(String ledgerTable, String resultsBucket) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a deployed {@code migrate-table} definition.
   *
   * @throws CommandFailed when it is another machine's
   */
  static Deployment of(StateMachineArn machine, String definition) {
    try {
      var states = JSON.readTree(definition).path("States");
      var ledger =
          states.path("Open the run").at("/Arguments/TransactItems/0/Update/TableName").asText();
      var bucket = states.path("Migrate segments").at("/ResultWriter/Arguments/Bucket").asText();
      if (!ledger.isEmpty() && !bucket.isEmpty()) {
        return new Deployment(ledger, bucket);
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
}
