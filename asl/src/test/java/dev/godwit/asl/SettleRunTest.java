package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettleRunTest {
  private static final String BEFORE =
      """
      {"table": {"readUnits": 5, "writeUnits": 5},
       "indexes": [{"name": "g", "readUnits": 1, "writeUnits": 2}],
       "scaling": [{"resourceId": "table/Cities", "dimension": "dynamodb:table:ReadCapacityUnits",
         "suspended": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}]}
      """;
  private static final String RAISED =
      """
      {"Table": {"TableStatus": "ACTIVE",
        "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 100},
        "GlobalSecondaryIndexes": [
          {"IndexName": "g", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 2}},
          {"IndexName": "new", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 7}}]}}
      """;

  @TempDir Path home;
  private ScriptedRun run;

  @BeforeEach
  void script() {
    run =
        new ScriptedRun(home)
            .task("Has it really ended?", "{\"Status\": \"FAILED\"}")
            .task("Read the run", record("arn:mine", ""))
            .task("Look at the table", RAISED)
            .task("Is the table free?", "{}");
  }

  private static String record(String executionArn, String more) {
    return ("{\"Item\": {\"executionArn\": {\"S\": \"%s\"}, \"tableName\": {\"S\": \"Cities\"},"
            + " \"migration\": {\"S\": \"m1\"}, \"direction\": {\"S\": \"up\"},"
            + " \"mode\": {\"S\": \"apply\"}%s}}")
        .formatted(executionArn, more);
  }

  private static String requested(String request) {
    return ", \"request\": " + Json.MAPPER.createObjectNode().put("S", request);
  }

  private ScriptedRun raised() {
    ObjectNode before = Json.MAPPER.createObjectNode().put("S", json(BEFORE).toString());
    return run.task("Read the run", record("arn:mine", ", \"capacityBefore\": " + before));
  }

  private static ObjectNode event(String status) {
    ObjectNode event =
        (ObjectNode)
            json(
                """
                {"detail-type": "Step Functions Execution Status Change", "source": "aws.states",
                 "detail": {"executionArn": "arn:mine", "name": "r1", "status": "FAILED",
                   "startDate": 1795132800000, "stopDate": 1795132860000,
                   "input": "{\\"runId\\": \\"r1\\"}", "inputDetails": {"included": true},
                   "output": null, "error": null, "cause": null}}
                """);
    ((ObjectNode) event.get("detail")).put("status", status);
    return event;
  }

  private Execution settle(JsonNode event) {
    return run.run(Definitions.settleRun(ScriptedRun.SUBSTITUTIONS), "s", event);
  }

  @Test
  void settle_failedRun_writesTheEndingAndReleasesTheLeaseButWritesNoHistory() {
    ObjectNode event = event("FAILED");
    ((ObjectNode) event.get("detail")).put("error", "States.X").put("cause", "because");

    Execution execution = settle(event);

    assertThat(execution.cause()).isEmpty();
    JsonNode ending = run.calls("Write the ending").get(0).get("ExpressionAttributeValues");
    assertThat(ending.at("/:status/S").asText()).isEqualTo("FAILED");
    assertThat(ending.at("/:at/S").asText()).isEqualTo("2026-11-20T00:01:00.000Z");
    assertThat(ending.at("/:cause/S").asText()).isEqualTo("because");
    assertThat(run.calls("Write the history")).isEmpty();
    JsonNode release = run.calls("Release the lease").get(0);
    assertThat(release.at("/Key/pk/S").asText()).isEqualTo("TABLE#Cities");
    assertThat(release.get("ConditionExpression").asText()).isEqualTo("executionArn = :execution");
    assertThat(run.calls("Look at the table")).isEmpty();
  }

  @Test
  void settle_everyTerminalStatus_isSettled() {
    for (String status : new String[] {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}) {
      run.task("Has it really ended?", "{\"Status\": \"" + status + "\"}");
      Execution execution =
          run.run(Definitions.settleRun(ScriptedRun.SUBSTITUTIONS), "s-" + status, event(status));
      assertThat(execution.output().orElseThrow().get("status").asText()).isEqualTo(status);
    }
    assertThat(run.calls("Release the lease")).hasSize(4);
  }

  @Test
  void settle_succeededRun_writesTheHistoryButNeverOverALaterOne() {
    settle(event("SUCCEEDED"));

    JsonNode history = run.calls("Write the history").get(0);
    assertThat(history.at("/Item/sk/S").asText()).isEqualTo("MIGRATION#m1");
    assertThat(history.at("/Item/state/S").asText()).isEqualTo("applied");
    assertThat(history.get("ConditionExpression").asText())
        .isEqualTo("attribute_not_exists(pk) OR #at <= :at");
  }

  @Test
  void settle_dryRun_writesNoHistory() {
    run.task(
        "Read the run",
        record("arn:mine", "").replace("{\"S\": \"apply\"}", "{\"S\": \"verify\"}"));

    settle(event("SUCCEEDED"));

    assertThat(run.calls("Write the history")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"retryFailures\": \"r0\"}", "{\"toleratedFailurePercentage\": 0.5}"})
  void settle_runThatMayNotHaveOfferedEveryItem_writesNoHistory(String request) {
    run.task("Read the run", record("arn:mine", requested(request)));

    assertThat(settle(event("SUCCEEDED")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);

    assertThat(run.calls("Write the history")).isEmpty();
    assertThat(run.calls("Release the lease")).hasSize(1);
  }

  @Test
  void settle_runThatOfferedEveryItem_writesTheHistory() {
    run.task(
        "Read the run",
        record("arn:mine", requested("{\"version\": 1, \"toleratedFailurePercentage\": 0}")));

    settle(event("SUCCEEDED"));

    assertThat(run.calls("Write the history")).hasSize(1);
  }

  @Test
  void settle_historyAndLeaseWrittenBefore_isNoError() {
    run.failing("Write the history", "DynamoDb.ConditionalCheckFailedException", "")
        .failing("Release the lease", "DynamoDb.ConditionalCheckFailedException", "");

    assertThat(settle(event("SUCCEEDED")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Release the lease")).hasSize(1);
  }

  @Test
  void settle_runThatWasRefusedTheTable_touchesNothing() {
    run.task("Read the run", record("arn:another", ""));

    settle(event("FAILED"));

    assertThat(run.calls("Write the ending")).isEmpty();
    assertThat(run.calls("Release the lease")).isEmpty();
  }

  @Test
  void settle_noRecordAtAll_touchesNothing() {
    run.task("Read the run", "{}");

    assertThat(settle(event("FAILED")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Release the lease")).isEmpty();
  }

  @Test
  void settle_redrivenSince_leavesTheRunItsLease() {
    run.task("Has it really ended?", "{\"Status\": \"RUNNING\"}");

    settle(event("FAILED"));

    assertThat(run.calls("Release the lease")).isEmpty();
  }

  /** DynamoDB compares them as text: so each has milliseconds, be they zero. */
  @Test
  void settle_ending_isWrittenUnlessALaterOneIsThere() {
    settle(event("FAILED"));

    JsonNode ending = run.calls("Write the ending").get(0);
    assertThat(ending.get("ConditionExpression").asText())
        .isEqualTo("attribute_exists(pk) AND (attribute_not_exists(endedAt) OR endedAt <= :at)");
    assertThat(ending.at("/ExpressionAttributeValues/:at/S").asText())
        .isEqualTo("2026-11-20T00:01:00.000Z");
  }

  @Test
  void settle_laterEndingIsThereAlready_leavesTheRestToItsSettlement() {
    Map<String, String> substitutions = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
    substitutions.put("NotificationTopic", "arn:aws:sns:eu-west-1:1:t");
    run.failing("Write the ending", "DynamoDb.ConditionalCheckFailedException", "");

    var execution = run.run(Definitions.settleRun(substitutions), "s", event("SUCCEEDED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Write the ending")).hasSize(1);
    assertThat(run.calls("Write the history")).isEmpty();
    assertThat(run.calls("Release the lease")).isEmpty();
    assertThat(run.calls("Notify")).isEmpty();
  }

  @Test
  void settle_redrivenWhileItWaitsToLowerCapacity_leavesTheRunItsCapacityAndItsEnding() {
    var looks = new AtomicInteger();
    raised()
        .failing("Lower capacity", "DynamoDb.LimitExceededException", "limited")
        .task(
            "Has it really ended?",
            call ->
                json(
                    "{\"Status\": \""
                        + (looks.incrementAndGet() < 3 ? "FAILED" : "RUNNING")
                        + "\"}"));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Lower capacity")).hasSize(2);
    assertThat(run.calls("Write the ending")).hasSize(1);
    assertThat(run.calls("Release the lease")).hasSize(1);
  }

  @Test
  void settle_capacityLoweredByTheNextEndWhileItWaits_isDone() {
    var reads = new AtomicInteger();
    raised();
    var before = Json.MAPPER.createObjectNode().put("S", json(BEFORE).toString());
    run.failing("Lower capacity", "DynamoDb.LimitExceededException", "limited")
        .task(
            "Read the run",
            call ->
                json(
                    record(
                        "arn:mine",
                        reads.incrementAndGet() == 1 ? ", \"capacityBefore\": " + before : "")));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Lower capacity")).hasSize(1);
    assertThat(run.calls("Write the ending")).hasSize(1);
  }

  @Test
  void settle_inputLeftOutOfTheEvent_takesTheExecutionsNameForTheRunsId() {
    ObjectNode event = event("FAILED");
    ((ObjectNode) event.get("detail")).putNull("input");

    settle(event);

    assertThat(run.calls("Read the run").get(0).at("/Key/pk/S").asText()).isEqualTo("RUN#r1");
  }

  @Test
  void settle_capacityRaised_lowersWhatIsAboveAndOnlyThatAndForgets() {
    raised();

    Execution execution = settle(event("ABORTED"));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Lower capacity").get(0))
        .isEqualTo(
            json(
                """
                {"TableName": "Cities",
                 "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
                 "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "g",
                   "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}}]}
                """));
    assertThat(run.calls("Resume one target").get(0).get("SuspendedState"))
        .isEqualTo(json(BEFORE).at("/scaling/0/suspended"));
    assertThat(run.entered)
        .containsSubsequence(
            "Lower capacity",
            "Resume auto scaling",
            "Forget capacity",
            "Write the ending",
            "Release the lease",
            "Settled");
  }

  @Test
  void settle_loweredAlready_callsNothingAgain() {
    raised()
        .task(
            "Look at the table",
            "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"ProvisionedThroughput\":"
                + " {\"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 3}}}");

    Execution execution = settle(event("FAILED"));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Lower capacity")).isEmpty();
    assertThat(run.calls("Forget capacity")).hasSize(1);
  }

  @Test
  void settle_tableChanging_waitsForIt() {
    var looks = new AtomicInteger();
    raised()
        .task(
            "Look at the table",
            call ->
                json(looks.incrementAndGet() < 3 ? RAISED.replace("ACTIVE", "UPDATING") : RAISED));

    settle(event("FAILED"));

    assertThat(run.calls("Look at the table")).hasSize(3);
    assertThat(run.calls("Lower capacity")).hasSize(1);
  }

  @Test
  void settle_tableGone_settlesTheRest() {
    raised().failing("Look at the table", "DynamoDb.ResourceNotFoundException", "no such table");

    assertThat(settle(event("FAILED")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Release the lease")).hasSize(1);
  }

  @Test
  void settle_decreaseRefusedToday_settlesAllElseTellsAndTriesAgainEachHour() {
    var tries = new AtomicInteger();
    raised()
        .task(
            "Lower capacity",
            call -> {
              if (tries.incrementAndGet() <= 3) {
                throw new TaskFailure(
                    "DynamoDb.LimitExceededException",
                    "Subscriber limit exceeded: Provisioned throughput decreases are limited"
                        + " within a given UTC day.");
              }
              return json("{}");
            });

    Execution execution = settle(event("FAILED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.entered)
        .containsSubsequence(
            "Note the refusal",
            "Resume auto scaling",
            "Write the ending",
            "Release the lease",
            "Wait an hour",
            "Lower capacity",
            "Note the refusal",
            "Wait an hour",
            "Lower capacity",
            "Note the refusal",
            "Wait an hour",
            "Lower capacity",
            "Forget capacity",
            "Settled");
    assertThat(
            Duration.between(execution.startedAt(), execution.stoppedAt().orElseThrow()).toHours())
        .isEqualTo(3);
    assertThat(
            run.calls("Note the refusal").get(2).at("/ExpressionAttributeValues/:tries/N").asText())
        .isEqualTo("3");
  }

  @Test
  void settle_decreaseRefusedForADay_failsAndSaysWhatToDo() {
    raised().failing("Lower capacity", "DynamoDb.LimitExceededException", "limited");

    Execution execution = settle(event("FAILED"));

    assertThat(execution.error()).contains("Godwit.CapacityNotRestored");
    assertThat(run.calls("Lower capacity")).hasSize(27);
    assertThat(run.calls("Release the lease")).hasSize(1);
  }

  @Test
  void settle_capacityToLowerWhileAnotherRunHoldsTheTable_waitsForItsEnd() {
    var tries = new AtomicInteger();
    var looks = new AtomicInteger();
    raised()
        .task(
            "Lower capacity",
            call -> {
              if (tries.incrementAndGet() == 1) {
                throw new TaskFailure("DynamoDb.LimitExceededException", "limited");
              }
              return json("{}");
            })
        .task(
            "Is the table free?",
            call -> json(looks.incrementAndGet() < 5 ? "{\"Item\": {}}" : "{}"));

    settle(event("FAILED"));

    assertThat(run.calls("Is the table free?")).hasSize(5);
    assertThat(run.calls("Lower capacity")).hasSize(2);
  }

  @Test
  void settle_topicSet_publishesOnce() {
    Map<String, String> substitutions = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
    substitutions.put("NotificationTopic", "arn:aws:sns:eu-west-1:1:t");

    run.run(Definitions.settleRun(substitutions), "s", event("FAILED"));

    JsonNode message = run.calls("Notify").get(0);
    assertThat(message.get("TopicArn").asText()).isEqualTo("arn:aws:sns:eu-west-1:1:t");
    assertThat(message.get("Subject").asText()).isEqualTo("Godwit: m1 on Cities FAILED");
    assertThat(json(message.get("Message").asText()).get("runId").asText()).isEqualTo("r1");
  }

  @Test
  void settle_noTopic_publishesNothing() {
    settle(event("FAILED"));

    assertThat(run.calls("Notify")).isEmpty();
  }

  @Test
  void settle_brokenOffAnywhereAndRepeated_endsTheSame() {
    int attempt = 0;
    for (String state :
        new String[] {
          "Look at the table",
          "Lower capacity",
          "Resume one target",
          "Forget capacity",
          "Write the ending",
          "Write the history",
          "Release the lease"
        }) {
      script();
      raised().failing(state, "DynamoDb.SomethingElse", "broken off");
      StateMachine settle = Definitions.settleRun(ScriptedRun.SUBSTITUTIONS);
      Execution first = run.run(settle, "settle-" + attempt++, event("SUCCEEDED"));
      assertThat(first.status()).as(state).isEqualTo(ExecutionStatus.FAILED);
      script();
      raised();
      Execution second = run.run(settle, "settle-" + attempt++, event("SUCCEEDED"));
      assertThat(second.status()).as(state).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(run.calls("Release the lease")).as(state).hasSize(1);
    }
  }
}
