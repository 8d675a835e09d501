package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.run.RunSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The functions as Lambda calls them, on AWS clients whose HTTP is answered here. */
class DeploymentHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MACHINE =
      "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit-MigrateTable";
  private static final String ID = "20261120-city-coordinates";

  private final AnsweringHttp aws = new AnsweringHttp();
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-20T12:00:00Z"));
  private final List<Instant> pauses = new ArrayList<>();
  private DeploymentHandler handler;

  @BeforeEach
  void make() {
    System.setProperty("aws.region", "eu-west-1");
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    handler = handler("Cities");
    stack("UPDATE_IN_PROGRESS");
    aws.answer("DynamoDB_20120810.GetItem", "{}");
    aws.answer("DynamoDB_20120810.UpdateItem", "{}");
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
  void onEvent_anUpdate_namesTheResourceAndTellsWhatItSees() throws Exception {
    var answer = handler.onEvent(event("Update"));

    assertThat(answer)
        .containsEntry("PhysicalResourceId", "godwit/AFTER/Cities")
        .containsEntry("Begun", "2026-11-20T12:00:00Z")
        .containsEntry("StackStatus", "UPDATE_IN_PROGRESS");
    assertThat(aws.asked()).containsExactly("DescribeStacks");
  }

  @Test
  void onEvent_awsThrottles_asksAsLongAsThereIsTimeAndNeverFails() throws Exception {
    aws.refuse("DescribeStacks", "Throttling");

    assertThat(handler.onEvent(event("Update"))).doesNotContainKey("StackStatus");
    assertThat(pauses).hasSizeGreaterThan(10);
  }

  @Test
  void isComplete_begins_notesItOnTheConditionThatNobodyElseHas() throws Exception {
    handler.isComplete(event("Update"));

    var writes = aws.all("DynamoDB_20120810.UpdateItem");
    assertThat(writes).hasSize(2);
    var begun = writes.get(0);
    assertThat(begun.at("/Key/pk/S").asText()).isEqualTo("TABLE#Cities");
    assertThat(begun.at("/Key/sk/S").asText()).isEqualTo("DEPLOYMENT");
    assertThat(begun.get("ConditionExpression").asText())
        .isEqualTo("attribute_not_exists(#revision)");
    assertThat(begun.at("/ExpressionAttributeValues/:deployment/S").asText())
        .isEqualTo("request-1");
    assertThat(begun.at("/ExpressionAttributeValues/:phase/S").asText()).isEqualTo("GOING");
    assertThat(begun.at("/ExpressionAttributeValues/:revision/N").asText()).isEqualTo("1");
    assertThat(begun.get("UpdateExpression").asText()).endsWith(" REMOVE #announced");
    var started = writes.get(1);
    assertThat(started.get("ConditionExpression").asText())
        .isEqualTo(
            "#deployment = :seen_deployment AND #phase = :seen_phase AND #revision ="
                + " :seen_revision");
    assertThat(started.at("/ExpressionAttributeValues/:seen_revision/N").asText()).isEqualTo("1");
    assertThat(started.at("/ExpressionAttributeValues/:started/L/0/M/migration/S").asText())
        .isEqualTo(ID);
  }

  @Test
  void isComplete_somebodyElseHasWrittenTheNote_isNotYet() throws Exception {
    aws.refuse("DynamoDB_20120810.UpdateItem", "ConditionalCheckFailedException");

    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));
    assertThat(aws.asked()).doesNotContain("AWSStepFunctions.StartExecution");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DescribeStacks",
        "DynamoDB_20120810.GetItem",
        "DynamoDB_20120810.UpdateItem",
        "DynamoDB_20120810.DescribeTable",
        "AWSStepFunctions.DescribeExecution",
        "AWSStepFunctions.StartExecution"
      })
  void isComplete_whateverIsThrottledOrBroken_isNotYet(String operation) throws Exception {
    aws.refuse(
        operation, operation.equals("DescribeStacks") ? "Throttling" : "ThrottlingException");
    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));

    aws.fail(operation);
    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));
  }

  @Test
  void isComplete_aTableThatIsTooLarge_isRefused() {
    aws.answer(
        "DynamoDB_20120810.DescribeTable",
        """
        {"Table": {"TableName": "Cities", "ItemCount": 100000000, "TableSizeBytes": 100000000000,
         "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
         "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000},
         "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}}}
        """);

    assertThatThrownBy(() -> handler.isComplete(event("Update")))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("would take about 417 minutes");
  }

  @Test
  void isComplete_aPendingMigration_startsItUnderItsRunsName() throws Exception {
    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));

    var start = aws.only("AWSStepFunctions.StartExecution");
    String runId = RunNames.up("request-1", ID);
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
    answerHistory("applied");

    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"undone", "partial"})
  void isComplete_undoneOrPartialInTheHistory_isPending(String state) throws Exception {
    answerHistory(state);

    assertThat(handler.isComplete(event("Update"))).isEqualTo(Map.of("IsComplete", false));
    assertThat(aws.all("AWSStepFunctions.StartExecution")).hasSize(1);
  }

  @Test
  void isComplete_theLeaseHasNoHolder_isFree() throws Exception {
    aws.answerEach(
        "DynamoDB_20120810.GetItem",
        asked ->
            asked.at("/Key/sk/S").asText().equals("LEASE")
                ? "{\"Item\": {\"fence\": {\"N\": \"7\"}}}"
                : "{}");

    handler.isComplete(event("Update"));
    assertThat(aws.all("AWSStepFunctions.StartExecution")).hasSize(1);
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
    String up = RunNames.up("request-1", ID);
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

    var event = new LinkedHashMap<>(event("Delete"));
    event.putAll(handler.onEvent(event));
    assertThat(handler.isComplete(event)).isEqualTo(Map.of("IsComplete", false));

    var input = JSON.readTree(aws.only("AWSStepFunctions.StartExecution").get("input").asText());
    assertThat(input.get("direction").asText()).isEqualTo("down");
  }

  @Test
  void proceed_noDeployment_readsTheNoteAndDoesNothing() {
    handler.proceed(Map.of("source", "aws.states"));

    assertThat(aws.asked()).containsExactly("DynamoDB_20120810.GetItem");
  }

  @Test
  void proceed_oneTablesNoteCannotBeRead_theOthersGoOnAndLambdaIsToTryAgain() {
    aws.answerEach(
        "DynamoDB_20120810.GetItem",
        asked ->
            switch (asked.at("/Key/pk/S").asText() + " " + asked.at("/Key/sk/S").asText()) {
              case "TABLE#Broken DEPLOYMENT" -> "{\"Item\": {\"deployment\": {\"S\": \"x\"}}}";
              case "TABLE#Cities DEPLOYMENT" -> note(request(false), List.of());
              default -> "{}";
            });

    assertThatThrownBy(() -> handler("Broken,Cities").proceed(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Not gone on with: Broken; the log says why");
    assertThat(aws.only("AWSStepFunctions.StartExecution").get("input").asText())
        .contains("\"tableName\":\"Cities\"");
  }

  @Test
  void environment_somethingIsMissing_isNamed() {
    assertThatThrownBy(() -> new DeploymentHandler(Map.of(), aws, Clock.systemUTC(), () -> {}))
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

  private DeploymentHandler handler(String tables) {
    return new DeploymentHandler(
        Map.of(
            "STATE_MACHINE_ARN", MACHINE,
            "LEDGER_TABLE", "Ledger",
            "WORKER_FUNCTION", "Worker",
            "WORKER_ALIAS", "live",
            "TABLES", tables),
        aws,
        clock,
        () -> pauses.add(clock.pass(Duration.ofSeconds(2))));
  }

  private void answerHistory(String state) {
    aws.answerEach(
        "DynamoDB_20120810.GetItem",
        asked ->
            asked.at("/Key/sk/S").asText().startsWith("MIGRATION#")
                ? "{\"Item\": {\"state\": {\"S\": \"%s\"}, \"runId\": {\"S\": \"other\"}}}"
                    .formatted(state)
                : "{}");
  }

  private static String note(String runId) {
    return note(
        request(true),
        List.of(new DeploymentNote.Started(ID, runId, true, Instant.EPOCH, Optional.empty())));
  }

  private static String note(DeploymentRequest request, List<DeploymentNote.Started> started) {
    var release =
        new DeploymentNote.Release(
            "request-1", Instant.EPOCH, request, DeploymentNote.Phase.GOING, started, "");
    var note = new DeploymentNote(Optional.empty(), Optional.of(release), Optional.empty(), 1);
    var item = new LinkedHashMap<String, Object>();
    NoteItem.attributes(note)
        .forEach((name, value) -> value.ifPresent(v -> item.put(name, json(v))));
    return JSON.valueToTree(Map.of("Item", item)).toString();
  }

  /** A value in DynamoDB's JSON. */
  private static Map<String, Object> json(AttributeValue value) {
    return switch (value.type()) {
      case S -> Map.of("S", value.s());
      case N -> Map.of("N", value.n());
      case BOOL -> Map.of("BOOL", value.bool());
      case L -> Map.of("L", value.l().stream().map(DeploymentHandlerTest::json).toList());
      case M -> {
        var all = new LinkedHashMap<String, Object>();
        value.m().forEach((name, inner) -> all.put(name, json(inner)));
        yield Map.of("M", all);
      }
      default -> throw new AssertionError(value);
    };
  }

  private static DeploymentRequest request(boolean waits) {
    return new DeploymentRequest(
        "Cities",
        List.of(new Step(ID, true)),
        waits,
        100,
        RunSettings.DEFAULT,
        "7",
        "00ff",
        Moment.AFTER);
  }

  /** As CDK's provider framework sends it. */
  private static Map<String, Object> event(String type) {
    var properties = new LinkedHashMap<String, Object>(request(true).properties());
    properties.put("ServiceToken", "arn:aws:lambda:eu-west-1:123456789012:function:provider");
    return JSON.convertValue(
        Map.of(
            "RequestType", type,
            "ServiceToken", "arn:aws:lambda:eu-west-1:123456789012:function:provider",
            "ResponseURL", "...",
            "StackId", "arn:aws:cloudformation:eu-west-1:123456789012:stack/Godwit/1",
            "RequestId", type.equals("Delete") ? "request-2" : "request-1",
            "LogicalResourceId", "After",
            "PhysicalResourceId", "godwit/AFTER/Cities",
            "ResourceType", "Custom::GodwitMigrations",
            "ResourceProperties", properties),
        new TypeReference<Map<String, Object>>() {});
  }
}
