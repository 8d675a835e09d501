package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The made-up time begins at {@link VirtualLoop#START}, 2026-11-20T00:00:00Z. */
class SweepRunsTest {
  @TempDir Path home;
  private ScriptedRun run;

  @BeforeEach
  void script() {
    run =
        new ScriptedRun(home)
            .task(
                "Describe the execution",
                "{\"Status\": \"FAILED\", \"StopDate\": \"2026-11-19T10:00:00.000Z\"}")
            .task("Read the run", "{\"Item\": {\"redrives\": {\"N\": \"2\"}}}")
            .task("Read the lease", "{\"Item\": {\"fence\": {\"N\": \"7\"}}}");
  }

  private static String lease(String runId, String more) {
    return ("{\"sk\": {\"S\": \"LEASE\"}, \"runId\": {\"S\": \"%s\"}, \"executionArn\":"
            + " {\"S\": \"arn:aws:states:local:000000000000:execution:migrate-table:%s\"}%s}")
        .formatted(runId, runId, more);
  }

  private static String held(String runId) {
    return lease(runId, ", \"since\": {\"S\": \"2026-11-19T08:00:00Z\"}");
  }

  /** A run whose books are closed, and whose capacity could not be put back. */
  private static String owing(String runId, String triedAt) {
    return ("{\"sk\": {\"S\": \"RUN\"}, \"runId\": {\"S\": \"%s\"}, \"executionArn\": {\"S\":"
            + " \"arn:aws:states:local:000000000000:execution:migrate-table:%s\"}, \"tableName\": {\"S\": \"Cities\"}, \"status\": {\"S\": \"FAILED\"},"
            + " \"endedAt\": {\"S\": \"2026-11-19T10:00:00.123Z\"}, \"redrives\": {\"N\": \"1\"},"
            + " \"capacityTriedAt\": {\"S\": \"%s\"}}")
        .formatted(runId, runId, triedAt);
  }

  private static final String EXECUTIONS =
      "arn:aws:states:local:000000000000:execution:migrate-table:";

  private Execution sweep(String... items) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    ArrayNode found = answer.putArray("Items");
    for (String item : items) {
      found.add(json(item));
    }
    run.task("Find what is open", answer.toString());
    return run.run(Definitions.sweepRuns(ScriptedRun.SUBSTITUTIONS), "s", json("{}"));
  }

  private List<JsonNode> settled() {
    return run.calls("Settle it").stream()
        .map(call -> json(call.get("Input").asText()).get("detail"))
        .toList();
  }

  @Test
  void sweep_runAtItsEndThatHoldsItsTable_isSettledWithTheEventThatWasLost() {
    Execution execution = sweep(held("r1"));

    assertThat(execution.cause()).isEmpty();
    assertThat(settled())
        .containsExactly(
            json(
                """
                {"executionArn": "arn:aws:states:local:000000000000:execution:migrate-table:r1", "name": "r1", "status": "FAILED",
                 "stopDate": 1795082400000, "redriveCount": 2, "input": "{\\"runId\\":\\"r1\\"}"}
                """));
  }

  @Test
  void sweep_aLeaseWhoseExecutionIsGone_isSettledAsAborted() {
    run.failing("Describe the execution", "Sfn.ExecutionDoesNotExistException", "gone");

    Execution sweep = sweep(held("r1"));

    assertThat(sweep.cause()).isEmpty();
    JsonNode detail = settled().get(0);
    assertThat(detail.get("executionArn").textValue()).isEqualTo(EXECUTIONS + "r1");
    assertThat(detail.get("status").textValue()).isEqualTo("ABORTED");
    assertThat(detail.get("error").textValue()).isEqualTo("Godwit.ExecutionIsGone");
    assertThat(detail.get("redriveCount").intValue()).isEqualTo(2);
  }

  @Test
  void sweep_capacityNotPutBackAndNobodyTriesOn_isTriedAgain() {
    Execution execution = sweep(owing("r1", "2026-11-19T21:59:59Z"));

    assertThat(execution.cause()).isEmpty();
    assertThat(settled())
        .containsExactly(
            json(
                """
                {"executionArn": "arn:aws:states:local:000000000000:execution:migrate-table:r1", "name": "r1", "status": "FAILED",
                 "stopDate": 1795082400123, "redriveCount": 1, "input": "{\\"runId\\":\\"r1\\"}"}
                """));
    assertThat(run.calls("Describe the execution"))
        .as("its books are closed; it may have run on a machine")
        .isEmpty();
  }

  @Test
  void sweep_capacityOwedByARunOnAMachine_isTriedAgainWithoutAskingItsEngine() {
    sweep(owing("r1", "2026-11-19T10:00:00Z").replace("arn:aws:states:local:", "arn:machine:"));

    assertThat(settled().get(0).get("elsewhere").booleanValue()).isTrue();
  }

  @Test
  void sweep_capacityTriedWithinTwoHours_isLeftToWhoeverTries() {
    assertThat(sweep(owing("r1", "2026-11-19T22:00:01Z")).cause()).isEmpty();

    assertThat(settled()).isEmpty();
  }

  @Test
  void sweep_capacityOwedOnATableThatAnotherRunHas_waitsForThatRun() {
    run.task("Read the lease", "{\"Item\": {\"executionArn\": {\"S\": \"arn:r2\"}}}");

    assertThat(sweep(owing("r1", "2026-11-19T10:00:00Z")).cause()).isEmpty();

    assertThat(settled()).isEmpty();
  }

  @Test
  void sweep_runWithCapacityToPutBackThatGoesOnAgain_isLeftAlone() {
    sweep(owing("r1", "2026-11-19T10:00:00Z").replace("FAILED", "RUNNING"));

    assertThat(settled()).isEmpty();
  }

  @Test
  void sweep_whatItLooksFor_isHeldTablesAndCapacityNotPutBackUnlessGivenUp() {
    sweep();

    assertThat(run.calls("Find what is open").get(0).get("FilterExpression").asText())
        .isEqualTo(
            "(sk = :lease AND begins_with(executionArn, :executions)) OR (sk = :run AND"
                + " attribute_exists(capacityNotRestored) AND"
                + " attribute_not_exists(capacityGivenUpAt))");
  }

  /** Each of these fails in another kind of state. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "no since",
        "since that is no time",
        "execution that is no ARN",
        "run that cannot be read",
        "ended at no time"
      })
  void sweep_oneRunDamaged_settlesTheOthersAndThenFailsNamingIt(String how) {
    String damaged =
        switch (how) {
          case "no since" -> lease("bad", "");
          case "since that is no time" -> lease("bad", ", \"since\": {\"S\": \"yesterday\"}");
          case "ended at no time" ->
              owing("bad", "2026-11-19T10:00:00Z").replace("2026-11-19T10:00:00.123Z", "then");
          default -> held("bad");
        };
    run.task(
        "Describe the execution",
        call -> {
          if (how.equals("execution that is no ARN")
              && call.arguments().get("ExecutionArn").asText().endsWith(":bad")) {
            throw new TaskFailure("Sfn.InvalidArnException", "Invalid Arn: 'arn:bad'");
          }
          return json("{\"Status\": \"FAILED\", \"StopDate\": \"2026-11-19T10:00:00.000Z\"}");
        });
    run.task(
        "Read the run",
        call -> {
          if (how.equals("run that cannot be read")
              && call.arguments().at("/Key/pk/S").asText().equals("RUN#bad")) {
            throw new TaskFailure("DynamoDb.DynamoDbException", "no");
          }
          return json("{}");
        });

    Execution execution = sweep(damaged, held("r1"), owing("r2", "2026-11-19T10:00:00Z"));

    assertThat(settled())
        .extracting(event -> event.get("name").asText())
        .containsExactlyInAnyOrder("r1", "r2");
    assertThat(execution.error()).contains("Godwit.SweepIncomplete");
    assertThat(execution.cause().orElseThrow())
        .contains("bad (" + EXECUTIONS + "bad)")
        .doesNotContain("r1 (");
  }

  @Test
  void sweep_manyDamagedOnSeveralPages_looksAtAllAndNamesTen() {
    ObjectNode page = Json.MAPPER.createObjectNode();
    for (int i = 0; i < 8; i++) {
      page.withArray("Items").add(json(lease("bad" + i, "")));
    }
    ObjectNode first = page.deepCopy();
    first.putObject("LastEvaluatedKey").putObject("pk").put("S", "x");
    run.task("Find what is open", call -> call.arguments().has("ExclusiveStartKey") ? page : first);

    Execution execution =
        run.run(Definitions.sweepRuns(ScriptedRun.SUBSTITUTIONS), "s", json("{}"));

    assertThat(run.calls("Describe the execution")).hasSize(16);
    assertThat(execution.error()).contains("Godwit.SweepIncomplete");
    assertThat(execution.cause().orElseThrow().split(EXECUTIONS + "bad", -1)).hasSize(11);
  }

  // ---- told of runs that go on ----

  private static final Map<String, String> TOPIC = withTopic();

  private static Map<String, String> withTopic() {
    var all = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
    all.put("NotificationTopic", "arn:aws:sns:eu-west-1:123456789012:runs");
    return Map.copyOf(all);
  }

  /** The ledger of one run that goes on, behind the states that look at it. */
  private SimulatedDynamoDb running() throws TaskFailure {
    var ledger = new SimulatedDynamoDb(run.loop::now).withItems("godwit-ledger");
    for (String state : List.of("Look at the run", "Look at its rate")) {
      run.task(state, call -> ledger.call("GetItem", call.arguments()));
    }
    for (String state : List.of("Note what is told", "Note that its pause is told")) {
      run.task(state, call -> ledger.call("UpdateItem", call.arguments()));
    }
    run.task("Describe the execution", "{\"Status\": \"RUNNING\"}");
    put(ledger, "RUN", record(0, 0));
    return ledger;
  }

  private static String record(int redrives, int slices) {
    return """
    {"executionArn": {"S": "%sr1"}, "status": {"S": "RUNNING"}, "tableName": {"S": "Cities"},
     "migration": {"S": "20261120-m"}, "direction": {"S": "up"}, "mode": {"S": "apply"},
     "redrives": {"N": "%d"}, "slices": {"N": "%d"}}"""
        .formatted(EXECUTIONS, redrives, slices);
  }

  private static void put(SimulatedDynamoDb ledger, String sk, String item) throws TaskFailure {
    ObjectNode request = Json.MAPPER.createObjectNode().put("TableName", "godwit-ledger");
    ObjectNode whole = (ObjectNode) json(item);
    whole.putObject("pk").put("S", "RUN#r1");
    whole.putObject("sk").put("S", sk);
    request.set("Item", whole);
    ledger.call("PutItem", request);
  }

  /** Changes some attributes of an item. */
  private static void change(SimulatedDynamoDb ledger, String sk, String attributes)
      throws TaskFailure {
    ObjectNode item = ledger.item("godwit-ledger", "RUN#r1", sk).orElseThrow().deepCopy();
    item.setAll((ObjectNode) json(attributes));
    put(ledger, sk, item.toString());
  }

  private int sweeps;

  /** What is told by one more sweep, that many minutes after the last. */
  private List<JsonNode> toldAfter(int minutes) {
    int before = run.calls("Tell it").size();
    run.loop.run(Duration.ofMinutes(minutes));
    run.task("Find what is open", "{\"Items\": [" + held("r1") + "]}");
    Execution sweep = run.run(Definitions.sweepRuns(TOPIC), "s" + ++sweeps, json("{}"));
    assertThat(sweep.cause()).isEmpty();
    List<JsonNode> all = run.calls("Tell it");
    return all.subList(before, all.size()).stream()
        .map(call -> json(call.get("Message").asText()))
        .toList();
  }

  private static List<String> events(List<JsonNode> told) {
    return told.stream().map(message -> message.get("event").asText()).toList();
  }

  @Test
  void sweep_runThatGoesOn_isToldAsStartedOnceAndOnceMoreWhenItIsRedriven() throws Exception {
    var ledger = running();

    List<JsonNode> told = toldAfter(0);

    assertThat(told)
        .containsExactly(
            json(
                """
                {"event": "started", "runId": "r1", "tableName": "Cities",
                 "migration": "20261120-m", "direction": "up", "mode": "apply",
                 "status": "RUNNING", "at": "2026-11-20T00:00:00Z", "executionArn": "%sr1",
                 "redrives": 0}"""
                    .formatted(EXECUTIONS)));
    assertThat(run.calls("Tell it").get(0).get("Subject").asText())
        .isEqualTo("Godwit: 20261120-m on Cities started");
    assertThat(toldAfter(5)).isEmpty();

    change(ledger, "RUN", "{\"redrives\": {\"N\": \"1\"}}");
    assertThat(events(toldAfter(5))).containsExactly("started");
    assertThat(toldAfter(5)).isEmpty();
    assertThat(settled()).isEmpty();
  }

  @Test
  void sweep_runThatMakesNoProgress_isToldOnceAndAgainWhenItStallsAgain() throws Exception {
    var ledger = running();
    toldAfter(0);
    assertThat(toldAfter(30)).as("no longer than it may").isEmpty();
    List<JsonNode> told = toldAfter(1);
    assertThat(events(told)).containsExactly("stalled");
    assertThat(told.get(0).get("slices").intValue()).isZero();
    assertThat(told.get(0).get("since").asText()).isEqualTo("2026-11-20T00:00:00Z");
    assertThat(toldAfter(60)).isEmpty();

    change(ledger, "RUN", "{\"slices\": {\"N\": \"7\"}}");
    assertThat(toldAfter(5)).isEmpty();
    assertThat(toldAfter(30)).isEmpty();
    assertThat(events(toldAfter(1))).containsExactly("stalled");
  }

  @Test
  void sweep_sliceThatEndsJustThen_isNoStall() throws Exception {
    var ledger = running();
    toldAfter(0);
    run.task(
        "Look at its rate",
        call -> {
          change(ledger, "RUN", "{\"slicesSeen\": {\"N\": \"1\"}, \"slices\": {\"N\": \"1\"}}");
          return ledger.call("GetItem", call.arguments());
        });
    assertThat(toldAfter(31)).isEmpty();
  }

  @Test
  void sweep_runAtTheGateOfItsCanary_isToldOnceAndDoesNotStall() throws Exception {
    var ledger = running();
    put(
        ledger,
        "RATE",
        "{\"paused\": {\"BOOL\": true}, \"revision\": {\"N\": \"1\"}, \"pausedBy\": {\"S\": \"the gate of its canary\"}}");
    assertThat(events(toldAfter(0))).containsExactly("started", "gate");
    assertThat(toldAfter(90)).isEmpty();
    change(ledger, "RATE", "{\"paused\": {\"BOOL\": false}, \"pausedBy\": {\"S\": \"ana\"}}");
    assertThat(events(toldAfter(0))).containsExactly("resumed");
  }

  @Test
  void sweep_runThatIsPaused_isToldOnceEachWayAndDoesNotStall() throws Exception {
    var ledger = running();
    put(
        ledger,
        "RATE",
        "{\"paused\": {\"BOOL\": true}, \"revision\": {\"N\": \"1\"}, \"pausedBy\": {\"S\": \"ana@here\"}}");
    List<JsonNode> told = toldAfter(0);
    assertThat(events(told)).containsExactly("started", "held");
    assertThat(told.get(1).get("by").asText()).isEqualTo("ana@here");
    assertThat(toldAfter(90)).isEmpty();
    assertThat(toldAfter(90)).isEmpty();

    change(ledger, "RATE", "{\"paused\": {\"BOOL\": false}, \"pausedBy\": {\"S\": \"bo@there\"}}");
    told = toldAfter(5);
    assertThat(events(told)).containsExactly("resumed");
    assertThat(told.get(0).get("by").asText()).isEqualTo("bo@there");
    assertThat(toldAfter(25)).as("it has waited until now").isEmpty();
  }

  @Test
  void sweep_pauseThatTheAlarmsMachineHasToldOf_isNotToldAgain() throws Exception {
    var ledger = running();
    put(ledger, "RATE", "{\"paused\": {\"BOOL\": true}, \"pauseTold\": {\"BOOL\": true}}");
    assertThat(events(toldAfter(0))).containsExactly("started");
  }

  /** Sweeps of an express machine may be started twice. */
  @Test
  void sweep_anotherIsFaster_tellsNothing() throws Exception {
    var ledger = running();
    run.task(
        "Look at its rate",
        call -> {
          change(ledger, "RUN", "{\"startTold\": {\"N\": \"0\"}}");
          return ledger.call("GetItem", call.arguments());
        });
    assertThat(toldAfter(0)).isEmpty();

    put(ledger, "RATE", "{\"paused\": {\"BOOL\": true}}");
    run.task(
        "Look at its rate",
        call -> {
          JsonNode read = ledger.call("GetItem", call.arguments());
          change(ledger, "RATE", "{\"pauseTold\": {\"BOOL\": true}}");
          return read;
        });
    assertThat(toldAfter(5)).isEmpty();
  }

  @Test
  void sweep_runWhoseBooksAreClosed_isNotToldOf() throws Exception {
    var ledger = running();
    change(ledger, "RUN", "{\"status\": {\"S\": \"ABORTED\"}}");
    assertThat(toldAfter(0)).isEmpty();
    change(ledger, "RUN", "{\"startTold\": {\"N\": \"0\"}}");
    put(ledger, "RATE", "{\"paused\": {\"BOOL\": true}}");
    assertThat(toldAfter(5)).isEmpty();
  }

  @Test
  void sweep_withoutATopic_doesNotLookAtRunsThatGoOn() throws Exception {
    running();
    sweep(held("r1"));
    assertThat(run.called()).containsExactly("Find what is open", "Describe the execution");
  }
}
