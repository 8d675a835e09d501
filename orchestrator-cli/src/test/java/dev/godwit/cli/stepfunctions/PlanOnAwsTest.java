package dev.godwit.cli.stepfunctions;

import static dev.godwit.cli.stepfunctions.FakeAws.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.Godwit;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.ProcessInterrupts;
import dev.godwit.cli.stepfunctions.StepFunctionsPlace.Tempo;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Plans of runs on AWS: the table is in a DynamoDB Local, the deployment is canned. */
class PlanOnAwsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalDynamoDb dynamoDb = LocalDynamoDb.inMemory();
  private final DynamoDbClient client = dynamoDb.client();
  private final FakeAws aws = new FakeAws();
  private final TestScreen screen = TestScreen.plain();

  @TempDir Path folder;

  @BeforeEach
  void fill() {
    dynamoDb.createTable("Tasks", "id");
    for (int i = 0; i < 10; i++) {
      var id = AttributeValue.fromS("t" + i);
      client.putItem(put -> put.tableName("Tasks").item(Map.of("id", id)));
    }
  }

  @AfterEach
  void stop() {
    aws.close();
    client.close();
    dynamoDb.close();
  }

  private int plan(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "plan",
                "--sfn-arn=" + MACHINE,
                "--table=Tasks",
                "--migration=20261120-completed-flag",
                "--results=" + folder.resolve("results"),
                "--endpoint-url=" + dynamoDb.endpoint()));
    arguments.addAll(List.of(more));
    return new Godwit(
            screen.screen(),
            Map.of(),
            new EmbeddedEngines(),
            arn ->
                StepFunctionsPlace.runs(
                    StateMachineArn.of(arn),
                    aws.clients(dynamoDb.endpoint()),
                    new Tempo(Duration.ofMillis(1), Duration.ofMillis(1))),
            new ProcessInterrupts(System.err, () -> {}))
        .execute(arguments.toArray(String[]::new));
  }

  private JsonNode line(JsonNode plan, String what) {
    return plan.at("/bills/0/lines")
        .valueStream()
        .filter(line -> line.path("what").asText().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void plan_ofARunOfADeployment_goesByItsWorkerAndItsLedger() throws IOException {
    aws.works("arn:aws:iam::123456789012:role/worker", 1_024, 50);
    dynamoDb.createTable(FakeAws.LEDGER, "pk", "sk");
    client.putItem(
        put ->
            put.tableName(FakeAws.LEDGER)
                .item(
                    Map.of(
                        "pk",
                        AttributeValue.fromS("TABLE#Tasks"),
                        "sk",
                        AttributeValue.fromS("LEASE"),
                        "runId",
                        AttributeValue.fromS("other"),
                        "executionArn",
                        AttributeValue.fromS(FakeAws.EXECUTION + "other"),
                        "since",
                        AttributeValue.fromS("2026-11-26T08:00:00Z"),
                        "fence",
                        AttributeValue.fromN("1"))));
    aws.refuse("DescribeExecution", "ExecutionDoesNotExist");

    int exit = plan("--output=json");

    assertThat(exit).as(screen.err()).isZero();
    var plan = JSON.readTree(screen.out());
    assertThat(plan.at("/table/region").asText()).as("of the state machine").isEqualTo("eu-west-1");
    assertThat(line(plan, "Lambda").path("arithmetic").asText()).contains("with 1,024 MB;");
    assertThat(line(plan, "Step Functions").path("unit").asText()).isEqualTo("state transitions");
    assertThat(plan.at("/command").asText()).contains("--sfn-arn " + MACHINE);
    assertThat(plan.at("/checks/1/name").asText()).isEqualTo("lease");
    assertThat(plan.at("/checks/1/answer").asText()).isEqualTo("no");
    assertThat(plan.at("/checks/1/why").asText()).contains("the run other");
    assertThat(plan.at("/mayStart").asBoolean()).isFalse();
    assertThat(aws.calls("StartExecution")).isEmpty();
    assertThat(client.listTables().tableNames()).containsExactlyInAnyOrder("Tasks", FakeAws.LEDGER);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void plan_ofADeploymentThatMayNotBeLookedAt_goesByWhatIsUsual() {
    aws.refuse("DescribeStateMachine", "AccessDeniedException");

    int exit = plan();

    assertThat(exit).as(screen.err()).isZero();
    assertThat(screen.err()).contains("The plan goes by what is usual");
    assertThat(screen.out())
        .contains("with 1,769 MB (assumed)")
        .containsPattern("unknown +Is the table free of other runs\\? +the ledger cannot be read");
  }

  @Test
  void plan_ofAnotherStateMachine_isRefused() {
    aws.answer(
        "DescribeStateMachine",
        FakeAws.object(
            "stateMachineArn",
            MACHINE,
            "name",
            "Other",
            "definition",
            "{\"States\": {}}",
            "roleArn",
            "r",
            "type",
            "STANDARD",
            "creationDate",
            1.7e9));

    assertThat(plan()).isEqualTo(2);
    assertThat(screen.err()).contains("is not one of Godwit's");
  }
}
