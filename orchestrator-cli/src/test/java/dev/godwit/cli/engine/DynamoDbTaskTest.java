package dev.godwit.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.StateMachine;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbTaskTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void call_ofAnyOperation_passesDynamoDbsOwnJsonBothWays() throws Exception {
    try (var dynamoDb = LocalDynamoDb.inMemory()) {
      dynamoDb.createTable("Birds", "id");
      var put =
          task(
              dynamoDb,
              "putItem",
              """
              {"TableName":"Birds","Item":{"id":{"S":"1"},"n":{"N":"12345678901234567890123456789012345678"},\
              "s":{"SS":["a"]},"b":{"B":"AQ=="},"z":{"S":"Lòria 𐐷"}}}""");
      assertThat(put.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      var get =
          task(
              dynamoDb,
              "getItem",
              "{\"TableName\":\"Birds\",\"Key\":{\"id\":{\"S\":\"1\"}},\"ConsistentRead\":true}");
      assertThat(get.output().orElseThrow().get("Item"))
          .isEqualTo(
              json(
                  """
                  {"id":{"S":"1"},"n":{"N":"12345678901234567890123456789012345678"},\
                  "s":{"SS":["a"]},"b":{"B":"AQ=="},"z":{"S":"Lòria 𐐷"}}"""));
    }
  }

  @Test
  void call_thatDynamoDbRefuses_failsUnderStepFunctionsName() throws Exception {
    try (var dynamoDb = LocalDynamoDb.inMemory()) {
      dynamoDb.createTable("Birds", "id");
      assertThat(
              task(
                      dynamoDb,
                      "putItem",
                      """
                      {"TableName":"Birds","Item":{"id":{"S":"1"}},"ConditionExpression":"attribute_exists(id)"}""")
                  .error())
          .contains("DynamoDb.ConditionalCheckFailedException");
      assertThat(task(dynamoDb, "describeTable", "{\"TableName\":\"Fish\"}").error())
          .contains("DynamoDb.ResourceNotFoundException");
      assertThat(
              task(
                      dynamoDb,
                      "transactWriteItems",
                      """
                      {"TransactItems":[{"Put":{"TableName":"Birds","Item":{"id":{"S":"1"}},\
                      "ConditionExpression":"attribute_exists(id)"}}]}""")
                  .error())
          .contains("DynamoDb.TransactionCanceledException");
    }
  }

  @Test
  void call_ofAnEndpointThatIsGone_fails() throws Exception {
    LocalDynamoDb gone;
    try (var dynamoDb = LocalDynamoDb.inMemory()) {
      gone = dynamoDb;
    }
    assertThat(task(gone, "listTables", "{}").error()).contains("DynamoDb.SdkClientException");
  }

  private Execution task(LocalDynamoDb dynamoDb, String operation, String arguments)
      throws Exception {
    var machine = JSON.createObjectNode().put("QueryLanguage", "JSONata").put("StartAt", "Call");
    machine
        .putObject("States")
        .putObject("Call")
        .put("Type", "Task")
        .put("Resource", "arn:aws:states:::aws-sdk:dynamodb:" + operation)
        .put("End", true)
        .set("Arguments", json(arguments));
    try (var wire = ServiceCalls.over(DynamoDbConnection.local(dynamoDb.endpoint()));
        var engine =
            Engine.builder(folder)
                .task(DynamoDbTask.RESOURCE_PREFIX, new DynamoDbTask(wire))
                .build()) {
      return engine
          .start(StateMachine.parse("call", machine.toString()), operation, json("{}"))
          .await();
    }
  }

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text);
  }
}
