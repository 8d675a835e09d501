package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.Definitions;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks the definitions as they are in {@code asl/}, and holds the machines' roles to exactly the
 * calls that are in them. A grant here reads {@code ACTION on WHAT}.
 */
class DefinitionGrantsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:endings";

  private static final String ALARM = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Slow";

  private static Synthesized plain;
  private static Synthesized notifying;

  @BeforeAll
  static void synth(@TempDir Path folder) {
    plain = Synthesized.of(folder, b -> b);
    notifying =
        Synthesized.of(
            folder,
            b ->
                b.notifications(new NotificationTopic(TOPIC, Optional.empty()))
                    .holdOnAlarm("Cities", List.of(ALARM)));
  }

  @Test
  void migrateTablesRole_itsDefinition_grantsExactlyItsCalls() {
    assertThat(granted(plain, "MigrationsMigrateTableRole"))
        .isEqualTo(needed(Definitions.MIGRATE_TABLE));
  }

  @Test
  void settleRunsRole_itsDefinition_grantsExactlyItsCalls() {
    assertThat(granted(notifying, "MigrationsSettleRunRole"))
        .isEqualTo(needed(Definitions.SETTLE_RUN));
  }

  @Test
  void settleRunsRole_noTopic_cannotPublish() {
    var calls = needed(Definitions.SETTLE_RUN);
    assertThat(calls.remove("sns:Publish on the topic")).isTrue();

    assertThat(granted(plain, "MigrationsSettleRunRole")).isEqualTo(calls);
  }

  @Test
  void sweepsRole_itsDefinition_grantsExactlyItsCalls() {
    assertThat(granted(notifying, "MigrationsSweepRole")).isEqualTo(needed(Definitions.SWEEP_RUNS));
  }

  @Test
  void sweepsRole_noTopic_cannotPublish() {
    var calls = needed(Definitions.SWEEP_RUNS);
    assertThat(calls.remove("sns:Publish on the topic")).isTrue();

    assertThat(granted(plain, "MigrationsSweepRole")).isEqualTo(calls);
  }

  @Test
  void holdsRole_itsDefinition_grantsExactlyItsCalls() {
    assertThat(granted(notifying, "MigrationsHoldRole"))
        .isEqualTo(needed(Definitions.HOLD_ON_ALARM));
  }

  @Test
  void hold_itsDefinition_isTheFileAsItIs() {
    var machine = notifying.properties("AWS::StepFunctions::StateMachine", "MigrationsHold");
    assertThat(machine.get("DefinitionString").asText())
        .isEqualTo(Definitions.text(Definitions.HOLD_ON_ALARM));
    assertThat(machine.get("DefinitionSubstitutions").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(
            Definitions.substitutions(Definitions.text(Definitions.HOLD_ON_ALARM)));
  }

  @Test
  void machines_theirDefinitions_areTheFilesAsTheyAre() {
    assertThat(definition("MigrationsMigrateTable"))
        .isEqualTo(Definitions.text(Definitions.MIGRATE_TABLE));
    assertThat(definition("MigrationsSettleRun"))
        .isEqualTo(Definitions.text(Definitions.SETTLE_RUN));
    assertThat(definition("MigrationsSweep")).isEqualTo(Definitions.text(Definitions.SWEEP_RUNS));
  }

  @Test
  void machines_theirSubstitutions_areThoseOfTheFiles() {
    assertThat(substitutions("MigrationsMigrateTable"))
        .isEqualTo(
            new TreeSet<>(Definitions.substitutions(Definitions.text(Definitions.MIGRATE_TABLE))));
    assertThat(substitutions("MigrationsSettleRun"))
        .isEqualTo(
            new TreeSet<>(Definitions.substitutions(Definitions.text(Definitions.SETTLE_RUN))));
    assertThat(substitutions("MigrationsSweep"))
        .isEqualTo(
            new TreeSet<>(Definitions.substitutions(Definitions.text(Definitions.SWEEP_RUNS))));
  }

  private static String definition(String id) {
    return plain
        .properties("AWS::StepFunctions::StateMachine", id)
        .get("DefinitionString")
        .asText();
  }

  private static Set<String> substitutions(String id) {
    var names = new TreeSet<String>();
    plain
        .properties("AWS::StepFunctions::StateMachine", id)
        .get("DefinitionSubstitutions")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  // What the definitions call

  private static Set<String> needed(String definition) {
    var needed = new TreeSet<String>();
    try {
      walk(JSON.readTree(Definitions.text(definition)), needed);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return needed;
  }

  private static void walk(JsonNode machine, Set<String> needed) {
    for (JsonNode state : machine.get("States")) {
      switch (state.get("Type").asText()) {
        case "Task" -> call(state.get("Resource").asText(), state.get("Arguments"), needed);
        case "Map" -> {
          if (state.at("/ItemProcessor/ProcessorConfig/Mode").asText().equals("DISTRIBUTED")) {
            mapRun(state, needed);
          }
          walk(state.get("ItemProcessor"), needed);
        }
        case "Parallel" -> state.get("Branches").forEach(branch -> walk(branch, needed));
        default -> {
          assertThat(state.has("Resource")).as("a call of %s", state).isFalse();
          state.at("/Assign/books").forEach(item -> transacted(item, needed));
          if (state.at("/Assign/entry").isObject()) {
            transacted(state.at("/Assign/entry"), needed);
          }
        }
      }
    }
  }

  /** Step Functions developer guide, "IAM policies for using Distributed Map states". */
  private static void mapRun(JsonNode map, Set<String> needed) {
    String label = map.get("Label").asText();
    needed.add("states:StartExecution on this machine");
    for (String what : new String[] {"executions", "children " + label}) {
      needed.add("states:DescribeExecution on " + what);
      needed.add("states:StopExecution on " + what);
    }
    needed.add("states:RedriveExecution on children " + label);
    if (map.has("ItemReader")) {
      call(map.at("/ItemReader/Resource").asText(), map.at("/ItemReader/Arguments"), needed);
    }
    if (map.has("ResultWriter")) {
      call(map.at("/ResultWriter/Resource").asText(), map.at("/ResultWriter/Arguments"), needed);
    }
  }

  private static void transacted(JsonNode item, Set<String> needed) {
    String kind = item.fieldNames().next();
    assertThat(item.get(kind).get("TableName").asText()).isEqualTo("${LedgerTable}");
    needed.add("dynamodb:" + kind + "Item on the ledger");
  }

  private static void call(String resource, JsonNode arguments, Set<String> needed) {
    String call = resource.replace("arn:${Partition}:states:::", "");
    String text = arguments.toString();
    switch (call) {
      case "lambda:invoke" -> {
        assertThat(arguments.get("FunctionName").asText())
            .isIn("${WorkerFunction}", "{% $worker %}", "{% $states.input.worker %}");
        needed.add("lambda:InvokeFunction on the worker's versions and aliases");
      }
      case "s3:putObject" -> {
        assertThat(arguments.get("Bucket").asText()).isEqualTo("${ResultsBucket}");
        assertThat(arguments.get("Prefix").asText()).contains("'runs/'");
        for (String action :
            new String[] {
              "PutObject", "GetObject", "ListMultipartUploadParts", "AbortMultipartUpload"
            }) {
          needed.add("s3:" + action + " on the runs' objects");
        }
      }
      case "s3:listObjectsV2", "aws-sdk:s3:listObjectsV2" -> {
        assertThat(arguments.get("Bucket").asText()).isEqualTo("${ResultsBucket}");
        assertThat(arguments.get("Prefix").asText()).contains("'runs/'").contains("'/deferred/'");
        needed.add("s3:ListBucket on the runs' deferred objects");
      }
      case "aws-sdk:lambda:createAlias", "aws-sdk:lambda:deleteAlias" -> {
        assertThat(arguments.get("FunctionName").asText()).isEqualTo("${WorkerFunctionName}");
        assertThat(arguments.get("Name").asText()).startsWith("{% 'run-' & ");
        needed.add(
            "lambda:"
                + (call.endsWith("createAlias") ? "Create" : "Delete")
                + "Alias on the worker");
      }
      case "aws-sdk:dynamodb:transactWriteItems" ->
          // Drawn up where it is written, or in the state before.
          arguments.get("TransactItems").forEach(item -> transacted(item, needed));
      case "aws-sdk:sfn:startExecution" -> {
        assertThat(arguments.get("StateMachineArn").asText()).isEqualTo("${SettleRunMachine}");
        needed.add("states:StartExecution on the settle machine");
      }
      case "aws-sdk:sfn:describeExecution" -> needed.add("states:DescribeExecution on executions");
      case "aws-sdk:sns:publish" -> {
        assertThat(arguments.get("TopicArn").asText()).isEqualTo("${NotificationTopic}");
        needed.add("sns:Publish on the topic");
      }
      case "aws-sdk:cloudwatch:describeAlarms" ->
          needed.add("cloudwatch:DescribeAlarms on anything");
      case "aws-sdk:applicationautoscaling:describeScalableTargets" ->
          needed.add("application-autoscaling:DescribeScalableTargets on anything");
      case "aws-sdk:applicationautoscaling:registerScalableTarget" -> {
        assertThat(text).contains("\"ServiceNamespace\":\"dynamodb\"");
        needed.add("application-autoscaling:RegisterScalableTarget on DynamoDB's targets");
      }
      default -> {
        var dynamoDb = Pattern.compile("aws-sdk:dynamodb:(\\w+)").matcher(call);
        assertThat(dynamoDb.matches()).as("a call whose permission is known: %s", call).isTrue();
        String action = dynamoDb.group(1);
        needed.add(
            "dynamodb:"
                + action.substring(0, 1).toUpperCase(Locale.ROOT)
                + action.substring(1)
                + " on "
                + (text.contains("${LedgerTable}") ? "the ledger" : "the tables"));
      }
    }
  }

  // What the roles grant

  private static Set<String> granted(Synthesized stack, String role) {
    var granted = new TreeSet<String>();
    for (JsonNode statement : stack.statements(role)) {
      for (String action : Synthesized.texts(statement.get("Action"))) {
        // Log delivery and tracing are not the definition's calls, and know no resource.
        if (action.startsWith("logs:") || action.startsWith("xray:")) {
          assertThat(statement.get("Resource").asText()).isEqualTo("*");
          continue;
        }
        for (String resource : Synthesized.texts(statement.get("Resource"))) {
          granted.add(action + " on " + meaning(resource, statement.path("Condition")));
        }
      }
    }
    return granted;
  }

  private static String meaning(String resource, JsonNode condition) {
    String arn =
        resource
            .replaceAll("\\{\"Ref\":\"AWS::(Partition|Region|AccountId)\"}", "_")
            .replaceAll("[\",\\[\\]{} ]", "");
    String machine = "Test-Migrations-F9152584-MigrateTable";
    for (var known :
        Map.ofEntries(
                Map.entry(
                    "Fn::GetAtt:MigrationsLedgerTable[0-9A-F]{8}Arn|Fn::GetAttMigrationsLedger.*",
                    "the ledger"),
                Map.entry("Fn::Join:?arn:_:dynamodb:_:_:table/Cities", "the tables"),
                Map.entry("Fn::GetAtt:MigrationsWorkerFunction[0-9A-F]{8}Arn", "the worker"),
                Map.entry(
                    "Fn::Join:?Fn::GetAtt:MigrationsWorkerFunction[0-9A-F]{8}Arn:\\*",
                    "the worker's versions and aliases"),
                Map.entry(
                    "Fn::Join:?Fn::GetAtt:MigrationsResultsBucket[0-9A-F]{8}Arn/runs/\\*",
                    "the runs' objects"),
                Map.entry("Fn::Join:?arn:_:states:_:_:stateMachine:" + machine, "this machine"),
                Map.entry("Fn::Join:?arn:_:states:_:_:execution:" + machine + ":\\*", "executions"),
                Map.entry(
                    "Fn::Join:?arn:_:states:_:_:execution:" + machine + "/Segments:\\*",
                    "children Segments"),
                Map.entry(
                    "Fn::Join:?arn:_:states:_:_:execution:" + machine + "/Deferred:\\*",
                    "children Deferred"),
                Map.entry("Ref:MigrationsSettleRunStateMachine[0-9A-F]{8}", "the settle machine"),
                Map.entry(Pattern.quote(TOPIC), "the topic"))
            .entrySet()) {
      if (arn.matches(known.getKey())) {
        assertThat(condition.isMissingNode()).as("no condition on %s", resource).isTrue();
        return known.getValue();
      }
    }
    if (arn.matches("Fn::GetAtt:MigrationsResultsBucket[0-9A-F]{8}Arn")
        && condition
            .toString()
            .equals("{\"StringLike\":{\"s3:prefix\":[\"runs/*/deferred/*\"]}}")) {
      return "the runs' deferred objects";
    }
    if (arn.matches("Fn::Join:?arn:_:application-autoscaling:_:_:scalable-target/\\*")
        && condition
            .toString()
            .equals(
                "{\"StringEquals\":{\"application-autoscaling:service-namespace\":\"dynamodb\"}}")) {
      return "DynamoDB's targets";
    }
    return arn.equals("*") ? "anything" : "UNKNOWN " + arn + " " + condition;
  }
}
