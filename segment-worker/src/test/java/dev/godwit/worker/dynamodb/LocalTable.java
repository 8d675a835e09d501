package dev.godwit.worker.dynamodb;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table in DynamoDB Local, as somebody else sees it: through the plain SDK client. */
public final class LocalTable {
  private final DynamoDbClient client;
  private final String name;
  private final List<String> keys;

  private LocalTable(DynamoDbClient client, String name, List<String> keys) {
    this.client = client;
    this.name = name;
    this.keys = keys;
  }

  /**
   * A new table.
   *
   * @param keys as in {@code id} or {@code age:N}
   */
  public static LocalTable create(LocalDynamoDb server, String name, String... keys) {
    server.createTable(name, keys);
    return of(
        server, name, Arrays.stream(keys).map(LocalTable::withoutType).toArray(String[]::new));
  }

  private static String withoutType(String key) {
    int colon = key.lastIndexOf(':');
    return colon < 0 ? key : key.substring(0, colon);
  }

  /** A table that is there already, with the key attributes {@code keys}. */
  public static LocalTable of(LocalDynamoDb server, String name, String... keys) {
    return new LocalTable(server.client(), name, List.of(keys));
  }

  public String name() {
    return name;
  }

  public List<String> keys() {
    return keys;
  }

  public DynamoDbClient client() {
    return client;
  }

  public void put(Item item) {
    client.putItem(put -> put.tableName(name).item(SdkItems.toSdk(item)));
  }

  public void delete(Item item) {
    client.deleteItem(delete -> delete.tableName(name).key(key(item)));
  }

  public Optional<Item> get(Item item) {
    var answer = client.getItem(get -> get.tableName(name).key(key(item)).consistentRead(true));
    return answer.hasItem() ? Optional.of(SdkItems.fromSdk(answer.item())) : Optional.empty();
  }

  /** Deletes the table itself. */
  public void drop() {
    client.deleteTable(table -> table.tableName(name));
    client.close();
  }

  /** Every item, in no order. */
  public List<Item> all() {
    var items = new ArrayList<Item>();
    client
        .scanPaginator(scan -> scan.tableName(name).consistentRead(true))
        .items()
        .forEach(item -> items.add(SdkItems.fromSdk(item)));
    return items;
  }

  /** {@code item} in the SDK's words. */
  public static Map<String, AttributeValue> sdk(Item item) {
    return SdkItems.toSdk(item);
  }

  private Map<String, AttributeValue> key(Item item) {
    var key = new HashMap<>(SdkItems.toSdk(item));
    key.keySet().retainAll(keys);
    return key;
  }
}
