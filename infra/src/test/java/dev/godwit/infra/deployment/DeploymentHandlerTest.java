package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.CloudFormationCustomResourceEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.run.RunSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The functions as Lambda calls them, on AWS clients whose HTTP is answered here. */
class DeploymentHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MACHINE =
      "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit-MigrateTable";
  private static final String ID = "20261120-city-coordinates";

  private final AnsweringHttp aws = new AnsweringHttp();
  private DeploymentHandler handler;

  @BeforeEach
  void make() {
    System.setProperty("aws.region", "eu-west-1");
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    handler =
        new DeploymentHandler(
            Map.of(
                "STATE_MACHINE_ARN", MACHINE,
                "LEDGER_TABLE", "Ledger",
                "WORKER_FUNCTION", "Worker",
                "WORKER_ALIAS", "live",
                "TABLES", "Cities"),
            aws);
    stack("UPDATE_IN_PROGRESS");
    aws.answer("DynamoDB_20120810.GetItem", "{}");
    aws.answer("DynamoDB_20120810.PutItem", "{}");
    aws.answer(
        "DynamoDB_20120810.DescribeTable",
        """
        {"Table": {"TableName": "Cities", "ItemCount": 10, "TableSizeBytes": 1000,
         "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}}
        """);
    aws.refuse("AWSStepFunctions.DescribeExecution", "ExecutionDoesNotExist");
    aws.answer("AWSStepFunctions.StartExecution", "{\"executionArn\": \"arn\", \"startDate\": 1}");
  }

  @AfterEach
  void forget() {
    System.clearProperty("aws.region");
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void onEvent_anUpdate_notesTheDeploymentAndNamesTheResource() throws Exception {
    var answer = handler.onEvent(event("Update"));

    assertThat(answer).isEqualTo(Map.of("PhysicalResourceId", "godwit/AFTER/Cities"));
    var item = aws.only("DynamoDB_20120810.PutItem").get("Item");
    assertThat(item.at("/pk/S").asText()).isEqualTo("TABLE#Cities");
    assertThat(item.at("/sk/S").asText()).isEqualTo("DEPLOYMENT");
    assertThat(item.at("/deployment/S").asText()).isEqualTo("request-1");
    assertThat(item.at("/rolledBack/BOOL").asBoolean(true)).isFalse();
    assertThat(aws.asked()).doesNotContain("AWSStepFunctions.StartExecution");
  }

  @Test
  void onEvent_aTableThatIsTooLarge_isRefused() {
    aws.answer(
        "DynamoDB_20120810.DescribeTable",
        """
        {"Table": {"TableName": "Cities", "ItemCount": 100000000, "TableSizeBytes": 100000000000,
         "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
         "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000},
         "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}}}
        """);

    assertThatThrownBy(() -> handler.onEvent(event("Update")))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("would take about 417 minutes");
  }

  @Test
  void isComplete_aPendingMigration_startsItUnderItsRunsName() throws Exception {
    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));

    var start = aws.only("AWSStepFunctions.StartExecution");
    String runId = DeploymentMigrations.runId("up", "request-1", ID);
    assertThat(start.get("stateMachineArn").asText()).isEqualTo(MACHINE);
    assertThat(start.get("name").asText()).isEqualTo(runId);
    var input = JSON.readTree(start.get("input").asText());
    assertThat(input.get("runId").asText()).isEqualTo(runId);
    assertThat(input.get("migration").asText()).isEqualTo(ID);
    assertThat(input.get("totalSegments").asInt()).isEqualTo(100);
    assertThat(aws.only("AWSStepFunctions.DescribeExecution").get("executionArn").asText())
        .isEqualTo("arn:aws:states:eu-west-1:123456789012:execution:Godwit-MigrateTable:" + runId);
    var reads = aws.all("DynamoDB_20120810.GetItem");
    assertThat(reads).allMatch(read -> read.get("ConsistentRead").asBoolean());
    assertThat(reads)
        .extracting(read -> read.at("/Key/sk/S").asText())
        .contains("MIGRATION#" + ID, "LEASE");
  }

  @Test
  void isComplete_aRunThatExistsAlready_isNoTrouble() throws Exception {
    aws.refuse("AWSStepFunctions.StartExecution", "ExecutionAlreadyExists");

    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));
  }

  @Test
  void isComplete_appliedInTheHistory_isDone() throws Exception {
    aws.answer("DynamoDB_20120810.GetItem", "{\"Item\": {\"state\": {\"S\": \"applied\"}}}");

    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", true));
  }

  @Test
  void isComplete_undoneInTheHistory_isPendingAgain() throws Exception {
    aws.answer(
        "DynamoDB_20120810.GetItem",
        "{\"Item\": {\"state\": {\"S\": \"undone\"}, \"runId\": {\"S\": \"other\"}}}");

    assertThatThrownBy(() -> handler.isComplete(event("Update"))).isNotNull();
    assertThat(aws.all("AWSStepFunctions.DescribeExecution")).hasSize(1);
  }

  @Test
  void isComplete_aFailedRun_tellsErrorAndCause() {
    aws.answer(
        "AWSStepFunctions.DescribeExecution",
        """
        {"executionArn": "arn", "status": "FAILED", "startDate": 1, "stopDate": 2,
         "error": "States.ExceedToleratedFailureThreshold", "cause": "3 segments failed"}
        """);

    assertThatThrownBy(() -> handler.isComplete(event("Update")))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("States.ExceedToleratedFailureThreshold: 3 segments failed");
  }

  @Test
  void isComplete_aRollback_asksForTheLiveVersionAndStartsDown() throws Exception {
    stack("UPDATE_ROLLBACK_IN_PROGRESS");
    String up = DeploymentMigrations.runId("up", "request-1", ID);
    aws.answerEach(
        "DynamoDB_20120810.GetItem",
        asked ->
            switch (asked.at("/Key/sk/S").asText()) {
              case "DEPLOYMENT" -> note(up);
              case "RUN" -> "{\"Item\": {\"status\": {\"S\": \"SUCCEEDED\"}}}";
              default -> "{}";
            });
    aws.answerEach(
        "AWSStepFunctions.DescribeExecution",
        asked ->
            asked.get("executionArn").asText().endsWith(up)
                ? "{\"executionArn\": \"arn\", \"status\": \"SUCCEEDED\", \"startDate\": 1,"
                    + " \"stopDate\": 2}"
                : "");
    aws.answer(
        "GET /2015-03-31/functions/Worker/aliases/live",
        "{\"Name\": \"live\", \"FunctionVersion\": \"7\"}");

    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));

    var input = JSON.readTree(aws.only("AWSStepFunctions.StartExecution").get("input").asText());
    assertThat(input.get("direction").asText()).isEqualTo("down");
  }

  @Test
  void proceed_noDeployment_readsTheNoteAndDoesNothing() {
    handler.proceed(Map.of("source", "aws.states"));

    assertThat(aws.asked()).containsExactly("DynamoDB_20120810.GetItem");
  }

  @Test
  void environment_somethingIsMissing_isNamed() {
    assertThatThrownBy(() -> new DeploymentHandler(Map.of(), aws))
        .hasMessage("The function's environment has no STATE_MACHINE_ARN");
  }

  private void stack(String status) {
    aws.answer(
        "DescribeStacks",
        """
        <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
          <DescribeStacksResult><Stacks><member>
            <StackName>Godwit</StackName><CreationTime>2026-11-20T12:00:00Z</CreationTime>
            <StackStatus>%s</StackStatus>
          </member></Stacks></DescribeStacksResult>
        </DescribeStacksResponse>
        """
            .formatted(status));
  }

  private static String note(String runId) {
    try {
      return JSON.writeValueAsString(
          Map.of(
              "Item",
              Map.of(
                  "deployment", Map.of("S", "request-1"),
                  "request", Map.of("S", JSON.writeValueAsString(request().properties())),
                  "started",
                      Map.of(
                          "S",
                          JSON.writeValueAsString(List.of(new Books.Started(ID, runId, true)))),
                  "rolledBack", Map.of("BOOL", false))));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static DeploymentRequest request() {
    return new DeploymentRequest(
        "Cities", List.of(new Step(ID, true)), true, 100, RunSettings.DEFAULT, "7", Moment.AFTER);
  }

  /** As CDK's provider framework sends it, read as Lambda's Java runtime reads it. */
  private static CloudFormationCustomResourceEvent event(String type) throws Exception {
    var properties = new LinkedHashMap<String, Object>(request().properties());
    properties.put("ServiceToken", "arn:aws:lambda:eu-west-1:123456789012:function:provider");
    properties.put("Jars", "00ff");
    JsonNode event =
        JSON.valueToTree(
            Map.of(
                "RequestType", type,
                "ServiceToken", "arn:aws:lambda:eu-west-1:123456789012:function:provider",
                "ResponseURL", "...",
                "StackId", "arn:aws:cloudformation:eu-west-1:123456789012:stack/Godwit/1",
                "RequestId", "request-1",
                "LogicalResourceId", "After",
                "PhysicalResourceId", "godwit/AFTER/Cities",
                "ResourceType", "Custom::GodwitMigrations",
                "ResourceProperties", properties,
                "Data", Map.of("from", "onEvent")));
    return LambdaEventSerializers.serializerFor(
            CloudFormationCustomResourceEvent.class, DeploymentHandlerTest.class.getClassLoader())
        .fromJson(new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
