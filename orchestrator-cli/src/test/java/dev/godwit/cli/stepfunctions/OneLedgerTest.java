package dev.godwit.cli.stepfunctions;

import static dev.godwit.cli.stepfunctions.FakeAws.EXECUTION;
import static dev.godwit.cli.stepfunctions.FakeAws.MACHINE;
import static dev.godwit.cli.stepfunctions.FakeAws.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A run on this machine and one of a deployment, which have one ledger, keep each other off a
 * table.
 */
class OneLedgerTest {
  private static final double STARTED = 1_795_161_600;

  private final LocalDynamoDb dynamoDb = LocalDynamoDb.inMemory();
  private final DynamoDbClient client = dynamoDb.client();
  private final FakeAws aws = new FakeAws();
  private final RunLifecycle deployed =
      StepFunctionsPlace.runs(
          StateMachineArn.of(MACHINE),
          aws.clients(dynamoDb.endpoint()),
          new StepFunctionsPlace.Tempo(Duration.ofMillis(20), Duration.ofMillis(300)));

  @TempDir Path folder;

  @AfterEach
  void close() {
    deployed.close();
    aws.close();
    client.close();
    dynamoDb.close();
  }

  private static final RunObserver UNHEARD =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}
      };

  private record Flagging(ItemTransform up) implements Migration {
    @Override
    public String id() {
      return "20261120-flag";
    }

    @Override
    public String table() {
      return "Cities";
    }

    @Override
    public String description() {
      return "Flags cities.";
    }
  }

  private static RunRequest request(String runId) {
    return RunRequestJson.read(
        """
        {"version": 1, "runId": "%s", "tableName": "Cities", "migration": "20261120-flag",
         "direction": "up", "mode": "apply", "totalSegments": 1, "maxConcurrency": 1,
         "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
         "toleratedFailurePercentage": 0, "parameters": {}}"""
            .formatted(runId));
  }

  private RunEnding here(String runId, ItemTransform transform) {
    return new EmbeddedEngines()
        .open(
            DynamoDbConnection.local(dynamoDb.endpoint()),
            FakeAws.LEDGER,
            Migrations.of(List.of(new Flagging(transform))),
            folder,
            Optional.empty())
        .run(request(runId), UNHEARD, new StopSignal());
  }

  /** A run of the deployment that failed and was settled. */
  private void failedOnAws() {
    dynamoDb.createTable(FakeAws.LEDGER, "pk", "sk");
    dynamoDb.createTable("Cities", "id");
    client.putItem(put -> put.tableName("Cities").item(Map.of("id", s("paris"))));
    aws.answer("ListMapRuns", object("mapRuns", List.of()));
    aws.answer(
        "DescribeExecution",
        object(
            "executionArn",
            EXECUTION + "r",
            "stateMachineArn",
            MACHINE,
            "name",
            "r",
            "status",
            "FAILED",
            "startDate",
            STARTED,
            "stopDate",
            STARTED + 60,
            "input",
            RunRequestJson.write(request("r")).toString(),
            "redriveCount",
            0,
            "redriveStatus",
            "REDRIVABLE"));
    var item = new HashMap<String, AttributeValue>();
    item.put("pk", s("RUN#r"));
    item.put("sk", s("RUN"));
    item.put("runId", s("r"));
    item.put("tableName", s("Cities"));
    item.put("migration", s("20261120-flag"));
    item.put("direction", s("up"));
    item.put("mode", s("apply"));
    item.put("executionArn", s(EXECUTION + "r"));
    item.put("request", s(RunRequestJson.write(request("r")).toString()));
    item.put("status", s("FAILED"));
    item.put("startedAt", s("2026-11-20T08:00:00Z"));
    item.put("endedAt", s("2026-11-20T09:00:00.000Z"));
    item.put("error", s("States.ExceedToleratedFailureThreshold"));
    item.put("cause", s(""));
    item.put("fence", AttributeValue.fromN("1"));
    item.put("redrives", AttributeValue.fromN("0"));
    client.putItem(put -> put.tableName(FakeAws.LEDGER).item(item));
    client.putItem(
        put ->
            put.tableName(FakeAws.LEDGER)
                .item(
                    Map.of(
                        "pk",
                        s("TABLE#Cities"),
                        "sk",
                        s("LEASE"),
                        "fence",
                        AttributeValue.fromN("1"))));
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private Lease lease() {
    return new Ledger(client, FakeAws.LEDGER).lease("Cities");
  }

  private void redriveOnAws() {
    deployed.redrive("r", false, UNHEARD, new StopSignal());
  }

  @Test
  void redriveOnAws_whileARunHereHasTheTable_isRefusedAndNamesIt() {
    failedOnAws();
    var refusals = new ArrayList<String>();

    var ending =
        here(
            "mine",
            (item, context) -> {
              try {
                redriveOnAws();
              } catch (CommandFailed e) {
                refusals.add(e.getMessage());
              }
              assertThat(deployed.holder("Cities").orElseThrow().holder().runId())
                  .isEqualTo("mine");
              return Change.replace(item.with("flag", true));
            });

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(refusals).singleElement().asString().contains("held by the run mine");
    assertThat(aws.calls("RedriveExecution")).isEmpty();
    assertThat(lease().holder()).isEmpty();
  }

  @Test
  void runHere_whileARedriveOnAwsHasTheTable_isRefusedAndNamesIt() {
    failedOnAws();
    aws.answerInTurn(
        "RedriveExecution",
        List.of(
            FakeAws.refused(500, "InternalServerException"),
            FakeAws.refused(500, "InternalServerException")));
    assertThatThrownBy(this::redriveOnAws)
        .as("nobody can tell whether it goes on, so it keeps its table")
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("it keeps its table");
    assertThat(lease().isHeldBy(EXECUTION + "r")).isTrue();

    var ending = here("mine", (item, context) -> Change.replace(item.with("flag", true)));

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.error().orElse("")).contains("Godwit.TableIsTaken").contains("the run r");
    assertThat(lease().isHeldBy(EXECUTION + "r")).isTrue();
    assertThat(client.getItem(get -> get.tableName("Cities").key(Map.of("id", s("paris")))).item())
        .doesNotContainKey("flag");
  }
}
