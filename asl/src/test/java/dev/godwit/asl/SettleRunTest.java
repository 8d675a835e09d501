package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettleRunTest {
  private static final String BEFORE =
      """
      {"table": {"readUnits": 5, "writeUnits": 5},
       "indexes": [{"name": "byCountry", "readUnits": 1, "writeUnits": 200}],
       "raisedTo": [{"readUnits": 100, "writeUnits": 100}],
       "scaling": [{"resourceId": "table/Cities", "dimension": "dynamodb:table:ReadCapacityUnits",
         "suspended": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}]}
      """;
  private static final String RAISED =
      """
      {"Table": {"TableStatus": "ACTIVE",
        "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 100},
        "GlobalSecondaryIndexes": [
          {"IndexName": "byCountry", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 200}},
          {"IndexName": "new", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 7}}]}}
      """;

  private static final String SUSPENDED =
      """
      {"ScalableTargets": [{"ResourceId": "table/Cities", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "SuspendedState": {"DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": true, "ScheduledScalingSuspended": true}}]}
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
            .task("Find auto scaling", SUSPENDED)
            .task("Read the lease", lease(7, "arn:mine"))
            .task("Read the history", "{}");
  }

  private static String record(String executionArn, String more) {
    return ("{\"Item\": {\"executionArn\": {\"S\": \"%s\"}, \"tableName\": {\"S\": \"Cities\"},"
            + " \"migration\": {\"S\": \"m1\"}, \"direction\": {\"S\": \"up\"},"
            + " \"mode\": {\"S\": \"apply\"}, \"status\": {\"S\": \"RUNNING\"},"
            + " \"code\": {\"S\": \"abc\"}, \"fence\": {\"N\": \"7\"}, \"redrives\": {\"N\": \"0\"}%s}}")
        .formatted(executionArn, more);
  }

  private static String closed(String more) {
    return record("arn:mine", ", \"endedAt\": {\"S\": \"2026-11-20T00:01:00.000Z\"}" + more)
        .replace("RUNNING", "FAILED");
  }

  private static String lease(int fence, String holder) {
    return ("{\"Item\": {\"fence\": {\"N\": \"%d\"}, \"executionArn\": {\"S\": \"%s\"},"
            + " \"runId\": {\"S\": \"r1\"}, \"since\": {\"S\": \"2026-11-20T00:00:00Z\"}}}")
        .formatted(fence, holder);
  }

  private static String freeLease(int fence) {
    return "{\"Item\": {\"fence\": {\"N\": \"%d\"}}}".formatted(fence);
  }

  private JsonNode closing() {
    return run.calls("Close the books").get(0).get("TransactItems");
  }

  private Optional<JsonNode> history() {
    return Optional.ofNullable(closing().at("/2/Put/Item")).filter(item -> !item.isMissingNode());
  }

  private void assertNothingWasChanged(Execution execution) {
    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.entered).last().isEqualTo("Nothing to settle");
    for (String changes :
        new String[] {
          "Close the books", "Lower capacity", "Resume one target", "Note the refusal", "Notify"
        }) {
      assertThat(run.calls(changes)).as(changes).isEmpty();
    }
  }

  private static String requested(String request) {
    return ", \"request\": " + Json.MAPPER.createObjectNode().put("S", request);
  }

  private static String before() {
    return Json.MAPPER.createObjectNode().put("S", json(BEFORE).toString()).toString();
  }

  private ScriptedRun raised() {
    return run.task("Read the run", record("arn:mine", ", \"capacityBefore\": " + before()));
  }

  /** What the record is from the first refusal on. */
  private static String refused() {
    return closed(
        ", \"capacityBefore\": " + before() + ", \"capacityNotRestored\": {\"S\": \"limited\"}");
  }

  /** A run whose capacity AWS refuses to lower; its record is closed when its books are. */
  private ScriptedRun raisedAndRefused() {
    String open = record("arn:mine", ", \"capacityBefore\": " + before());
    String closed = refused();
    return run.task(
            "Read the run", call -> json(run.calls("Close the books").isEmpty() ? open : closed))
        .task(
            "Read the lease",
            call ->
                json(run.calls("Close the books").isEmpty() ? lease(7, "arn:mine") : freeLease(7)))
        .failing("Lower capacity", "DynamoDb.LimitExceededException", "limited");
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
  void settle_aScalableTargetThatIsGone_isNoRefusal() {
    raised()
        .failing("Resume one target", "ApplicationAutoScaling.ObjectNotFoundException", "no such");

    Execution execution = settle(event("SUCCEEDED"));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.entered).contains("Target is gone").endsWith("Settled");
    assertThat(run.calls("Note the refusal")).isEmpty();
  }

  @Test
  void settle_failedRun_writesTheEndingAndReleasesTheLeaseButWritesNoHistory() {
    ObjectNode event = event("FAILED");
    ((ObjectNode) event.get("detail")).put("error", "States.X").put("cause", "because");

    Execution execution = settle(event);

    assertThat(execution.cause()).isEmpty();
    JsonNode ending = closing().at("/0/Update/ExpressionAttributeValues");
    assertThat(ending.at("/:status/S").asText()).isEqualTo("FAILED");
    assertThat(ending.at("/:at/S").asText()).isEqualTo("2026-11-20T00:01:00.000Z");
    assertThat(ending.at("/:error/S").asText()).isEqualTo("States.X");
    assertThat(ending.at("/:cause/S").asText()).isEqualTo("because");
    JsonNode release = closing().at("/1/Update");
    assertThat(release.at("/Key/pk/S").asText()).isEqualTo("TABLE#Cities");
    assertThat(release.get("UpdateExpression").asText())
        .as("the number stays")
        .isEqualTo("REMOVE runId, executionArn, since");
    assertThat(closing()).hasSize(2);
    assertThat(run.calls("Look at the table")).isEmpty();
    assertThat(run.calls("Let go of the worker")).as("a redrive needs it").isEmpty();
  }

  @Test
  void settle_whatItWrites_isBoundToTheFenceThatTheRunHad() {
    settle(event("SUCCEEDED"));

    for (int i = 0; i < 2; i++) {
      JsonNode update = closing().at("/" + i + "/Update");
      assertThat(update.get("ConditionExpression").asText()).isEqualTo("fence = :fence");
      assertThat(update.at("/ExpressionAttributeValues/:fence/N").asText()).isEqualTo("7");
    }
  }

  @Test
  void settle_everyTerminalStatus_isSettled() {
    for (String status : new String[] {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}) {
      run.task("Has it really ended?", "{\"Status\": \"" + status + "\"}");
      Execution execution =
          run.run(Definitions.settleRun(ScriptedRun.SUBSTITUTIONS), "s-" + status, event(status));
      assertThat(execution.output().orElseThrow().get("status").asText()).isEqualTo(status);
    }
    assertThat(run.calls("Close the books")).hasSize(4);
  }

  @Test
  void settle_succeededRun_writesTheHistoryInTheSameTransactionAndLetsGoOfTheWorker() {
    settle(event("SUCCEEDED"));

    assertThat(history())
        .contains(
            json(
                """
                {"pk": {"S": "TABLE#Cities"}, "sk": {"S": "MIGRATION#m1"}, "migration": {"S": "m1"},
                 "direction": {"S": "up"},
                 "state": {"S": "applied"}, "runId": {"S": "r1"}, "executionArn": {"S": "arn:mine"},
                 "at": {"S": "2026-11-20T00:01:00.000Z"}, "fence": {"N": "7"}, "failed": {"N": "0"},
                 "tolerated": {"N": "0"}, "code": {"S": "abc"}, "undid": {"S": ""}}
                """));
    assertThat(run.calls("Let go of the worker").get(0))
        .isEqualTo(json("{\"FunctionName\": \"worker\", \"Name\": \"run-r1\"}"));
  }

  @Test
  void settle_workerCannotBeLetGo_isNoError() {
    run.failing("Let go of the worker", "Lambda.AccessDeniedException", "no");

    assertThat(settle(event("SUCCEEDED")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void settle_dryRun_writesNoHistory() {
    run.task(
        "Read the run",
        record("arn:mine", "").replace("{\"S\": \"apply\"}", "{\"S\": \"verify\"}"));

    settle(event("SUCCEEDED"));

    assertThat(history()).isEmpty();
  }

  private void assertHistory(String more, String entry, String state) {
    assertHistory("up", more, entry, state);
  }

  private void assertHistory(String direction, String more, String entry, String state) {
    run.task(
            "Read the run",
            record("arn:mine", more)
                .replace(
                    "\"direction\": {\"S\": \"up\"}",
                    "\"direction\": {\"S\": \"" + direction + "\"}"))
        .task("Read the history", entry);

    assertHistoryAfter("SUCCEEDED", state);
  }

  private void assertHistoryAfter(String ending, String state) {
    Execution execution = settle(event(ending));

    assertThat(execution.cause()).isEmpty();
    assertThat(history().map(item -> item.at("/state/S").asText()).orElse("none")).isEqualTo(state);
  }

  private void assertUndid(String state) {
    assertThat(history().orElseThrow().at("/undid/S").asText()).isEqualTo(state);
  }

  private static String undid(String state, String runId, String undid) {
    return entry(state, runId, 0)
        .replace("\"runId\"", "\"undid\": {\"S\": \"" + undid + "\"}, \"runId\"");
  }

  private static String entry(String state, String runId, int tolerated) {
    return ("{\"Item\": {\"state\": {\"S\": \"%s\"}, \"runId\": {\"S\": \"%s\"},"
            + " \"direction\": {\"S\": \"up\"}, \"tolerated\": {\"N\": \"%d\"}}}")
        .formatted(state, runId, tolerated);
  }

  @Test
  void history_runThatOfferedEveryItem_isApplied() {
    assertHistory(
        requested("{\"version\": 1, \"toleratedFailurePercentage\": 0}"), "{}", "applied");
  }

  @Test
  void history_runInWhichItemsFailed_isPartialAndSaysHowMany() {
    assertHistory(", \"itemsFailed\": {\"N\": \"12\"}", "{}", "partial");
    assertThat(history().orElseThrow().at("/failed/N").asText()).isEqualTo("12");
  }

  @Test
  void history_segmentsTolerated_isPartialForNobodyKnowsWhatIsUnscanned() {
    assertHistory(requested("{\"toleratedFailurePercentage\": 0.5}"), "{}", "partial");
    assertThat(history().orElseThrow().at("/tolerated/N").asText()).isEqualTo("0.5");
  }

  @Test
  void history_downRun_isUndone() {
    assertHistory("down", "", entry("applied", "r0", 0), "undone");
  }

  /** Some items are migrated, some are not: that is neither applied nor undone. */
  @Test
  void history_downRunInWhichItemsFailed_isPartial() {
    assertHistory(
        "down", ", \"itemsFailed\": {\"N\": \"1\"}", entry("applied", "r0", 0), "partial");
  }

  private static final String UNDOES = requested("{\"undo\": \"r0\"}");

  @Test
  void history_undoOfAnAppliedRun_isUndone_andRemembersThat() {
    assertHistory("down", UNDOES, entry("applied", "r0", 0), "undone");
    assertUndid("applied");
  }

  @Test
  void history_undoOfARunThatFailed_isUndone_andRemembersThatThereWasNothing() {
    assertHistory("down", UNDOES, "{}", "undone");
    assertUndid("none");
  }

  @Test
  void history_undoOfTheUndoOfAnAppliedRun_isAppliedAgain() {
    assertHistory("up", UNDOES, undid("undone", "r0", "applied"), "applied");
    assertUndid("undone");
  }

  /** Half of the table was never offered. */
  @Test
  void history_undoOfTheUndoOfARunThatFailed_isPartial() {
    assertHistory("up", UNDOES, undid("undone", "r0", "none"), "partial");
  }

  @Test
  void history_undoOfAnUndoThatAnotherRunHasFollowed_isPartial() {
    assertHistory("up", UNDOES, undid("undone", "another", "applied"), "partial");
  }

  @Test
  void history_undoInWhichItemsHadChangedSince_isPartial() {
    assertHistory(
        "down", UNDOES + ", \"itemsFailed\": {\"N\": \"1\"}", entry("applied", "r0", 0), "partial");
  }

  /** Some items are back, some are not: that is not applied any more. */
  @Test
  void history_undoThatFailed_isPartial_andWhenItGoesOnRemembersWhatWasBefore() {
    run.task(
            "Read the run",
            record("arn:mine", UNDOES)
                .replace("\"direction\": {\"S\": \"up\"}", "\"direction\": {\"S\": \"down\"}"))
        .task("Read the history", entry("applied", "r0", 0));
    assertHistoryAfter("FAILED", "partial");
    assertUndid("applied");
  }

  @Test
  void history_undoThatFailedBeforeAndWentOn_remembersWhatWasBeforeItsFirstEnd() {
    assertHistory("down", UNDOES, undid("partial", "r1", "applied"), "undone");
    assertUndid("applied");
  }

  @Test
  void history_retryOfAPartialRunsFailures_completesIt() {
    assertHistory(requested("{\"retryFailures\": \"r0\"}"), entry("partial", "r0", 0), "applied");
  }

  @Test
  void history_retryAfterToleratedSegments_staysPartial() {
    assertHistory(requested("{\"retryFailures\": \"r0\"}"), entry("partial", "r0", 5), "partial");
    assertThat(history().orElseThrow().at("/tolerated/N").asText())
        .as("handed on, or the retry after this one would complete it")
        .isEqualTo("5");
  }

  @Test
  void history_retryInWhichItemsFailAgain_staysPartial() {
    assertHistory(
        requested("{\"retryFailures\": \"r0\"}") + ", \"itemsFailed\": {\"N\": \"2\"}",
        entry("partial", "r0", 0),
        "partial");
  }

  /** What failed on the way down was not migrated again by it: the rest is still undone. */
  @Test
  void history_retryInTheOtherDirection_isLeftAsItIs() {
    assertHistory(
        requested("{\"retryFailures\": \"r0\"}"),
        entry("partial", "r0", 0).replace("\"up\"", "\"down\""),
        "none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"Item\": {\"state\": {\"S\": \"partial\"}, \"direction\": {\"S\": \"up\"}, \"runId\": {\"S\": \"another\"}}}",
        "{\"Item\": {\"state\": {\"S\": \"undone\"}, \"direction\": {\"S\": \"up\"}, \"runId\": {\"S\": \"r0\"}}}",
        "{\"Item\": {\"state\": {\"S\": \"applied\"}, \"direction\": {\"S\": \"up\"}, \"runId\": {\"S\": \"r0\"}}}"
      })
  void history_retryOfAnythingElse_isLeftAsItIs(String entry) {
    assertHistory(requested("{\"retryFailures\": \"r0\"}"), entry, "none");
  }

  private static final String SELECTS = "{\"source\": {\"kind\": \"%s\", \"index\": \"byDay\"}}";

  @ParameterizedTest
  @ValueSource(strings = {"index", "query"})
  void history_runOverAnIndexOrSomeKeysThatItWasGiven_isPartial(String kind) {
    assertHistory(requested(SELECTS.formatted(kind)), "{}", "partial");
  }

  /** It has offered some items once more. */
  @Test
  void history_runOverAnIndexOfWhatIsApplied_isLeftAsItIs() {
    assertHistory(requested(SELECTS.formatted("index")), entry("applied", "r0", 0), "none");
  }

  @Test
  void history_retryOfARunOverAnIndex_doesNotCompleteIt() {
    assertHistory(
        requested("{\"retryFailures\": \"r0\", \"source\": {\"kind\": \"index\"}}"),
        entry("partial", "r0", 0),
        "partial");
  }

  @Test
  void history_wayDownOverAnIndex_leavesWhatWasAppliedPartialAndMakesNothingElse() {
    assertHistory(
        "down", requested(SELECTS.formatted("index")), entry("applied", "r0", 0), "partial");
  }

  @Test
  void history_wayDownOverAnIndexOfWhatIsNotThere_isLeftAsItIs() {
    assertHistory("down", requested(SELECTS.formatted("index")), "{}", "none");
  }

  @Test
  void history_runOverAFile_isAsOfAScan() {
    assertHistory(requested("{\"source\": {\"kind\": \"file\"}}"), "{}", "applied");
  }

  @Test
  void settle_booksClosedBefore_isNoError() {
    run.task("Read the run", closed(""));

    assertNothingWasChanged(settle(event("SUCCEEDED")));
  }

  @Test
  void settle_runThatWasRefusedTheTable_touchesNothing() {
    run.task("Read the run", record("arn:another", ""));

    assertNothingWasChanged(settle(event("FAILED")));
  }

  @Test
  void settle_noRecordAtAll_touchesNothing() {
    run.task("Read the run", "{}");

    assertNothingWasChanged(settle(event("FAILED")));
  }

  /** DescribeExecution is eventually consistent: it may say for a while that the run goes on. */
  @Test
  void settle_staleAnswerThatItRuns_asksAgainAndSettles() {
    var asked = new AtomicInteger();
    run.task(
        "Has it really ended?",
        call ->
            json("{\"Status\": \"" + (asked.incrementAndGet() < 4 ? "RUNNING" : "FAILED") + "\"}"));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(asked).hasValue(4);
    assertThat(run.calls("Close the books")).hasSize(1);
  }

  @Test
  void settle_saidToRunForEver_believesTheEventAfterTenMinutes() {
    run.task("Has it really ended?", "{\"Status\": \"RUNNING\", \"RedriveCount\": 0}");

    Execution execution = settle(event("FAILED"));

    assertThat(run.calls("Close the books")).hasSize(1);
    assertThat(Duration.between(execution.startedAt(), execution.stoppedAt().orElseThrow()))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
  }

  @Test
  void settle_executionGone_believesTheEvent() {
    run.failing("Has it really ended?", "Sfn.ExecutionDoesNotExistException", "gone");

    settle(event("FAILED"));

    assertThat(run.calls("Close the books")).hasSize(1);
  }

  @Test
  void settle_redrivenAndEndedAgain_leavesTheRestToThatEnd() {
    run.task(
        "Has it really ended?",
        "{\"Status\": \"SUCCEEDED\", \"StopDate\": \"2026-11-20T02:00:00.123Z\"}");

    assertNothingWasChanged(settle(event("FAILED")));
  }

  @Test
  void settle_endThatTheLedgerKnowsToBeRedriven_touchesNothing() {
    ObjectNode event = event("FAILED");
    ((ObjectNode) event.get("detail")).put("redriveCount", 0);
    run.task("Read the run", record("arn:mine", "").replace("{\"N\": \"0\"}", "{\"N\": \"1\"}"));

    assertNothingWasChanged(settle(event));
    assertThat(run.calls("Has it really ended?")).isEmpty();
  }

  /** Nobody told the ledger, so it has the end before as the last. */
  @Test
  void settle_endOfARunThatWasRedrivenInTheConsole_isWrittenOverTheEarlierOne() {
    run.task("Read the run", closed("").replace("00:01:00.000Z", "00:00:30.000Z"))
        .task("Read the lease", freeLease(7));

    settle(event("SUCCEEDED"));

    assertThat(run.calls("Close the books")).hasSize(1);
  }

  @Test
  void settle_tableTakenAgain_touchesNothing() {
    raised().task("Read the lease", lease(8, "arn:another"));

    assertNothingWasChanged(settle(event("FAILED")));
  }

  @Test
  void settle_tableTakenWhileItCloses_saysSo() {
    run.failing(
        "Close the books",
        "DynamoDb.TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
            + " [None, ConditionalCheckFailed]");

    Execution execution = settle(event("SUCCEEDED"));

    assertThat(execution.output().orElseThrow().get("reason").asText()).contains("taken again");
    assertThat(run.calls("Notify")).isEmpty();
    assertThat(run.calls("Let go of the worker")).isEmpty();
  }

  @Test
  void settle_transactionInConflictWithAnother_triesAgain() {
    var tries = new AtomicInteger();
    run.task(
        "Close the books",
        call -> {
          if (tries.incrementAndGet() < 3) {
            throw new TaskFailure(
                "DynamoDb.TransactionCanceledException",
                "Transaction cancelled, please refer cancellation reasons for specific reasons"
                    + " [TransactionConflict, None]");
          }
          return json("{}");
        });

    assertThat(settle(event("SUCCEEDED")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(tries).hasValue(3);
  }

  @Test
  void settle_redrivenSince_leavesTheRunItsLease() {
    run.task(
        "Has it really ended?",
        "{\"Status\": \"RUNNING\", \"RedriveDate\": \"2026-11-20T00:05:00.000Z\"}");

    assertNothingWasChanged(settle(event("FAILED")));
  }

  @Test
  void settle_redrivenWhileItWaitsToLowerCapacity_leavesTheRunItsCapacityAndItsEnding() {
    var looks = new AtomicInteger();
    raisedAndRefused()
        .task(
            "Has it really ended?",
            call ->
                json(
                    looks.incrementAndGet() < 3
                        ? "{\"Status\": \"FAILED\"}"
                        : "{\"Status\": \"RUNNING\", \"RedriveDate\": \"2026-11-20T02:00:00Z\"}"));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Lower capacity")).hasSize(2);
    assertThat(run.calls("Close the books")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void settle_loweringsAnswerLostAndAskedAgain_isNoRefusal(UpdateTableRefusal refusal) {
    var asked = new AtomicInteger();
    String lowered =
        RAISED
            .replace("100", "5")
            .replace(
                "\"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 200",
                "\"ReadCapacityUnits\": 1, \"WriteCapacityUnits\": 200");
    raised()
        .task(
            "Lower capacity",
            call -> {
              if (asked.incrementAndGet() == 1) {
                throw new TaskFailure("DynamoDb.SdkClientException", "Read timed out");
              }
              throw refusal.failure();
            })
        .task("Look at the table", call -> json(asked.get() == 0 ? RAISED : lowered));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.cause()).isEmpty();
    assertThat(asked).hasValue(2);
    assertThat(run.calls("Note the refusal")).isEmpty();
    assertThat(run.calls("Resume one target")).hasSize(1);
    assertThat(run.calls("Close the books")).hasSize(1);
    assertThat(run.entered).doesNotContain("Wait an hour");
  }

  @ParameterizedTest
  @EnumSource(names = {"WILL_NOT_CHANGE", "WILL_NOT_CHANGE_LOCALLY"})
  void settle_loweringRefusedWhileTheTableIsStillRaised_isNotedAndTriedAgain(
      UpdateTableRefusal refusal) {
    raisedAndRefused().task("Lower capacity", refusal.answer());

    Execution execution = settle(event("FAILED"));

    assertThat(execution.error()).contains("Godwit.CapacityNotRestored");
    assertThat(
            run.calls("Note the refusal").get(0).at("/ExpressionAttributeValues/:why/S").asText())
        .startsWith(refusal.error() + ": ");
    assertThat(run.calls("Lower capacity")).as("each time, the table is looked at").hasSize(54);
  }

  /** It asked for 100, and then, redriven, for 160; only the former was carried out. */
  @Test
  void settle_runThatRaisedTwice_lowersWhatStandsWhereEitherHasPutIt() {
    run.task(
        "Read the run",
        record("arn:mine", ", \"capacityBefore\": " + before())
            .replace(
                "raisedTo\\\":[", "raisedTo\\\":[{\\\"readUnits\\\":160,\\\"writeUnits\\\":60},"));

    settle(event("FAILED"));

    assertThat(run.calls("Lower capacity").get(0).at("/ProvisionedThroughput"))
        .isEqualTo(json("{\"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 5}"));
  }

  /** Nobody tried on: the sweep has started this settlement. */
  private ObjectNode sweptAfter(int tries, String status) {
    raisedAndRefused()
        .task(
            "Read the run",
            call ->
                json(
                    refused()
                        .replace("FAILED", status)
                        .replace(
                            "\"capacityNotRestored\"",
                            "\"capacityTries\": {\"N\": \""
                                + tries
                                + "\"}, \"capacityNotRestored\"")))
        .task("Read the lease", freeLease(9));
    return event(status);
  }

  @Test
  void settle_closedRunThatTheSweepFound_putsCapacityBackAndSaysSo() {
    ObjectNode event = sweptAfter(3, "FAILED");
    run.task("Lower capacity", "{}");

    assertThat(settle(event).cause()).isEmpty();

    assertThat(run.entered)
        .containsSubsequence(
            "Lower capacity", "Forget what was owed", "Note that it is lowered", "Settled");
    assertThat(run.calls("Note that it is lowered").get(0).get("UpdateExpression").asText())
        .as("a redrive may raise again")
        .isEqualTo("REMOVE capacityNotRestored, capacityTries, capacityTriedAt, capacityGivenUpAt");
    assertThat(run.calls("Close the books")).isEmpty();
  }

  /** An end before the last is told again: by whoever starts a failed settlement once more. */
  @Test
  void settle_closedRunThatHasSucceededSince_forgetsWhatItRaised() {
    ObjectNode event = sweptAfter(3, "SUCCEEDED");
    ((ObjectNode) event.get("detail")).put("status", "FAILED");
    run.task("Lower capacity", "{}");

    settle(event);

    assertThat(run.calls("Note that it is lowered").get(0).get("UpdateExpression").asText())
        .endsWith(", capacityBefore");
  }

  @Test
  void settle_closedRunOfAMachine_isAskedOfItsLeaseAlone() {
    ObjectNode event = sweptAfter(3, "FAILED");
    ((ObjectNode) event.get("detail")).put("elsewhere", true);
    run.task("Lower capacity", "{}");

    assertThat(settle(event).cause()).isEmpty();

    assertThat(run.calls("Has it really ended?")).isEmpty();
    assertThat(run.calls("Lower capacity")).hasSize(1);
  }

  @Test
  void settle_closedRunRefusedForADayInAll_isGivenUpAndTheRunSaysSo() {
    Execution execution = settle(sweptAfter(24, "FAILED"));

    assertThat(execution.error()).contains("Godwit.CapacityNotRestored");
    var notes = run.calls("Note the refusal");
    assertThat(notes).hasSize(3);
    assertThat(notes.get(0).get("UpdateExpression").asText())
        .isEqualTo(
            "SET capacityNotRestored = :why, capacityTries = :tries, capacityTriedAt = :now"
                + " REMOVE capacityGivenUpAt");
    assertThat(notes.get(2).get("UpdateExpression").asText())
        .isEqualTo(
            "SET capacityNotRestored = :why, capacityTries = :tries, capacityTriedAt = :now,"
                + " capacityGivenUpAt = :now");
    assertThat(notes.get(2).at("/ExpressionAttributeValues/:tries/N").asText()).isEqualTo("27");
  }

  /** The next run that raises the table must not take what is there for the original. */
  @Test
  void settle_capacityNotPutBack_leavesWithTheTableWhatIsOwedUntilItIsBack() {
    var tries = new AtomicInteger();
    raisedAndRefused()
        .task(
            "Lower capacity",
            call -> {
              if (tries.incrementAndGet() == 1) {
                throw new TaskFailure("DynamoDb.LimitExceededException", "limited");
              }
              return json("{}");
            });
    run.task(
        "Read the lease",
        call -> {
          if (run.calls("Close the books").isEmpty()) {
            return json(lease(7, "arn:mine"));
          }
          ObjectNode free = (ObjectNode) json(freeLease(8));
          ((ObjectNode) free.get("Item"))
              .set("capacityOwed", closing().at("/1/Update/ExpressionAttributeValues/:owed"));
          return free;
        });

    Execution execution = settle(event("FAILED"));

    assertThat(execution.cause()).isEmpty();
    JsonNode lease = closing().at("/1/Update");
    assertThat(lease.get("UpdateExpression").asText())
        .isEqualTo("SET capacityOwed = :owed REMOVE runId, executionArn, since");
    assertThat(closing().at("/0/Update/ConditionExpression").asText())
        .as("unless another settlement has put it back since")
        .isEqualTo("fence = :fence AND attribute_exists(capacityNotRestored)");
    String owed = lease.at("/ExpressionAttributeValues/:owed/S").asText();
    assertThat(json(owed)).isEqualTo(((ObjectNode) json(BEFORE)).put("runId", "r1"));
    JsonNode forgets = run.calls("Forget what was owed").get(0);
    assertThat(forgets.at("/ExpressionAttributeValues/:owed/S").asText()).isEqualTo(owed);
    assertThat(forgets.at("/ExpressionAttributeValues/:fence/N").asText()).isEqualTo("8");
    assertThat(run.entered)
        .containsSubsequence("Forget what was owed", "Note that it is lowered", "Settled");
  }

  @Test
  void settle_capacityPutBackByARunThatTookItOver_forgetsWhatWasOwed() {
    raised();

    settle(event("FAILED"));

    assertThat(closing().at("/1/Update/UpdateExpression").asText())
        .isEqualTo("REMOVE runId, executionArn, since, capacityOwed");
  }

  @Test
  void settle_whatAnotherRunOwesSince_isNotForgotten() {
    raisedAndRefused();
    run.task(
            "Lower capacity",
            call -> {
              if (run.calls("Close the books").isEmpty()) {
                throw new TaskFailure("DynamoDb.LimitExceededException", "limited");
              }
              return json("{}");
            })
        .task(
            "Read the lease",
            call ->
                json(
                    run.calls("Close the books").isEmpty()
                        ? lease(7, "arn:mine")
                        : "{\"Item\": {\"fence\": {\"N\": \"9\"}, \"capacityOwed\": {\"S\":"
                            + " \"{\\\"runId\\\": \\\"r2\\\"}\"}}}"))
        .failing("Forget what was owed", "DynamoDb.ConditionalCheckFailedException", "no");

    settle(event("FAILED"));

    assertThat(
            run.calls("Forget what was owed")
                .get(0)
                .at("/ExpressionAttributeValues/:owed/S")
                .asText())
        .isEqualTo("-");
    assertThat(run.entered).last().isEqualTo("Settled");
  }

  /** Another settlement of the same end has put all back just before this one notes its refusal. */
  @Test
  void settle_capacityPutBackByAnotherSettlement_triesNothingAgainAndForgetsTheRefusal() {
    var reads = new AtomicInteger();
    String open = record("arn:mine", ", \"capacityBefore\": " + before());
    String noted = closed(", \"capacityNotRestored\": {\"S\": \"limited\"}");
    raisedAndRefused()
        .task("Read the run", call -> json(reads.incrementAndGet() == 1 ? open : noted));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Lower capacity")).hasSize(1);
    assertThat(run.calls("Note that it is lowered")).hasSize(1);
    assertThat(run.calls("Note the refusal").get(0).get("ConditionExpression").asText())
        .isEqualTo("fence = :fence AND attribute_exists(capacityBefore)");
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
                    reads.incrementAndGet() == 1
                        ? record("arn:mine", ", \"capacityBefore\": " + before)
                        : closed(", \"capacityBefore\": " + before)));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Lower capacity")).hasSize(1);
    assertThat(run.calls("Close the books")).hasSize(1);
  }

  /** By a redrive that AWS refused and gave back, or by a release: nobody else tries any more. */
  @Test
  void settle_fenceRaisedWhileItWaitsToLowerCapacity_goesOnUnderThatFence() {
    var tries = new AtomicInteger();
    raisedAndRefused()
        .task(
            "Lower capacity",
            call -> {
              if (tries.incrementAndGet() < 3) {
                throw new TaskFailure("DynamoDb.LimitExceededException", "limited");
              }
              return json("{}");
            });
    String first = record("arn:mine", ", \"capacityBefore\": " + before());
    String later = refused().replace("{\"N\": \"7\"}", "{\"N\": \"8\"}");
    run.task("Read the run", call -> json(run.calls("Close the books").isEmpty() ? first : later))
        .task(
            "Read the lease",
            call ->
                json(run.calls("Close the books").isEmpty() ? lease(7, "arn:mine") : freeLease(8)));

    Execution execution = settle(event("FAILED"));

    assertThat(run.entered).last().isEqualTo("Settled");
    assertThat(execution.cause()).isEmpty();
    assertThat(tries).hasValue(3);
    assertThat(run.calls("Close the books")).hasSize(1);
    assertThat(
            run.calls("Note that it is lowered")
                .get(0)
                .at("/ExpressionAttributeValues/:fence/N")
                .asText())
        .isEqualTo("8");
  }

  @Test
  void settle_fenceRaisedJustWhenItNotesARefusal_looksAgain() {
    var notes = new AtomicInteger();
    var tries = new AtomicInteger();
    raisedAndRefused()
        .task(
            "Lower capacity",
            call -> {
              if (tries.incrementAndGet() < 3) {
                throw new TaskFailure("DynamoDb.LimitExceededException", "limited");
              }
              return json("{}");
            })
        .task(
            "Note the refusal",
            call -> {
              if (notes.incrementAndGet() == 2) {
                throw new TaskFailure("DynamoDb.ConditionalCheckFailedException", "no");
              }
              return json("{}");
            });

    settle(event("FAILED"));

    assertThat(run.entered).last().isEqualTo("Settled");
    assertThat(tries).hasValue(3);
  }

  @Test
  void settle_runningAgainWhileItWaitsToLowerCapacity_leavesTheRunItsCapacity() {
    raisedAndRefused();
    String first = record("arn:mine", ", \"capacityBefore\": " + before());
    String redriven = first.replace("{\"N\": \"7\"}", "{\"N\": \"8\"}");
    run.task(
        "Read the run", call -> json(run.calls("Close the books").isEmpty() ? first : redriven));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.output().orElseThrow().get("reason").asText()).contains("redriven");
    assertThat(run.calls("Lower capacity")).hasSize(1);
  }

  /** A role without the permission, say: the table must not stay locked for that. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Look at the table", "Find auto scaling", "Lower capacity", "Resume one target"})
  void settle_unforeseenErrorWhileItRestores_freesTheTableTellsAndTriesAgainEachHour(String state) {
    raisedAndRefused().task("Lower capacity", "{}");
    run.failing(state, "Some.AccessDeniedException", "not authorized");

    Execution execution = settle(event("FAILED"));

    assertThat(execution.error()).contains("Godwit.CapacityNotRestored");
    assertThat(execution.cause().orElseThrow())
        .contains("Some.AccessDeniedException: not authorized");
    assertThat(run.calls("Close the books")).hasSize(1);
    assertThat(closing().at("/0/Update/UpdateExpression").asText()).doesNotContain("REMOVE");
    assertThat(run.calls("Note the refusal")).hasSize(27);
    assertThat(
            run.calls("Note the refusal").get(0).at("/ExpressionAttributeValues/:why/S").asText())
        .isEqualTo("Some.AccessDeniedException: not authorized");
    assertThat(
            Duration.between(execution.startedAt(), execution.stoppedAt().orElseThrow()).toHours())
        .isGreaterThanOrEqualTo(26);
  }

  @Test
  void settle_unforeseenErrorThatPasses_isRestoredAnHourLater() {
    raisedAndRefused().task("Lower capacity", "{}");
    run.task(
        "Find auto scaling",
        call -> {
          if (run.calls("Close the books").isEmpty()) {
            throw new TaskFailure("Some.AccessDeniedException", "not authorized");
          }
          return json(SUSPENDED);
        });

    settle(event("FAILED"));

    assertThat(run.entered)
        .containsSubsequence(
            "Lower capacity",
            "Note the refusal",
            "Close the books",
            "Wait an hour",
            "Resume one target",
            "Note that it is lowered",
            "Settled");
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
                 "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "byCountry",
                   "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 200}}}]}
                """));
    assertThat(run.calls("Resume one target").get(0).get("SuspendedState"))
        .isEqualTo(json(BEFORE).at("/scaling/0/suspended"));
    assertThat(run.entered)
        .containsSubsequence(
            "Read the lease",
            "Lower capacity",
            "Resume auto scaling",
            "Close the books",
            "Settled");
    assertThat(closing().at("/0/Update/UpdateExpression").asText())
        .as("a redrive may raise again")
        .endsWith(" REMOVE capacityNotRestored, capacityTries, capacityTriedAt, capacityGivenUpAt");
  }

  @Test
  void settle_capacityRaisedByARunThatSucceeded_isForgotten() {
    raised();

    settle(event("SUCCEEDED"));

    assertThat(closing().at("/0/Update/UpdateExpression").asText())
        .endsWith(
            " REMOVE capacityNotRestored, capacityTries, capacityTriedAt, capacityGivenUpAt,"
                + " capacityBefore");
  }

  @Test
  void settle_capacityThatSomebodyHasSetSince_isTheirs() {
    raised()
        .task(
            "Look at the table",
            RAISED.replace("\"ReadCapacityUnits\": 100", "\"ReadCapacityUnits\": 300"));

    settle(event("FAILED"));

    assertThat(run.calls("Lower capacity").get(0))
        .as("the table's writes stand where the run put them, and nothing else")
        .isEqualTo(
            json(
                """
                {"TableName": "Cities",
                 "ProvisionedThroughput": {"ReadCapacityUnits": 300, "WriteCapacityUnits": 5}}
                """));
  }

  @Test
  void settle_raisedNothingBecauseTheRaiseFailed_resumesAutoScalingOnly() {
    raised()
        .task(
            "Look at the table",
            "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"ProvisionedThroughput\":"
                + " {\"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 5}}}");

    settle(event("FAILED"));

    assertThat(run.calls("Lower capacity")).isEmpty();
    assertThat(run.calls("Resume one target")).hasSize(1);
  }

  @Test
  void settle_autoScalingThatIsNotSuspendedNow_isLeftAlone() {
    raised()
        .task(
            "Find auto scaling",
            SUSPENDED.replace(
                "\"DynamicScalingInSuspended\": true", "\"DynamicScalingInSuspended\": false"));

    settle(event("FAILED"));

    assertThat(run.calls("Lower capacity")).hasSize(1);
    assertThat(run.calls("Resume one target")).isEmpty();
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
    assertThat(run.calls("Close the books")).hasSize(1);
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
    assertThat(run.calls("Close the books")).hasSize(1);
  }

  @Test
  void settle_decreaseRefusedToday_settlesAllElseTellsAndTriesAgainEachHour() {
    var tries = new AtomicInteger();
    raisedAndRefused()
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
            "Resume auto scaling",
            "Note the refusal",
            "Close the books",
            "Wait an hour",
            "Lower capacity",
            "Note the refusal",
            "Wait an hour",
            "Lower capacity",
            "Note the refusal",
            "Wait an hour",
            "Lower capacity",
            "Note that it is lowered",
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
    raisedAndRefused();

    Execution execution = settle(event("FAILED"));

    assertThat(execution.error()).contains("Godwit.CapacityNotRestored");
    assertThat(run.calls("Lower capacity")).hasSize(27);
    assertThat(run.calls("Close the books")).hasSize(1);
  }

  /** The settlement that waited has died: whoever starts another must not find nothing to do. */
  @Test
  void settle_onceMoreWhileCapacityIsStillRaised_lowersItAndClosesNothingAgain() {
    run.task("Read the run", refused()).task("Read the lease", freeLease(12));

    Execution execution = settle(event("FAILED"));

    assertThat(execution.output().orElseThrow().get("status").asText()).isEqualTo("FAILED");
    assertThat(run.calls("Lower capacity")).hasSize(1);
    assertThat(run.calls("Note that it is lowered")).hasSize(1);
    assertThat(run.calls("Close the books")).isEmpty();
  }

  @Test
  void settle_capacityToLowerWhileAnotherRunHoldsTheTable_waitsForItsEnd() {
    var tries = new AtomicInteger();
    var looks = new AtomicInteger();
    raisedAndRefused()
        .task(
            "Lower capacity",
            call -> {
              if (tries.incrementAndGet() == 1) {
                throw new TaskFailure("DynamoDb.LimitExceededException", "limited");
              }
              return json("{}");
            })
        .task(
            "Read the lease",
            call ->
                json(
                    switch (looks.incrementAndGet()) {
                      case 1 -> lease(7, "arn:mine");
                      case 2, 3, 4, 5 -> lease(8, "arn:another");
                      default -> freeLease(8);
                    }));

    settle(event("FAILED"));

    assertThat(looks).hasValue(6);
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
    JsonNode told = json(message.get("Message").asText());
    assertThat(told.get("event").asText()).isEqualTo("ended");
    assertThat(told.get("runId").asText()).isEqualTo("r1");
  }

  @Test
  void settle_topicOutOfReach_stillSeesToTheCapacity() {
    Map<String, String> substitutions = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
    substitutions.put("NotificationTopic", "arn:aws:sns:eu-west-1:1:t");
    raisedAndRefused().failing("Notify", "Sns.AuthorizationErrorException", "no");

    Execution execution = run.run(Definitions.settleRun(substitutions), "s", event("FAILED"));

    assertThat(execution.error()).contains("Godwit.CapacityNotRestored");
    assertThat(run.calls("Lower capacity")).hasSize(27);
  }

  @Test
  void settle_noTopic_publishesNothing() {
    settle(event("FAILED"));

    assertThat(run.calls("Notify")).isEmpty();
  }

  @Test
  void settle_brokenOffAnywhereAndRepeated_endsTheSame() {
    int attempt = 0;
    for (String state : new String[] {"Read the lease", "Read the history", "Close the books"}) {
      script();
      raised().failing(state, "DynamoDb.SomethingElse", "broken off");
      StateMachine settle = Definitions.settleRun(ScriptedRun.SUBSTITUTIONS);
      Execution first = run.run(settle, "settle-" + attempt++, event("SUCCEEDED"));
      assertThat(first.status()).as(state).isEqualTo(ExecutionStatus.FAILED);
      script();
      raised();
      Execution second = run.run(settle, "settle-" + attempt++, event("SUCCEEDED"));
      assertThat(second.status()).as(state).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(run.calls("Close the books")).as(state).hasSize(1);
    }
  }
}
