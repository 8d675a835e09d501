package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions as Lambda calls them, on AWS clients whose HTTP is answered here. */
class ExportHandlerTest {
  private static final String EXPORT = "DynamoDB_20120810.ExportTableToPointInTime";
  private static final String ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/Books";

  private final AnsweringHttp aws = new AnsweringHttp();
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-26T12:00:00Z"));
  private ExportHandler handler;

  @BeforeEach
  void make() {
    System.setProperty("aws.region", "eu-west-1");
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    handler = new ExportHandler(Map.of("LEDGER_TABLE", "Ledger"), aws, clock);
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
    aws.answer("DynamoDB_20120810.GetItem", "{}");
    aws.answer("DynamoDB_20120810.Query", "{\"Items\": [], \"Count\": 0}");
    aws.answer("DynamoDB_20120810.PutItem", "{}");
    aws.answer(
        EXPORT,
        """
        {"ExportDescription": {"ExportArn": "%s/export/01", "ExportStatus": "IN_PROGRESS"}}
        """
            .formatted(ARN));
  }

  @AfterEach
  void forget() {
    System.clearProperty("aws.region");
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private Map<String, Object> event() {
    var event = new HashMap<String, Object>();
    event.put("RequestType", "Create");
    event.put("StackId", "stack");
    event.put("RequestId", "request-1");
    event.put(
        "ResourceProperties",
        ExportHandler.properties("Books", ARN, "20261126-by-isbn", "results", "exports", true));
    event.putAll(handler.onEvent(event));
    return event;
  }

  @Test
  void onEvent_namesTheResourceAndWhenItCame() {
    assertThat(event())
        .containsEntry("PhysicalResourceId", "godwit/EXPORT/Books")
        .containsEntry("Begun", "2026-11-26T12:00:00Z");
    assertThat(aws.asked()).isEmpty();
  }

  @Test
  void isComplete_noExport_notesItBeforeItIsAskedForAndAfter() {
    assertThat(handler.isComplete(event())).containsEntry("IsComplete", false);

    var export = aws.only(EXPORT);
    assertThat(export.get("TableArn").asText()).isEqualTo(ARN);
    assertThat(export.get("S3Bucket").asText()).isEqualTo("results");
    assertThat(export.get("S3Prefix").asText()).isEqualTo("exports");
    assertThat(export.get("ExportFormat").asText()).isEqualTo("DYNAMODB_JSON");
    var writes = aws.all("DynamoDB_20120810.PutItem");
    assertThat(writes).hasSize(2);
    assertThat(writes.get(0).at("/Item/sk/S").asText()).isEqualTo("EXPORT#20261126-by-isbn#000001");
    assertThat(writes.get(0).at("/Item/token/S")).isEqualTo(export.get("ClientToken"));
    assertThat(writes.get(0).get("ConditionExpression").asText())
        .isEqualTo("attribute_not_exists(pk)");
    assertThat(writes.get(1).at("/Item/status/S").asText()).isEqualTo("IN_PROGRESS");
    assertThat(writes.get(1).at("/Item/exportArn/S").asText()).isEqualTo(ARN + "/export/01");
    assertThat(aws.asked())
        .containsSubsequence(
            "DescribeStacks",
            "DynamoDB_20120810.GetItem",
            "DynamoDB_20120810.Query",
            "DynamoDB_20120810.PutItem",
            EXPORT);
  }

  @Test
  void isComplete_oneThatIsUnderWay_isDescribed() {
    aws.answer(
        "DynamoDB_20120810.Query",
        """
        {"Count": 1, "Items": [{"tableName": {"S": "Books"}, "purpose": {"S": "20261126-by-isbn"},
         "number": {"N": "1"}, "token": {"S": "t"}, "bucket": {"S": "results"},
         "prefix": {"S": "exports"}, "askedAt": {"S": "2026-11-26T11:00:00Z"}, "by": {"S": "ana"},
         "status": {"S": "IN_PROGRESS"}, "exportArn": {"S": "%s/export/01"}}]}
        """
            .formatted(ARN));
    aws.answer(
        "DynamoDB_20120810.DescribeExport",
        """
        {"ExportDescription": {"ExportArn": "%s/export/01", "ExportStatus": "COMPLETED",
         "ItemCount": 7, "BilledSizeBytes": 700, "ExportManifest": "exports/AWSDynamoDB/01/manifest-summary.json",
         "ExportTime": 1795690000, "EndTime": 1795690000}}
        """
            .formatted(ARN));

    assertThat(handler.isComplete(event())).containsEntry("IsComplete", true);

    var write = aws.only("DynamoDB_20120810.PutItem");
    assertThat(write.at("/Item/status/S").asText()).isEqualTo("COMPLETED");
    assertThat(write.at("/Item/items/N").asText()).isEqualTo("7");
    assertThat(write.get("ConditionExpression").asText())
        .isEqualTo("#token = :token AND #status = :status");
    assertThat(write.at("/ExpressionAttributeValues/:status/S").asText()).isEqualTo("IN_PROGRESS");
  }

  @Test
  void isComplete_oneWhoseBeginningIsNotKnown_isAskedForAsTheCommandDid() {
    note(
        "\"prefix\": {\"S\": \"\"}, \"atTime\": {\"S\": \"2026-11-26T10:00:00Z\"}, \"status\": {\"S\": \"ASKED\"}");

    assertThat(handler.isComplete(event())).containsEntry("IsComplete", false);

    var export = aws.only(EXPORT);
    assertThat(export.get("ClientToken").asText()).isEqualTo("t");
    assertThat(export.has("S3Prefix")).isFalse();
    assertThat(export.get("ExportTime").asLong())
        .isEqualTo(Instant.parse("2026-11-26T10:00:00Z").getEpochSecond());
  }

  @Test
  void isComplete_oneThatDynamoDbHasForgotten_failsAndIsNotedSo() {
    note(
        "\"prefix\": {\"S\": \"exports\"}, \"exportArn\": {\"S\": \"arn:aws:dynamodb:eu-west-1:123456789012:table/Books/export/01\"}, \"status\": {\"S\": \"IN_PROGRESS\"}");
    aws.refuse("DynamoDB_20120810.DescribeExport", "ExportNotFoundException");

    assertThatThrownBy(() -> handler.isComplete(event()))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("DynamoDB does not know the export " + ARN + "/export/01 any more");
    assertThat(aws.only("DynamoDB_20120810.PutItem").at("/Item/status/S").asText())
        .isEqualTo("FAILED");
  }

  private void note(String attributes) {
    aws.answer(
        "DynamoDB_20120810.Query",
        """
        {"Count": 1, "Items": [{"tableName": {"S": "Books"}, "purpose": {"S": "20261126-by-isbn"},
         "number": {"N": "1"}, "token": {"S": "t"}, "bucket": {"S": "results"},
         "askedAt": {"S": "2026-11-26T11:00:00Z"}, "by": {"S": "ana"}, %s}]}
        """
            .formatted(attributes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PointInTimeRecoveryUnavailableException|Point-in-time recovery of Books is off",
        "LimitExceededException|export again when others have ended",
        "ValidationException|refuses to export Books to s3://results/exports/ (ValidationException",
      })
  void isComplete_dynamoDbRefuses_failsAndSaysWhy(String error, String said) {
    aws.refuse(EXPORT, error);

    assertThatThrownBy(() -> handler.isComplete(event()))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("nothing has been replaced: ")
        .hasMessageContaining(said);
    assertThat(aws.all("DynamoDB_20120810.PutItem").get(1).at("/Item/status/S").asText())
        .isEqualTo("REFUSED");
  }

  @ParameterizedTest
  @CsvSource({"ThrottlingException", "AccessDeniedException"})
  void isComplete_awsThrottlesOrAPermissionIsOnItsWay_isNotYet(String error) {
    aws.refuse(EXPORT, error);
    assertThat(handler.isComplete(event())).containsEntry("IsComplete", false);

    aws.fail(EXPORT);
    assertThat(handler.isComplete(event())).containsEntry("IsComplete", false);
    assertThat(aws.all("DynamoDB_20120810.PutItem"))
        .extracting(write -> write.at("/Item/status/S").asText())
        .containsOnly("ASKED");
  }
}
