package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ledger is simulated, CloudWatch's answers are canned, as its model has them
 * (monitoring-2010-08-01: DescribeAlarms, MetricAlarm, CompositeAlarm; read 2026-11-26).
 */
class HoldOnAlarmTest {
  private static final String LEDGER = "godwit-ledger";
  private static final String EXECUTION =
      "arn:aws:states:local:000000000000:execution:migrate-table:r1";

  @TempDir Path home;
  private final Map<String, String> states = new TreeMap<>(Map.of("Slow", "OK", "Errors", "OK"));
  private ScriptedRun run;
  private SimulatedDynamoDb ledger;
  private int looks;

  @BeforeEach
  void begin() throws Exception {
    run = new ScriptedRun(home);
    ledger = new SimulatedDynamoDb(run.loop::now).withItems(LEDGER);
    for (String state : List.of("Read the lease", "Read the run", "Read the rate")) {
      run.task(state, call -> ledger.call("GetItem", call.arguments()));
    }
    run.task("Change the rate", call -> ledger.call("TransactWriteItems", call.arguments()));
    run.task("Hold it next time", call -> ledger.call("UpdateItem", call.arguments()));
    run.task("Look at the alarms", call -> described());
    put(
        "TABLE#Cities",
        "LEASE",
        "{\"fence\": {\"N\": \"3\"}, \"runId\": {\"S\": \"r1\"}, \"executionArn\": {\"S\": \""
            + EXECUTION
            + "\"}}");
    put("RUN#r1", "RUN", record("RUNNING"));
  }

  private static String record(String status) {
    return """
    {"executionArn": {"S": "%s"}, "status": {"S": "%s"}, "migration": {"S": "20261120-m"},
     "direction": {"S": "up"}, "mode": {"S": "apply"}}"""
        .formatted(EXECUTION, status);
  }

  /** Slow is a metric alarm, Errors a composite one. */
  private JsonNode described() {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    ArrayNode metric = answer.putArray("MetricAlarms");
    ArrayNode composite = answer.putArray("CompositeAlarms");
    states.forEach(
        (name, state) ->
            (name.equals("Errors") ? composite : metric)
                .addObject()
                .put("AlarmName", name)
                .put("AlarmArn", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:" + name)
                .put("StateValue", state)
                .put("ActionsEnabled", true));
    return answer;
  }

  private void put(String pk, String sk, String item) throws TaskFailure {
    ObjectNode request = Json.MAPPER.createObjectNode().put("TableName", LEDGER);
    ObjectNode whole = (ObjectNode) json(item);
    whole.putObject("pk").put("S", pk);
    whole.putObject("sk").put("S", sk);
    request.set("Item", whole);
    ledger.call("PutItem", request);
  }

  private Execution look() {
    return look(ScriptedRun.SUBSTITUTIONS);
  }

  private Execution look(Map<String, String> substitutions) {
    return run.run(
        Definitions.holdOnAlarm(substitutions),
        "look" + ++looks,
        json("{\"tableName\": \"Cities\", \"alarms\": [\"Slow\", \"Errors\"]}"));
  }

  private void lookWell() {
    assertThat(look().cause()).isEmpty();
  }

  private Optional<ObjectNode> rate() {
    return ledger.item(LEDGER, "RUN#r1", "RATE");
  }

  private boolean paused() {
    return rate().map(item -> item.at("/paused/BOOL").asBoolean()).orElse(false);
  }

  private String hold() {
    return rate().map(item -> item.at("/alarmHold/S").asText()).orElse("");
  }

  @Test
  void look_anAlarmIsOn_pausesTheRunAndNotesWhatHasDoneIt() {
    states.put("Slow", "ALARM");

    Execution execution = look();

    assertThat(execution.output().orElseThrow())
        .isEqualTo(
            json("{\"runId\": \"r1\", \"change\": \"paused\", \"by\": \"CloudWatch alarm Slow\"}"));
    assertThat(rate().orElseThrow())
        .isEqualTo(
            json(
                """
                {"pk": {"S": "RUN#r1"}, "sk": {"S": "RATE"}, "paused": {"BOOL": true},
                 "revision": {"N": "1"}, "by": {"S": "CloudWatch alarm Slow"},
                 "at": {"S": "2026-11-20T00:00:00Z"}, "pausedBy": {"S": "CloudWatch alarm Slow"},
                 "alarmHold": {"S": "held"}, "pauseTold": {"BOOL": true}}"""));
    assertThat(ledger.item(LEDGER, "RUN#r1", "RATE#0000000001").orElseThrow())
        .isEqualTo(
            json(
                """
                {"pk": {"S": "RUN#r1"}, "sk": {"S": "RATE#0000000001"}, "change": {"S": "paused"},
                 "by": {"S": "CloudWatch alarm Slow"}, "at": {"S": "2026-11-20T00:00:00Z"}}"""));
  }

  @Test
  void look_twiceForOneAlarm_changesNothingMore() {
    states.put("Slow", "ALARM");
    lookWell();
    ObjectNode once = rate().orElseThrow();
    lookWell();
    assertThat(rate()).contains(once);
  }

  @Test
  void look_allAreOver_resumesTheRunAndForgetsThatItWasHeld() {
    states.put("Slow", "ALARM");
    lookWell();
    states.put("Slow", "OK");
    lookWell();
    assertThat(paused()).isFalse();
    assertThat(rate().orElseThrow().has("alarmHold")).isFalse();
    assertThat(rate().orElseThrow().has("pauseTold")).isFalse();
    assertThat(ledger.item(LEDGER, "RUN#r1", "RATE#0000000002").orElseThrow().at("/change/S"))
        .isEqualTo(json("\"resumed\""));
  }

  /** An event that comes late tells of a state that is none any more. */
  @Test
  void look_theAlarmIsOverAlready_doesNothing() {
    states.put("Slow", "INSUFFICIENT_DATA");
    lookWell();
    assertThat(rate()).isEmpty();
  }

  @Test
  void look_oneOfTwoIsOver_goesOnWaiting() {
    states.put("Slow", "ALARM");
    states.put("Errors", "ALARM");
    lookWell();
    assertThat(rate().orElseThrow().at("/by/S").asText())
        .isEqualTo("CloudWatch alarm Slow, Errors");
    states.put("Slow", "OK");
    lookWell();
    assertThat(paused()).isTrue();
    states.put("Errors", "OK");
    lookWell();
    assertThat(paused()).isFalse();
  }

  @Test
  void look_aPersonHasPausedIt_isLeftAlone() throws Exception {
    put("RUN#r1", "RATE", "{\"paused\": {\"BOOL\": true}, \"revision\": {\"N\": \"4\"}}");
    ObjectNode before = rate().orElseThrow();
    states.put("Slow", "ALARM");
    lookWell();
    states.put("Slow", "OK");
    lookWell();
    assertThat(rate()).contains(before);
  }

  @Test
  void look_aPersonHasResumedItInSpiteOfTheAlarm_isHeldAtTheNextAlarmOnly() throws Exception {
    put(
        "RUN#r1",
        "RATE",
        "{\"paused\": {\"BOOL\": false}, \"revision\": {\"N\": \"2\"}, \"alarmHold\": {\"S\": \"waived\"}}");
    states.put("Slow", "ALARM");
    lookWell();
    assertThat(paused()).isFalse();
    states.put("Slow", "OK");
    lookWell();
    assertThat(hold()).isEmpty();
    assertThat(rate().orElseThrow().at("/revision/N").asText()).isEqualTo("2");
    states.put("Slow", "ALARM");
    lookWell();
    assertThat(paused()).isTrue();
  }

  @Test
  void look_nobodyHasTheTable_asksNobodyAnything() throws Exception {
    put("TABLE#Cities", "LEASE", "{\"fence\": {\"N\": \"3\"}}");
    states.put("Slow", "ALARM");
    lookWell();
    assertThat(run.called()).containsExactly("Read the lease");
  }

  @Test
  void look_itsBooksAreClosed_doesNothing() throws Exception {
    put("RUN#r1", "RUN", record("ABORTED"));
    states.put("Slow", "ALARM");
    lookWell();
    assertThat(rate()).isEmpty();
  }

  @Test
  void look_itsBooksAreClosedJustThen_changesNothing() {
    states.put("Slow", "ALARM");
    run.task(
        "Read the rate",
        call -> {
          put("RUN#r1", "RUN", record("ABORTED"));
          return ledger.call("GetItem", call.arguments());
        });
    lookWell();
    assertThat(rate()).isEmpty();
  }

  @Test
  void look_anAlarmThatIsNotThere_failsNamingItUnlessAnotherIsOn() {
    states.remove("Errors");
    Execution missing = look();
    assertThat(missing.error()).contains("Godwit.AlarmIsMissing");
    assertThat(missing.cause().orElseThrow())
        .contains("no alarm Errors", "over Cities", "godwit resume r1");
    assertThat(rate()).isEmpty();

    states.put("Slow", "ALARM");
    lookWell();
    assertThat(paused()).isTrue();

    states.put("Slow", "OK");
    assertThat(look().error()).contains("Godwit.AlarmIsMissing");
    assertThat(paused()).as("nobody knows whether it may go on").isTrue();
  }

  @Test
  void look_somebodyChangesTheRateMeanwhile_goesByWhatItIsThen() throws Exception {
    states.put("Slow", "ALARM");
    var changed = new HashMap<String, Boolean>();
    run.task(
        "Read the rate",
        call -> {
          JsonNode read = ledger.call("GetItem", call.arguments());
          if (changed.put("once", true) == null) {
            put(
                "RUN#r1",
                "RATE",
                "{\"writeUnitsPerSecond\": {\"N\": \"450\"}, \"revision\": {\"N\": \"1\"}, \"scanned-3\": {\"N\": \"2\"}}");
          }
          return read;
        });
    lookWell();
    assertThat(paused()).isTrue();
    assertThat(rate().orElseThrow().at("/revision/N").asText()).isEqualTo("2");
    assertThat(rate().orElseThrow().at("/writeUnitsPerSecond/N").asText()).isEqualTo("450");
    assertThat(rate().orElseThrow().at("/scanned-3/N").asText()).isEqualTo("2");
  }

  @Test
  void look_othersAreAlwaysFaster_failsAndSaysSo() {
    states.put("Slow", "ALARM");
    run.failing(
        "Change the rate",
        "DynamoDb.TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict, None]");
    assertThat(look().error()).contains("Godwit.HoldNotWritten");
    assertThat(run.calls("Change the rate")).hasSize(8);
  }

  @Test
  void look_thatWaivedIsChangedJustThen_goesByWhatItIsThen() throws Exception {
    put(
        "RUN#r1",
        "RATE",
        "{\"paused\": {\"BOOL\": false}, \"revision\": {\"N\": \"2\"}, \"alarmHold\": {\"S\": \"waived\"}}");
    run.task(
        "Hold it next time",
        call -> {
          put(
              "RUN#r1",
              "RATE",
              "{\"paused\": {\"BOOL\": true}, \"revision\": {\"N\": \"3\"}, \"alarmHold\": {\"S\": \"held\"}}");
          return ledger.call("UpdateItem", call.arguments());
        });
    lookWell();
    assertThat(paused()).as("held since, and over").isFalse();
    assertThat(rate().orElseThrow().at("/revision/N").asText()).isEqualTo("4");
  }

  @Test
  void look_withATopic_tellsOfEachChangeOnce() {
    var topic = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
    topic.put("NotificationTopic", "arn:aws:sns:eu-west-1:123456789012:runs");
    states.put("Slow", "ALARM");
    look(topic);
    look(topic);
    states.put("Slow", "OK");
    look(topic);
    look(topic);
    List<JsonNode> told = run.calls("Notify");
    assertThat(told).hasSize(2);
    assertThat(told.get(0).get("Subject").asText()).isEqualTo("Godwit: 20261120-m on Cities held");
    assertThat(json(told.get(0).get("Message").asText()))
        .isEqualTo(
            json(
                """
                {"event": "held", "runId": "r1", "tableName": "Cities", "migration": "20261120-m",
                 "direction": "up", "mode": "apply", "status": "RUNNING",
                 "at": "2026-11-20T00:00:00Z", "executionArn": "%s",
                 "by": "CloudWatch alarm Slow"}"""
                    .formatted(EXECUTION)));
    assertThat(json(told.get(1).get("Message").asText()).get("event").asText())
        .isEqualTo("resumed");
  }

  @Test
  void look_aTopicThatFails_stillHoldsTheRun() {
    var topic = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
    topic.put("NotificationTopic", "arn:aws:sns:eu-west-1:123456789012:runs");
    run.failing("Notify", "Sns.SnsException", "no");
    states.put("Slow", "ALARM");
    assertThat(look(topic).cause()).isEmpty();
    assertThat(paused()).isTrue();
  }
}
