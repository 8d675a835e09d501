package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.ItemLimits.KeyAttribute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What tables are keyed by, themselves and their indexes. Those that actions write to are asked
 * once. Thread-safe.
 */
final class TableKeys {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final WireDynamoDb dynamoDb;
  private final Map<String, Described> known;

  TableKeys(WireDynamoDb dynamoDb) {
    this(dynamoDb, new ConcurrentHashMap<>());
  }

  private TableKeys(WireDynamoDb dynamoDb, Map<String, Described> known) {
    this.dynamoDb = dynamoDb;
    this.known = known;
  }

  /** The same, but no table is asked again and again beyond {@code deadline}. */
  TableKeys until(Deadline deadline) {
    return new TableKeys(dynamoDb.until(deadline), known);
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

  /** What is told of {@code table} now, whatever was told of it before. */
  Described now(String table) {
    return describe(table);
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

  /**
   * What a table is like.
   *
   * @param keys its key attributes, partition key first
   * @param limits what it takes as an item
   */
  record Described(List<String> keys, ItemLimits limits) {}

  private Described describe(String table) {
    try {
      var asked = new JsonBytes().raw("{\"TableName\":").text(table).raw("}").toByteArray();
      var answer = dynamoDb.call(WireDynamoDb.Operation.DESCRIBE_TABLE, table, asked).answer();
      return new Description(JSON.readTree(answer).path("Table")).described();
    } catch (WireDynamoDb.Refusal e) {
      throw new TableRefused("The table " + table + " cannot be looked at: " + e.reason(), e);
    } catch (IOException e) {
      throw new TableUnavailable("DynamoDB's description of the table " + table + " is no JSON", e);
    }
  }

  /** What DescribeTable answers. */
  private static final class Description {
    private final JsonNode table;
    private final Map<String, AttributeType> types = new HashMap<>();
    private final Map<String, KeyAttribute> keys = new HashMap<>();

    Description(JsonNode table) {
      this.table = table;
      for (JsonNode attribute : table.path("AttributeDefinitions")) {
        types.put(
            name(attribute), AttributeType.valueOf(attribute.get("AttributeType").textValue()));
      }
      add(table, true);
      table.path("GlobalSecondaryIndexes").forEach(index -> add(index, false));
      table.path("LocalSecondaryIndexes").forEach(index -> add(index, false));
    }

    Described described() {
      var names = new ArrayList<String>();
      for (JsonNode key : table.path("KeySchema")) {
        names.add(isPartitionKey(key) ? 0 : names.size(), name(key));
      }
      return new Described(List.copyOf(names), new ItemLimits(keys));
    }

    private void add(JsonNode keyed, boolean ofTable) {
      for (JsonNode key : keyed.path("KeySchema")) {
        var type = types.get(name(key));
        if (type != null) {
          int bytes =
              isPartitionKey(key)
                  ? ItemLimits.MOST_PARTITION_KEY_BYTES
                  : ItemLimits.MOST_SORT_KEY_BYTES;
          keys.merge(
              name(key),
              new KeyAttribute(type, bytes, ofTable),
              (one, other) ->
                  new KeyAttribute(
                      type,
                      Math.min(one.mostBytes(), other.mostBytes()),
                      one.ofTable() || other.ofTable()));
        }
      }
    }

    private static boolean isPartitionKey(JsonNode key) {
      return "HASH".equals(key.path("KeyType").textValue());
    }

    private static String name(JsonNode attribute) {
      return attribute.get("AttributeName").textValue();
    }
  }
}
