package dev.godwit.worker.dynamodb;

import dev.godwit.migration.AttributeType;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.ItemLimits.KeyAttribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What tables are keyed by, themselves and their indexes. Those that actions write to are asked
 * once. Thread-safe.
 */
final class TableKeys {
  private final DynamoDbClient client;
  private final RetriedCalls calls;
  private final Map<String, Described> known;
  private final Deadline deadline;

  TableKeys(DynamoDbClient client, RetriedCalls calls) {
    this(client, calls, new ConcurrentHashMap<>(), Deadline.NEVER);
  }

  private TableKeys(
      DynamoDbClient client, RetriedCalls calls, Map<String, Described> known, Deadline deadline) {
    this.client = client;
    this.calls = calls;
    this.known = known;
    this.deadline = deadline;
  }

  /** The same, but no table is asked again and again beyond {@code deadline}. */
  TableKeys until(Deadline deadline) {
    return new TableKeys(client, calls, known, deadline);
  }

  /** The key attributes of {@code table}, partition key first. */
  List<String> of(String table) {
    return described(table).keys;
  }

  /** What {@code table} takes as an item. */
  ItemLimits limits(String table) {
    return described(table).limits;
  }

  private Described described(String table) {
    var told = known.get(table);
    if (told == null) {
      told = describe(table);
      known.put(table, told);
    }
    return told;
  }

  /** What {@code table} takes as an item; it is asked when this is first called for. */
  Supplier<ItemLimits> limitsLater(String table) {
    return new Once(table);
  }

  private final class Once implements Supplier<ItemLimits> {
    private final String table;
    private @Nullable ItemLimits limits;

    Once(String table) {
      this.table = table;
    }

    @Override
    public synchronized ItemLimits get() {
      var told = limits;
      if (told == null) {
        told = describe(table).limits;
        limits = told;
      }
      return told;
    }
  }

  private record Described(List<String> keys, ItemLimits limits) {
    static Described of(TableDescription table) {
      return new Described(
          table.keySchema().stream()
              .sorted((one, other) -> Boolean.compare(!isPartitionKey(one), !isPartitionKey(other)))
              .map(KeySchemaElement::attributeName)
              .toList(),
          TableKeys.limits(table));
    }
  }

  private static boolean isPartitionKey(KeySchemaElement key) {
    return key.keyType() == KeyType.HASH;
  }

  private static ItemLimits limits(TableDescription table) {
    var types = new HashMap<String, AttributeType>();
    table
        .attributeDefinitions()
        .forEach(
            it -> types.put(it.attributeName(), AttributeType.valueOf(it.attributeTypeAsString())));
    var keys = new HashMap<String, KeyAttribute>();
    add(table.keySchema(), true, types, keys);
    table.globalSecondaryIndexes().forEach(it -> add(it.keySchema(), false, types, keys));
    table.localSecondaryIndexes().forEach(it -> add(it.keySchema(), false, types, keys));
    return new ItemLimits(keys);
  }

  private static void add(
      List<KeySchemaElement> schema,
      boolean ofTable,
      Map<String, AttributeType> types,
      Map<String, KeyAttribute> keys) {
    for (KeySchemaElement key : schema) {
      var type = types.get(key.attributeName());
      if (type != null) {
        int bytes =
            isPartitionKey(key)
                ? ItemLimits.MOST_PARTITION_KEY_BYTES
                : ItemLimits.MOST_SORT_KEY_BYTES;
        keys.merge(
            key.attributeName(),
            new KeyAttribute(type, bytes, ofTable),
            (one, other) ->
                new KeyAttribute(
                    type,
                    Math.min(one.mostBytes(), other.mostBytes()),
                    one.ofTable() || other.ofTable()));
      }
    }
  }

  private Described describe(String table) {
    try {
      var answer =
          calls.call(() -> client.describeTable(request -> request.tableName(table)), deadline);
      return Described.of(answer.table());
    } catch (DynamoDbException e) {
      if (e.statusCode() < 500 && !e.isThrottlingException()) {
        throw new TableRefused("The table " + table + " cannot be looked at: " + e.getMessage(), e);
      }
      throw unavailable(table, e);
    } catch (SdkException e) {
      throw unavailable(table, e);
    }
  }

  private static TableUnavailable unavailable(String table, SdkException e) {
    return new TableUnavailable(
        "DynamoDB did not describe the table " + table + ": " + e.getMessage(), e);
  }
}
