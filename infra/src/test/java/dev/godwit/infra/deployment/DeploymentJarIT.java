package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.lambdalocal.LambdaEnvironment;
import dev.godwit.run.RunSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The very jar that is deployed, under Lambda's runtime client. */
class DeploymentJarIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path JAR =
      Path.of(System.getProperty("godwit.root"), "infra/target/deployment-lambda.jar");
  private static final String MACHINE =
      "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit-MigrateTable";
  private static final Duration PLENTY = Duration.ofSeconds(60);

  private @TempDir Path folder;
  private LocalDynamoDb dynamoDb;
  private FakeAws aws;

  @BeforeEach
  void start() throws Exception {
    dynamoDb = LocalDynamoDb.inMemory();
    try (var client = dynamoDb.client()) {
      LedgerTable.create(client, "Ledger");
      LedgerTable.create(client, "Cities"); // its size is asked for, not its keys
    }
    aws = new FakeAws();
  }

  @AfterEach
  void stop() {
    aws.close();
    dynamoDb.close();
  }

  @Test
  void onEventThenIsComplete_anUpdate_noteItAndStartTheRun() throws Exception {
    aws.answer(
        "DescribeStacks",
        """
        <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
          <DescribeStacksResult><Stacks><member>
            <StackName>Godwit</StackName><CreationTime>2026-11-20T12:00:00Z</CreationTime>
            <StackStatus>UPDATE_IN_PROGRESS</StackStatus>
          </member></Stacks></DescribeStacksResult>
        </DescribeStacksResponse>
        """);
    aws.refuse("AWSStepFunctions.DescribeExecution", "ExecutionDoesNotExist");
    aws.answer("AWSStepFunctions.StartExecution", "{\"executionArn\": \"arn\", \"startDate\": 1}");
    ObjectNode event = event();

    JsonNode begun = invoke("onEvent", event);
    assertThat(begun.get("PhysicalResourceId").asText()).isEqualTo("godwit/AFTER/Cities");
    event.setAll((ObjectNode) begun);
    assertThat(invoke("isComplete", event)).isEqualTo(JSON.readTree("{\"IsComplete\": false}"));

    assertThat(aws.asked("AWSStepFunctions.StartExecution").get("stateMachineArn").asText())
        .isEqualTo(MACHINE);
    try (var client = dynamoDb.client()) {
      var note =
          new DynamoDbDeploymentNotes(client, "Ledger", new AwsCalls(java.time.Clock.systemUTC()))
              .read("Cities");
      assertThat(note.current().deployment()).isEqualTo("request-1");
      assertThat(note.current().started()).hasSize(1);
    }
  }

  @Test
  void proceed_nothingToGoOnWith_answersWithoutAnError() throws Exception {
    assertThat(invoke("proceed", JSON.createObjectNode().put("source", "aws.states")).isNull())
        .isTrue();
  }

  @Test
  void isComplete_propertiesOfAnother_isAnErrorThatNamesTheTrouble() throws Exception {
    ObjectNode event = event();
    ((ObjectNode) event.get("ResourceProperties")).remove("Migrations");
    try (var environment = environment("isComplete")) {
      var answer = environment.invoke(event.toString(), PLENTY);

      assertThat(answer.isError()).isTrue();
      assertThat(answer.body()).contains("The custom resource has no property Migrations");
    }
  }

  private JsonNode invoke(String method, ObjectNode event) throws Exception {
    try (var environment = environment(method)) {
      var answer = environment.invoke(event.toString(), PLENTY);
      assertThat(answer.isError()).as(answer.body() + environment.log()).isFalse();
      return JSON.readTree(answer.body());
    }
  }

  private LambdaEnvironment environment(String method) throws Exception {
    return LambdaEnvironment.start(
        Files.createTempDirectory(folder, method),
        "deployment-" + method,
        List.of(JAR),
        DeploymentHandler.class.getName() + "::" + method,
        Map.ofEntries(
            Map.entry(LambdaEnvironment.INITIALIZATION, "on-demand"),
            Map.entry("STATE_MACHINE_ARN", MACHINE),
            Map.entry("LEDGER_TABLE", "Ledger"),
            Map.entry("WORKER_FUNCTION", "Worker"),
            Map.entry("WORKER_ALIAS", "live"),
            Map.entry("TABLES", "Cities"),
            Map.entry("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.endpoint().toString()),
            Map.entry("AWS_ENDPOINT_URL_SFN", aws.endpoint()),
            Map.entry("AWS_ENDPOINT_URL_CLOUDFORMATION", aws.endpoint()),
            Map.entry("AWS_ENDPOINT_URL_LAMBDA", aws.endpoint()),
            Map.entry("AWS_ACCESS_KEY_ID", "local"),
            Map.entry("AWS_SECRET_ACCESS_KEY", "local")));
  }

  private static ObjectNode event() {
    var request =
        new DeploymentRequest(
            "Cities",
            List.of(new Step("20261120-city-coordinates", true)),
            true,
            100,
            RunSettings.DEFAULT,
            "7",
            "00ff",
            Moment.AFTER);
    return JSON.valueToTree(
        Map.of(
            "RequestType", "Update",
            "ResponseURL", "...",
            "StackId", "arn:aws:cloudformation:eu-west-1:123456789012:stack/Godwit/1",
            "RequestId", "request-1",
            "LogicalResourceId", "After",
            "PhysicalResourceId", "godwit/AFTER/Cities",
            "ResourceType", "Custom::GodwitMigrations",
            "ResourceProperties", request.properties(),
            "OldResourceProperties", Map.of("of", "an older Godwit")));
  }
}
