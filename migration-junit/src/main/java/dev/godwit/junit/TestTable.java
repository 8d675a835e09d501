package dev.godwit.junit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Migration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table in DynamoDB Local, and runs over it. {@link GodwitTable} makes it, for one test.
 *
 * <p>A run is a real one: the worker that Lambda gets reads the table segment by segment and page
 * by page, and writes what the migration changes, under guards. What only a deployment has, the
 * ledger and its lease, capacity and Step Functions, is not there.
 *
 * <p>Items go in and come out as DynamoDB JSON.
 */
public final class TestTable {
  private final Database database;
  private final String name;
  private final List<String> keys;
  private final int segments;
  private final Class<?> resources;
  private final Map<String, String> parameters;

  private TestTable(
      Database database,
      String name,
      List<String> keys,
      int segments,
      Class<?> resources,
      Map<String, String> parameters) {
    this.database = database;
    this.name = name;
    this.keys = keys;
    this.segments = segments;
    this.resources = resources;
    this.parameters = Map.copyOf(parameters);
  }

  static TestTable filled(Database database, GodwitTable asked, Class<?> test) {
    database.createTable(asked.name(), asked.keys());
    var table =
        new TestTable(
            database,
            asked.name(),
            Stream.of(asked.keys()).map(key -> key.replaceFirst(":[SNB]$", "")).toList(),
            asked.segments(),
            test,
            Map.of());
    if (!asked.items().isEmpty()) {
      table.lines(asked.items()).forEach(table::put);
    }
    Stream.of(asked.lines()).forEach(table::put);
    return table;
  }

  /** What the table is called. */
  public String name() {
    return name;
  }

  /** Puts an item, which replaces one of the same key; {@code json} as the table would have it. */
  public void put(String json) {
    put(DynamoDbJson.parse(json));
  }

  /** Puts an item, which replaces one of the same key. */
  public void put(Item item) {
    database.call("PutItem", request().set("Item", node(item)));
  }

  /** The item whose key is {@code key}, as in {@code {"id":{"S":"7"}}}; empty if there is none. */
  public Optional<Item> find(String key) {
    var request = request().put("ConsistentRead", true);
    var answer = database.call("GetItem", request.set("Key", node(DynamoDbJson.parse(key))));
    return Optional.ofNullable(answer.get("Item")).map(TestTable::item);
  }

  /** All items, in no order. */
  public List<Item> items() {
    var items = new ArrayList<Item>();
    var request = request().put("ConsistentRead", true);
    JsonNode next;
    do {
      var answer = database.call("Scan", request);
      answer.get("Items").forEach(item -> items.add(item(item)));
      next = answer.get("LastEvaluatedKey");
      request.set("ExclusiveStartKey", next);
    } while (next != null);
    return items;
  }

  /** This very table, where runs are started with the parameter {@code name} besides. */
  public TestTable parameter(String name, String value) {
    var more = new HashMap<>(parameters);
    more.put(name, value);
    return new TestTable(database, this.name, keys, segments, resources, more);
  }

  /** Runs {@code migration} over the table, up, to its end. */
  public TestRun migrate(Migration migration) {
    return new RunOverTable(database, this, migration).up();
  }

  /** Runs {@code migration} over the table, down, to its end. */
  public TestRun undo(Migration migration) {
    return new RunOverTable(database, this, migration).down();
  }

  /**
   * Asserts that the table holds the items of {@code resource} and no others.
   *
   * @param resource as in {@link GodwitTable#items()}
   */
  public void assertHolds(String resource) {
    assertHolds(lines(resource).map(DynamoDbJson::parse).toList());
  }

  /** Asserts that the table holds {@code expected} and no other items. */
  public void assertHolds(List<Item> expected) {
    var missing = new ArrayList<>(expected);
    var tooMany = new ArrayList<Item>();
    for (Item item : items()) {
      if (!missing.remove(item)) {
        tooMany.add(item);
      }
    }
    if (!missing.isEmpty() || !tooMany.isEmpty()) {
      throw new AssertionError(
          "The table "
              + name
              + " holds other items than expected."
              + told("Missing:", missing)
              + told("Not expected:", tooMany));
    }
  }

  List<String> keys() {
    return keys;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  int segments() {
    return segments;
  }

  private static String told(String what, List<Item> items) {
    var lines = new StringBuilder();
    if (!items.isEmpty()) {
      lines.append(System.lineSeparator()).append(what);
      items.stream()
          .map(DynamoDbJson::format)
          .sorted()
          .forEach(line -> lines.append(System.lineSeparator()).append("  ").append(line));
    }
    return lines.toString();
  }

  private Stream<String> lines(String resource) {
    try (var in = resources.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "There is no resource "
                + resource
                + " beside "
                + resources.getName()
                + "; put it there, or begin with a / where it lies at the top");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank());
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + resource + " cannot be read", e);
    }
  }

  private ObjectNode request() {
    return JsonNodeFactory.instance.objectNode().put("TableName", name);
  }

  private static JsonNode node(Item item) {
    try {
      return Database.JSON.readTree(DynamoDbJson.format(item));
    } catch (IOException e) {
      throw new UncheckedIOException("DynamoDB JSON is JSON", e);
    }
  }

  private static Item item(JsonNode node) {
    return DynamoDbJson.parse(node.toString());
  }
}
