package dev.godwit.worker.dynamodb;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The tables that {@link TableQuestion}s are asked about: two on demand, with the keys {@code pk},
 * and {@code #pk} and {@code :sk}; and a small one, with a read and a write unit a second.
 *
 * @param client one that does not try again what is throttled
 */
record CheckedTables(DynamoDbClient client, String id) {
  String plain() {
    return "godwit-check-" + id + "-plain";
  }

  String awkward() {
    return "godwit-check-" + id + "-awkward";
  }

  String small() {
    return "godwit-check-" + id + "-small";
  }

  private List<String> all() {
    return List.of(plain(), awkward(), small());
  }

  void make() {
    client.createTable(
        table ->
            table
                .tableName(plain())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key("pk", KeyType.HASH))
                .attributeDefinitions(text("pk")));
    client.createTable(
        table ->
            table
                .tableName(awkward())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key("#pk", KeyType.HASH), key(":sk", KeyType.RANGE))
                .attributeDefinitions(text("#pk"), text(":sk")));
    client.createTable(
        table ->
            table
                .tableName(small())
                .billingMode(BillingMode.PROVISIONED)
                .provisionedThroughput(it -> it.readCapacityUnits(1L).writeCapacityUnits(1L))
                .keySchema(key("pk", KeyType.HASH))
                .attributeDefinitions(text("pk")));
    for (String table : all()) {
      client
          .waiter()
          .waitUntilTableExists(
              it -> it.tableName(table),
              o ->
                  o.maxAttempts(120)
                      .backoffStrategyV2(
                          BackoffStrategy.fixedDelayWithoutJitter(Duration.ofSeconds(1))));
    }
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  /**
   * Deletes them, if they are there.
   *
   * @return by name, why a table may still be there
   */
  Map<String, String> delete() {
    var left = new HashMap<String, String>();
    for (String table : all()) {
      try {
        client.deleteTable(it -> it.tableName(table));
      } catch (ResourceNotFoundException e) {
        // As it should be.
      } catch (SdkException e) {
        left.put(table, String.valueOf(e.getMessage()));
      }
    }
    return left;
  }

  BatchExecuteStatementResponse batch(BatchStatementRequest... statements) {
    return client.batchExecuteStatement(
        batch -> batch.statements(statements).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
  }

  void put(String pk, Map<String, AttributeValue> more) {
    var item = new HashMap<>(more);
    item.put("pk", AttributeValue.fromS(pk));
    client.putItem(put -> put.tableName(plain()).item(item));
  }

  void delete(String pk) {
    client.deleteItem(it -> it.tableName(plain()).key(Map.of("pk", AttributeValue.fromS(pk))));
  }

  Map<String, AttributeValue> get(String pk) {
    return client
        .getItem(
            get ->
                get.tableName(plain())
                    .key(Map.of("pk", AttributeValue.fromS(pk)))
                    .consistentRead(true))
        .item();
  }
}
