package dev.godwit.cli.operate;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** A table of tasks without {@code completed}, which the example migration adds. */
final class Tasks {
  static final String MIGRATION = "20261120-completed-flag";
  private static final int BATCH = 25;

  private final DynamoDbClient client;
  private final String table;
  private final Map<String, Map<String, AttributeValue>> clean = new TreeMap<>();

  private Tasks(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  /** A table that may be there. */
  static Tasks over(DynamoDbClient client, String table) {
    return new Tasks(client, table);
  }

  static Tasks fill(LocalDynamoDb dynamoDb, DynamoDbClient client, String table, int count) {
    dynamoDb.createTable(table, "id");
    var tasks = new Tasks(client, table);
    var batch = new ArrayList<WriteRequest>();
    for (int i = 0; i < count; i++) {
      var task = new HashMap<String, AttributeValue>();
      task.put("id", AttributeValue.fromS("task-" + i));
      task.put("title", AttributeValue.fromS("Zähle bis " + i));
      task.put("rank", AttributeValue.fromN(i + ".00000000000000000000000000000001"));
      batch.add(
          WriteRequest.builder()
              .putRequest(PutRequest.builder().item(Map.copyOf(task)).build())
              .build());
      task.put("completed", AttributeValue.fromBool(false));
      tasks.clean.put("task-" + i, task);
      if (batch.size() == BATCH || i == count - 1) {
        var requests = List.copyOf(batch);
        client.batchWriteItem(write -> write.requestItems(Map.of(table, requests)));
        batch.clear();
      }
    }
    return tasks;
  }

  String table() {
    return table;
  }

  /** What one undisturbed run leaves. */
  Map<String, Map<String, AttributeValue>> clean() {
    return clean;
  }

  Map<String, Map<String, AttributeValue>> contents() {
    var contents = new TreeMap<String, Map<String, AttributeValue>>();
    client
        .scanPaginator(scan -> scan.tableName(table).consistentRead(true))
        .items()
        .forEach(item -> contents.put(Objects.requireNonNull(item.get("id")).s(), item));
    return contents;
  }

  long migrated() {
    return client
        .scanPaginator(
            scan ->
                scan.tableName(table)
                    .consistentRead(true)
                    .select(Select.COUNT)
                    .filterExpression("attribute_exists(completed)"))
        .stream()
        .mapToLong(ScanResponse::count)
        .sum();
  }
}
