package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether the definitions' requests are such as AWS takes when every name is as long as it may be:
 * {@link ScriptedRun} fails a run with a request that is not.
 */
class LongestNamesTest {
  private static final String RUN = "r".repeat(64);
  private static final String TABLE = "T".repeat(255);
  private static final String INDEX = "I".repeat(255);
  private static final String MIGRATION = "20261120-" + "m".repeat(246);

  /** In the partition and the region with the longest names that have all that is used. */
  private static final String FUNCTION =
      "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:" + "F".repeat(64);

  private static final String EXECUTION =
      "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:" + "M".repeat(80) + ":" + RUN;

  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "Partition",
          "aws-us-gov",
          "WorkerFunction",
          FUNCTION + ":live",
          "WorkerFunctionName",
          FUNCTION,
          "LedgerTable",
          "L".repeat(255),
          "ResultsBucket",
          "b".repeat(63),
          "NotificationTopic",
          "arn:aws-us-gov:sns:us-gov-west-1:123456789012:" + "t".repeat(256));

  private static final String TARGETS =
      """
      {"ScalableTargets": [{"ResourceId": "table/TABLE/index/INDEX",
        "ScalableDimension": "dynamodb:index:ReadCapacityUnits",
        "SuspendedState": {"DynamicScalingInSuspended": SUSPENDED,
          "DynamicScalingOutSuspended": SUSPENDED, "ScheduledScalingSuspended": SUSPENDED}}]}
      """;

  @TempDir Path home;

  @Test
  void run_prewarmed_asksForNothingThatAwsRefuses() {
    var run =
        new ScriptedRun(home)
            .task("Wake the worker", ScriptedRun.WOKEN)
            .task("Describe the table", table(5))
            .task("Find auto scaling", targets(false))
            .task(
                "Scan slice",
                "{\"Payload\": {\"segment\": 0, \"tally\": {\"scanned\": 1, \"failed\": 1},"
                    + " \"segmentTally\": {\"scanned\": 1, \"failed\": 1}}}");

    var execution = run.run(Definitions.migrateTable(SUBSTITUTIONS), RUN, request());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Raise capacity")).hasSize(1);
    assertThat(run.calls("Pin the worker")).hasSize(1);
  }

  @Test
  void settle_withCapacityToLowerAndATopic_asksForNothingThatAwsRefuses() {
    var run =
        new ScriptedRun(home)
            .task("Read the run", record().toString())
            .task("Has it really ended?", "{\"Status\": \"SUCCEEDED\"}")
            .task("Look at the table", table(100))
            .task("Find auto scaling", targets(true))
            .task("Read the lease", "{\"Item\": {\"fence\": {\"N\": \"7\"}}}")
            .task("Read the history", "{}");

    var execution = run.run(Definitions.settleRun(SUBSTITUTIONS), "settle", ending());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.entered)
        .contains("Lower capacity", "Resume one target", "Let go of the worker", "Notify");
  }

  @Test
  void hold_forTenAlarmsWithATopic_asksForNothingThatAwsRefuses() {
    var input = ScriptedRun.json("{}");
    var described = ScriptedRun.json("{}");
    for (int i = 0; i < 10; i++) {
      var name = i + "A".repeat(254);
      ((ObjectNode) input).withArray("alarms").add(name);
      ((ObjectNode) described)
          .withArray("MetricAlarms")
          .addObject()
          .put("AlarmName", name)
          .put("StateValue", "ALARM");
    }
    ((ObjectNode) input).put("tableName", TABLE);
    var lease = ScriptedRun.json("{\"Item\": {}}");
    ((ObjectNode) lease.get("Item")).putObject("runId").put("S", RUN);
    ((ObjectNode) lease.get("Item")).putObject("executionArn").put("S", EXECUTION);
    var run =
        new ScriptedRun(home)
            .task("Read the lease", lease.toString())
            .task("Look at the alarms", described.toString())
            .task("Read the run", record().toString());

    var execution = run.run(Definitions.holdOnAlarm(SUBSTITUTIONS), "look", input);

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Notify").get(0).get("Subject").asText()).hasSize(100);
  }

  private static String table(int units) {
    return """
    {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
      "ProvisionedThroughput": {"ReadCapacityUnits": UNITS, "WriteCapacityUnits": UNITS},
      "GlobalSecondaryIndexes": [{"IndexName": "INDEX", "IndexStatus": "ACTIVE",
        "ProvisionedThroughput": {"ReadCapacityUnits": UNITS, "WriteCapacityUnits": UNITS}}]}}
    """
        .replace("INDEX", INDEX)
        .replace("UNITS", String.valueOf(units));
  }

  private static String targets(boolean suspended) {
    return TARGETS
        .replace("TABLE", TABLE)
        .replace("INDEX", INDEX)
        .replace("SUSPENDED", String.valueOf(suspended));
  }

  private static ObjectNode request() {
    var request =
        (ObjectNode)
            ScriptedRun.json(
                """
                {"version": 1, "direction": "up", "mode": "apply", "totalSegments": 1,
                 "maxConcurrency": 1, "sliceSeconds": 240, "guard": "read-set",
                 "itemFailuresAllowed": 1, "toleratedFailurePercentage": 0,
                 "prewarm": {"readUnits": 100, "writeUnits": 100}, "parameters": {}}
                """);
    return request.put("runId", RUN).put("tableName", TABLE).put("migration", MIGRATION);
  }

  private static ObjectNode record() {
    var before =
        """
        {"table": {"readUnits": 5, "writeUnits": 5},
         "indexes": [{"name": "INDEX", "readUnits": 5, "writeUnits": 5}],
         "raisedTo": {"readUnits": 100, "writeUnits": 100},
         "scaling": [{"resourceId": "table/TABLE/index/INDEX",
           "dimension": "dynamodb:index:ReadCapacityUnits",
           "suspended": {"DynamicScalingInSuspended": false,
             "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}]}
        """
            .replace("TABLE", TABLE)
            .replace("INDEX", INDEX);
    var item = Json.MAPPER.createObjectNode();
    item.putObject("executionArn").put("S", EXECUTION);
    item.putObject("tableName").put("S", TABLE);
    item.putObject("migration").put("S", MIGRATION);
    item.putObject("direction").put("S", "up");
    item.putObject("mode").put("S", "apply");
    item.putObject("status").put("S", "RUNNING");
    item.putObject("code").put("S", "0".repeat(64));
    item.putObject("fence").put("N", "7");
    item.putObject("redrives").put("N", "0");
    item.putObject("capacityBefore").put("S", before);
    return Json.MAPPER.createObjectNode().set("Item", item);
  }

  private static JsonNode ending() {
    var event = Json.MAPPER.createObjectNode();
    event
        .putObject("detail")
        .put("executionArn", EXECUTION)
        .put("name", RUN)
        .put("status", "SUCCEEDED")
        .put("stopDate", 1795132860000L)
        .put("input", request().toString());
    return event;
  }
}
