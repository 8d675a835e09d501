package dev.godwit.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * {@code hold-on-alarm}, and {@code sweep-runs} with a topic, over a ledger in DynamoDB Local,
 * which minds reserved words and unused values; {@code asl} has the tests of what they decide.
 */
class TellingMachinesTest {
  private static final String EXECUTION = "arn:aws:states:local:000000000000:execution:m:r1";

  @TempDir Path home;
  private LocalDynamoDb local;
  private DynamoDbClient client;
  private EngineTasks tasks;
  private Engine engine;
  private Ledger ledger;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private String state = "OK";
  private int looks;

  @BeforeEach
  void begin() {
    local = LocalDynamoDb.inMemory();
    client = local.client();
    var connection = DynamoDbConnection.local(local.endpoint());
    LedgerTable.ensure(connection, LedgerTable.OF_MACHINES);
    tasks = EngineTasks.over(connection);
    engine =
        tasks
            .on(Engine.builder(home))
            .task("aws-sdk:cloudwatch:describeAlarms", call -> described())
            .task(
                "aws-sdk:sfn:describeExecution",
                call -> JsonNodeFactory.instance.objectNode().put("Status", "RUNNING"))
            .task("aws-sdk:sfn:startExecution", call -> JsonNodeFactory.instance.objectNode())
            .task(
                "aws-sdk:sns:publish",
                call -> {
                  told.add(call.arguments().get("Subject").asText());
                  return JsonNodeFactory.instance.objectNode();
                })
            .build();
    ledger = new Ledger(client, LedgerTable.OF_MACHINES);
    put(
        Map.of(
            "pk", AttributeValue.fromS("TABLE#Cities"),
            "sk", AttributeValue.fromS("LEASE"),
            "fence", AttributeValue.fromN("1"),
            "runId", AttributeValue.fromS("r1"),
            "executionArn", AttributeValue.fromS(EXECUTION),
            "since", AttributeValue.fromS("2026-11-20T00:00:00Z")));
    put(
        Map.of(
            "pk", AttributeValue.fromS("RUN#r1"),
            "sk", AttributeValue.fromS("RUN"),
            "executionArn", AttributeValue.fromS(EXECUTION),
            "status", AttributeValue.fromS("RUNNING"),
            "tableName", AttributeValue.fromS("Cities"),
            "migration", AttributeValue.fromS("20261120-m"),
            "direction", AttributeValue.fromS("up"),
            "mode", AttributeValue.fromS("apply")));
  }

  @AfterEach
  void end() {
    engine.close();
    tasks.close();
    client.close();
    local.close();
  }

  private ObjectNode described() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("CompositeAlarms");
    answer.putArray("MetricAlarms").addObject().put("AlarmName", "Slow").put("StateValue", state);
    return answer;
  }

  private void put(Map<String, AttributeValue> item) {
    client.putItem(put -> put.tableName(LedgerTable.OF_MACHINES).item(item));
  }

  private RunRate after(String alarm) throws InterruptedException {
    state = alarm;
    ObjectNode input = JsonNodeFactory.instance.objectNode().put("tableName", "Cities");
    input.putArray("alarms").add("Slow");
    var look =
        engine.start(
            Definitions.holdOnAlarm(EngineTasks.substitutions(LedgerTable.OF_MACHINES)),
            "look" + ++looks,
            input);
    assertThat(look.await().cause()).isEmpty();
    return ledger.rate("r1");
  }

  @Test
  void look_pausesAndResumes_inTheLedgerAsTheCommandReadsIt() throws Exception {
    assertThat(after("OK")).isEqualTo(RunRate.AS_ASKED);

    var held = after("ALARM");
    assertThat(held.paused()).isTrue();
    assertThat(held.isHeldByAlarm()).isTrue();
    assertThat(after("ALARM")).isEqualTo(held);

    var over = after("OK");
    assertThat(over.paused()).isFalse();
    assertThat(over.hold()).isEmpty();
    assertThat(over.revision()).isEqualTo(2);
    assertThat(over.changes())
        .extracting(change -> change.what() + " by " + change.by())
        .containsExactly(
            "paused by CloudWatch alarm Slow", "resumed by CloudWatch: none of its alarms is on");
  }

  @Test
  void look_waived_holdsItNextTime() throws Exception {
    put(
        Map.of(
            "pk", AttributeValue.fromS("RUN#r1"),
            "sk", AttributeValue.fromS("RATE"),
            "paused", AttributeValue.fromBool(false),
            "revision", AttributeValue.fromN("3"),
            "alarmHold", AttributeValue.fromS("waived")));
    assertThat(after("ALARM").paused()).isFalse();
    assertThat(after("OK").hold()).isEmpty();
    assertThat(after("ALARM").isHeldByAlarm()).isTrue();
  }

  /** What one more sweep tells. */
  private List<String> swept() throws InterruptedException {
    told.clear();
    var substitutions = new HashMap<>(EngineTasks.substitutions(LedgerTable.OF_MACHINES));
    substitutions.put("NotificationTopic", "arn:aws:sns:eu-west-1:123456789012:runs");
    substitutions.put("MigrateTableMachine", "arn:aws:states:local:000000000000:stateMachine:m");
    substitutions.put("SettleRunMachine", "arn:aws:states:local:000000000000:stateMachine:s");
    substitutions.put("StallMinutes", "-1"); // at once
    var sweep =
        engine.start(
            Definitions.sweepRuns(substitutions),
            "sweep" + ++looks,
            JsonNodeFactory.instance.objectNode());
    assertThat(sweep.await().cause()).isEmpty();
    return List.copyOf(told);
  }

  @Test
  void sweep_tellsOfARunThatGoesOn_eachThingOnce() throws Exception {
    var about = "Godwit: 20261120-m on Cities ";
    assertThat(swept()).containsExactly(about + "started");
    assertThat(swept()).containsExactly(about + "stalled");
    assertThat(swept()).isEmpty();

    put(
        Map.of(
            "pk", AttributeValue.fromS("RUN#r1"),
            "sk", AttributeValue.fromS("RATE"),
            "paused", AttributeValue.fromBool(true),
            "revision", AttributeValue.fromN("1")));
    assertThat(swept()).containsExactly(about + "held");
    assertThat(swept()).isEmpty();

    put(
        Map.of(
            "pk", AttributeValue.fromS("RUN#r1"),
            "sk", AttributeValue.fromS("RATE"),
            "paused", AttributeValue.fromBool(false),
            "pauseTold", AttributeValue.fromBool(true),
            "revision", AttributeValue.fromN("2")));
    assertThat(swept()).contains(about + "resumed").doesNotContain(about + "held");
  }
}
