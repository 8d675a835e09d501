package dev.godwit.cli.stepfunctions;

import static dev.godwit.cli.stepfunctions.FakeAws.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.export.ExportingDynamoDb;
import dev.godwit.cli.launch.ProcessInterrupts;
import dev.godwit.cli.stepfunctions.StepFunctionsPlace.Tempo;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An export for a deployment's table: the deployment is canned, and so are DynamoDB's exports. */
class ExportOnAwsTest {
  private final LocalDynamoDb local = LocalDynamoDb.inMemory();
  private final DynamoDbClient client = local.client();
  private final ExportingDynamoDb dynamoDb = new ExportingDynamoDb(local);
  private final FakeAws aws = new FakeAws();
  private final TestScreen screen = TestScreen.plain();

  @AfterEach
  void stop() {
    aws.close();
    dynamoDb.close();
    client.close();
    local.close();
  }

  @Test
  void export_nothingSaidOfWhere_goesIntoTheResultsBucketAndTheDeploymentsLedger() {
    local.createTable("Tasks", "id");
    local.createTable(FakeAws.LEDGER, "pk", "sk");
    dynamoDb.then("COMPLETED");

    int exit =
        new Godwit(
                screen.screen(),
                Map.of("MIGRATION", "20261126-by-mail"),
                new EmbeddedEngines(),
                arn ->
                    StepFunctionsPlace.runs(
                        StateMachineArn.of(arn),
                        aws.clients(dynamoDb.endpoint()),
                        new Tempo(Duration.ofMillis(1), Duration.ofMillis(1))),
                new ProcessInterrupts(System.err, () -> {}))
            .execute(
                "export",
                "--point-in-time",
                "--sfn-arn=" + MACHINE,
                "--table=Tasks",
                "--endpoint-url=" + dynamoDb.endpoint());

    assertThat(exit).as(screen.err()).isZero();
    assertThat(dynamoDb.asked).hasSize(1);
    assertThat(dynamoDb.asked.get(0).get("S3Bucket").asText()).isEqualTo(FakeAws.BUCKET);
    assertThat(dynamoDb.asked.get(0).get("S3Prefix").asText()).isEqualTo("exports");
    assertThat(screen.err())
        .contains("godwit run --sfn-arn " + MACHINE)
        .contains("--migration 20261126-by-mail --source arn:aws:dynamodb:");
    var ledger = client.scan(scan -> scan.tableName(FakeAws.LEDGER)).items();
    assertThat(ledger).hasSize(1);
    assertThat(ledger.get(0))
        .containsEntry("sk", AttributeValue.fromS("EXPORT#20261126-by-mail#000001"))
        .containsEntry("status", AttributeValue.fromS("COMPLETED"));
  }
}
