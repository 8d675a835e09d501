package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.ItemLimits.KeyAttribute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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

  /**
   * How items of {@code table}, or of an index of it, can be read now.
   *
   * @throws TableRefused when there is no such index, or it is not complete
   */
  Access access(String table, Optional<String> index) {
    var description = description(table);
    return index.isEmpty() ? description.access(table) : description.access(table, index.get());
  }

  private Described describe(String table) {
    return description(table).described();
  }

  private Description description(String table) {
    try {
      var asked = new JsonBytes().raw("{\"TableName\":").text(table).raw("}").toByteArray();
      var answer = dynamoDb.call(WireDynamoDb.Operation.DESCRIBE_TABLE, table, asked).answer();
      return new Description(JSON.readTree(answer).path("Table"));
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
      return new Described(names(), new ItemLimits(keys));
    }

    private List<String> names() {
      return keys(table).stream().map(Access.Key::name).toList();
    }

    private List<Access.Key> keys(JsonNode keyed) {
      var keysOf = new ArrayList<Access.Key>();
      for (JsonNode key : keyed.path("KeySchema")) {
        var type = types.getOrDefault(name(key), AttributeType.S);
        keysOf.add(new Access.Key(name(key), type, isPartitionKey(key)));
      }
      keysOf.sort(Comparator.comparing(key -> !key.isPartition()));
      return keysOf;
    }

    Access access(String name) {
      return new Access(name, Optional.empty(), keys(table), names(), true, true);
    }

    /**
     * API reference, GlobalSecondaryIndexDescription: an index that is CREATING has not all items
     * yet, one that is UPDATING can be read. Local indexes are as old as their table, and have no
     * status. Read 2026-11-26.
     */
    Access access(String tableName, String name) {
      for (JsonNode index : table.path("GlobalSecondaryIndexes")) {
        if (isNamed(index, name)) {
          var status = index.path("IndexStatus").asText("ACTIVE");
          if (index.path("Backfilling").asBoolean()
              || !(status.equals("ACTIVE") || status.equals("UPDATING"))) {
            throw new TableRefused(
                "The index "
                    + name
                    + " of the table "
                    + tableName
                    + " is "
                    + (status.equals("DELETING") ? "being deleted" : "still being built")
                    + (status.equals("DELETING")
                        ? ": take the items from another index, or scan the table"
                        : " and has not all of its items yet: wait until it is ACTIVE"),
                new IllegalStateException(status));
          }
          return access(tableName, index, false);
        }
      }
      for (JsonNode index : table.path("LocalSecondaryIndexes")) {
        if (isNamed(index, name)) {
          return access(tableName, index, true);
        }
      }
      throw new TableRefused(
          "The table "
              + tableName
              + " has no index "
              + name
              + (indexNames().isEmpty()
                  ? ", and no other"
                  : "; it has " + String.join(", ", indexNames())),
          new IllegalArgumentException(name));
    }

    private Access access(String tableName, JsonNode index, boolean isLocal) {
      return new Access(
          tableName,
          Optional.of(index.path("IndexName").asText()),
          keys(index),
          names(),
          index.path("Projection").path("ProjectionType").asText().equals("ALL"),
          isLocal);
    }

    private List<String> indexNames() {
      var all = new TreeSet<String>();
      for (String kind : List.of("GlobalSecondaryIndexes", "LocalSecondaryIndexes")) {
        table.path(kind).forEach(index -> all.add(index.path("IndexName").asText()));
      }
      return List.copyOf(all);
    }

    private static boolean isNamed(JsonNode index, String name) {
      return index.path("IndexName").asText().equals(name);
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
