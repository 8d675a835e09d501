package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.OneItemDynamoDb;
import dev.godwit.worker.memory.InMemoryRecords;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a write says, to the byte of its body: what changed, and what it rests on. */
class WriteBodyTest {
  private static final String ITEM =
      """
      {"id":{"S":"1"},"name":{"S":"kuaka"},"visits":{"N":"1.50"},"old":{"BOOL":true},
       "unread":{"S":"never asked for"},"tags":{"SS":["wader"]}}""";

  /** Reads one attribute, changes one, adds one, removes one and leaves two alone. */
  private static final ItemTransform CHANGE =
      (item, context) ->
          item.number("visits").signum() > 0
              ? Change.replace(item.with("name", "godwit").with("new", 1).without("old"))
              : Change.keep();

  @Test
  void run_inStatements_setsWhatChangedIfWhatWasReadAndTouchedIsAsScanned() throws IOException {
    assertThat(written(false, "BatchExecuteStatement"))
        .isEqualTo(
            json(
                """
                {"ReturnConsumedCapacity":"TOTAL","Statements":[{"Statement":
                "UPDATE \\"Birds\\" SET \\"name\\"=? SET \\"new\\"=? REMOVE \\"old\\" \
                WHERE \\"id\\"=? AND \\"visits\\"=? AND \\"name\\"=? AND \\"old\\"=? \
                AND \\"new\\" IS MISSING",
                "Parameters":[{"S":"godwit"},{"N":"1"},
                {"S":"1"},{"N":"1.50"},{"S":"kuaka"},{"BOOL":true}],
                "ReturnValuesOnConditionCheckFailure":"ALL_OLD"}]}"""));
  }

  @Test
  void run_oneByOne_setsWhatChangedIfTheItemIsThereAndWhatWasReadAndTouchedIsAsScanned()
      throws IOException {
    assertThat(written(true, "UpdateItem"))
        .isEqualTo(
            json(
                """
                {"TableName":"Birds","Key":{"id":{"S":"1"}},
                "UpdateExpression":"SET #0=:0,#1=:1 REMOVE #2",
                "ConditionExpression":"attribute_exists(#3) AND #4=:2 AND #0=:3 AND #2=:4 \
                AND attribute_not_exists(#1)",
                "ReturnValuesOnConditionCheckFailure":"ALL_OLD","ReturnConsumedCapacity":"TOTAL",
                "ExpressionAttributeNames":
                {"#0":"name","#1":"new","#2":"old","#3":"id","#4":"visits"},
                "ExpressionAttributeValues":{":0":{"S":"godwit"},":1":{"N":"1"},
                ":2":{"N":"1.50"},":3":{"S":"kuaka"},":4":{"BOOL":true}}}"""));
  }

  private static JsonNode written(boolean oneByOne, String operation) throws IOException {
    var table = new OneItemDynamoDb(ITEM);
    try (var database = new DynamoDbDatabase(table.client(), oneByOne)) {
      TestWorker.inOneThread(TestMigration.up(CHANGE), database, new InMemoryRecords())
          .run(TestSlice.of("Birds", List.of("id")));
    }
    assertThat(table.written()).containsOnlyKeys(operation);
    return table.written().values().iterator().next();
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
