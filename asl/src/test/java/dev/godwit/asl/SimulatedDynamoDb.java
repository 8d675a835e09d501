package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * DynamoDB as far as the books of a run need it: items with conditions and transactions, and tables
 * whose capacity can be changed, within limits. Requests and answers are the service's own JSON,
 * errors have the names that Step Functions gives them. Not for scans of data.
 */
public final class SimulatedDynamoDb {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Map<String, String> SDK_WORDS =
      Map.of("BOOL", "Bool", "NS", "Ns", "SS", "Ss", "NULL", "Nul");

  private int calls;
  private final Supplier<Instant> clock;
  private final Map<String, Map<String, ObjectNode>> items = new TreeMap<>();
  private final Map<String, Table> tables = new TreeMap<>();

  private final class Table {
    private final ObjectNode description = JSON.objectNode();
    private Instant busyUntil = Instant.MIN;
    private Instant decreasesFrom = Instant.MIN;
    private Duration updateTakes = Duration.ofSeconds(20);
    private long mostUnits = 40_000;

    JsonNode described() {
      String status = clock.get().isBefore(busyUntil) ? "UPDATING" : "ACTIVE";
      description.put("TableStatus", status);
      description
          .path("GlobalSecondaryIndexes")
          .forEach(i -> ((ObjectNode) i).put("IndexStatus", status));
      return description.deepCopy();
    }
  }

  /**
   * @param clock what updates of tables take their time by
   */
  public SimulatedDynamoDb(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /** Makes a table for items; it has no capacity to speak of. */
  public SimulatedDynamoDb withItems(String table) {
    items.put(table, new TreeMap<>());
    return this;
  }

  /**
   * Makes a provisioned table whose key is {@code id}.
   *
   * @param indexes the name of each, to its read and write units
   */
  public SimulatedDynamoDb withProvisioned(
      String table, long readUnits, long writeUnits, Map<String, long[]> indexes) {
    Table made = new Table();
    made.description.put("TableName", table);
    made.description
        .putArray("KeySchema")
        .addObject()
        .put("AttributeName", "id")
        .put("KeyType", "HASH");
    made.description.set("ProvisionedThroughput", units(readUnits, writeUnits));
    if (!indexes.isEmpty()) {
      ArrayNode list = made.description.putArray("GlobalSecondaryIndexes");
      new TreeMap<>(indexes)
          .forEach(
              (name, units) ->
                  list.addObject()
                      .put("IndexName", name)
                      .set("ProvisionedThroughput", units(units[0], units[1])));
    }
    tables.put(table, made);
    return this;
  }

  private static <T> T known(Map<String, T> all, String table) {
    return Optional.ofNullable(all.get(table)).orElseThrow();
  }

  private static ObjectNode units(long read, long write) {
    return JSON.objectNode().put("ReadCapacityUnits", read).put("WriteCapacityUnits", write);
  }

  /** Decreases of {@code table}'s capacity are refused until then. */
  public void refuseDecreases(String table, Instant until) {
    known(tables, table).decreasesFrom = until;
  }

  /** The most read or write units that {@code table} or an index of it may have. */
  public void limitUnits(String table, long most) {
    known(tables, table).mostUnits = most;
  }

  /** All items of a table, by {@code pk} and {@code sk}; not copied. */
  public List<ObjectNode> items(String table) {
    return new ArrayList<>(known(items, table).values());
  }

  /** One item. */
  public Optional<ObjectNode> item(String table, String pk, String sk) {
    return Optional.ofNullable(known(items, table).get(key(pk, sk)));
  }

  /** What {@code table} and its indexes can take, as DescribeTable has it. */
  public String capacity(String table) {
    JsonNode description = known(tables, table).description;
    return description.get("ProvisionedThroughput")
        + " "
        + description.path("GlobalSecondaryIndexes").findValues("ProvisionedThroughput");
  }

  /**
   * Carries out one request. Types of values have now the service's own names, now those of the
   * SDK's model, which Step Functions has been seen to answer with: Bool, Ns, Ss, Nul
   * (aws/aws-sdk-js#4294, aws/aws-sdk-js-v3#5423, boto/boto3#4253; read 2026-11-26). Requests have
   * the service's own: of those nobody was seen to tell, and {@code scripts/check-on-aws} asks.
   *
   * @param operation {@code GetItem} and the like
   */
  public synchronized JsonNode call(String operation, JsonNode request) throws TaskFailure {
    var answer = answer(operation, request);
    return calls++ % 2 == 0 ? answer : inWordsOfTheSdk(answer);
  }

  private static JsonNode inWordsOfTheSdk(JsonNode node) {
    if (node.isArray()) {
      var all = JSON.arrayNode();
      node.forEach(one -> all.add(inWordsOfTheSdk(one)));
      return all;
    }
    if (!node.isObject()) {
      return node;
    }
    var all = JSON.objectNode();
    node.properties()
        .forEach(
            field ->
                all.set(
                    node.size() == 1
                        ? SDK_WORDS.getOrDefault(field.getKey(), field.getKey())
                        : field.getKey(),
                    inWordsOfTheSdk(field.getValue())));
    return all;
  }

  private JsonNode answer(String operation, JsonNode request) throws TaskFailure {
    return switch (operation) {
      case "GetItem" -> get(request);
      case "PutItem", "UpdateItem", "DeleteItem" -> {
        String kind = operation.substring(0, operation.length() - "Item".length());
        if (!holds(kind, request)) {
          throw new TaskFailure(
              "DynamoDb.ConditionalCheckFailedException", "The conditional request failed");
        }
        write(kind, request);
        // Of UPDATED_NEW more than the service would tell; nobody here minds.
        yield request.path("ReturnValues").asText().equals("UPDATED_NEW")
            ? JSON.objectNode()
                .set("Attributes", known(itemsOf(request), key(kind, request)).deepCopy())
            : JSON.objectNode();
      }
      case "TransactWriteItems" -> transact(request);
      case "Scan" -> scan(request);
      case "Query" -> query(request);
      case "DescribeTable" -> JSON.objectNode().set("Table", table(request).described());
      case "UpdateTable" -> updateTable(request);
      default -> throw new AssertionError("an operation that is not simulated: " + operation);
    };
  }

  private Map<String, ObjectNode> itemsOf(JsonNode request) throws TaskFailure {
    Map<String, ObjectNode> known = items.get(request.get("TableName").textValue());
    if (known == null) {
      throw new TaskFailure("DynamoDb.ResourceNotFoundException", "Requested resource not found");
    }
    return known;
  }

  private static String key(String pk, String sk) {
    return pk + "\n" + sk;
  }

  private static String key(String kind, JsonNode request) {
    JsonNode from = request.get(kind.equals("Put") ? "Item" : "Key");
    return key(from.at("/pk/S").asText(), from.at("/sk/S").asText());
  }

  private JsonNode get(JsonNode request) throws TaskFailure {
    ObjectNode answer = JSON.objectNode();
    ObjectNode item = itemsOf(request).get(key("Get", request));
    if (item != null) {
      answer.set("Item", item.deepCopy());
    }
    return answer;
  }

  /** Of the items with one partition key, those whose sort key begins as is asked for. */
  private JsonNode query(JsonNode request) throws TaskFailure {
    var asked =
        Pattern.compile("pk = (:\\w+) AND begins_with\\(sk, (:\\w+)\\)")
            .matcher(request.get("KeyConditionExpression").textValue());
    if (!asked.matches()) {
      throw new AssertionError("a query that is not simulated: " + request);
    }
    JsonNode values = request.get("ExpressionAttributeValues");
    String partition = values.get(asked.group(1)).get("S").textValue();
    String prefix = values.get(asked.group(2)).get("S").textValue();
    ObjectNode answer = JSON.objectNode();
    ArrayNode found = answer.putArray("Items");
    for (ObjectNode item : itemsOf(request).values()) {
      if (item.at("/pk/S").asText().equals(partition)
          && item.at("/sk/S").asText().startsWith(prefix)) {
        found.add(item.deepCopy());
      }
    }
    answer.put("Count", found.size()).put("ScannedCount", found.size());
    return answer;
  }

  private boolean holds(String kind, JsonNode request) throws TaskFailure {
    Optional<ObjectNode> item = Optional.ofNullable(itemsOf(request).get(key(kind, request)));
    JsonNode condition = request.get("ConditionExpression");
    return condition == null
        || new SimulatedExpressions(condition.textValue(), request).holds(item);
  }

  private void write(String kind, JsonNode request) throws TaskFailure {
    Map<String, ObjectNode> all = itemsOf(request);
    String key = key(kind, request);
    switch (kind) {
      case "Put" -> all.put(key, request.get("Item").deepCopy());
      case "Delete" -> all.remove(key);
      case "Update" -> {
        ObjectNode before = all.getOrDefault(key, request.get("Key").deepCopy());
        all.put(
            key,
            new SimulatedExpressions(request.get("UpdateExpression").textValue(), request)
                .updated(before));
      }
      case "ConditionCheck" -> {}
      default -> throw new AssertionError("a write that is not simulated: " + kind);
    }
  }

  private JsonNode transact(JsonNode request) throws TaskFailure {
    List<String> reasons = new ArrayList<>();
    for (JsonNode one : request.get("TransactItems")) {
      String kind = one.fieldNames().next();
      reasons.add(holds(kind, one.get(kind)) ? "None" : "ConditionalCheckFailed");
    }
    if (reasons.contains("ConditionalCheckFailed")) {
      throw new TaskFailure(
          "DynamoDb.TransactionCanceledException",
          "Transaction cancelled, please refer cancellation reasons for specific reasons "
              + reasons);
    }
    for (JsonNode one : request.get("TransactItems")) {
      String kind = one.fieldNames().next();
      write(kind, one.get(kind));
    }
    return JSON.objectNode();
  }

  /** Two items a page. */
  private JsonNode scan(JsonNode request) throws TaskFailure {
    ObjectNode answer = JSON.objectNode();
    ArrayNode found = answer.putArray("Items");
    JsonNode start = request.at("/ExclusiveStartKey/key/S");
    int seen = 0;
    for (Map.Entry<String, ObjectNode> one : itemsOf(request).entrySet()) {
      if (!start.isMissingNode() && one.getKey().compareTo(start.asText()) <= 0) {
        continue;
      }
      JsonNode filter = request.get("FilterExpression");
      if (filter == null
          || new SimulatedExpressions(filter.textValue(), request)
              .holds(Optional.of(one.getValue()))) {
        found.add(one.getValue().deepCopy());
      }
      if (++seen == 2) {
        answer.putObject("LastEvaluatedKey").putObject("key").put("S", one.getKey());
        break;
      }
    }
    return answer;
  }

  private Table table(JsonNode request) throws TaskFailure {
    Table table = tables.get(request.get("TableName").textValue());
    if (table == null) {
      throw new TaskFailure("DynamoDb.ResourceNotFoundException", "Requested resource not found");
    }
    return table;
  }

  private JsonNode updateTable(JsonNode request) throws TaskFailure {
    Table table = table(request);
    if (clock.get().isBefore(table.busyUntil)) {
      throw UpdateTableRefusal.TABLE_IS_UPDATED.failure();
    }
    Map<ObjectNode, JsonNode> wanted = new java.util.LinkedHashMap<>();
    if (request.has("ProvisionedThroughput")) {
      wanted.put(table.description, request.get("ProvisionedThroughput"));
    }
    for (JsonNode update : request.path("GlobalSecondaryIndexUpdates")) {
      for (JsonNode index : table.description.path("GlobalSecondaryIndexes")) {
        if (index.get("IndexName").equals(update.at("/Update/IndexName"))) {
          wanted.put((ObjectNode) index, update.at("/Update/ProvisionedThroughput"));
        }
      }
    }
    for (var one : wanted.entrySet()) {
      check(table, one.getKey().get("ProvisionedThroughput"), one.getValue());
    }
    wanted.forEach((what, units) -> what.set("ProvisionedThroughput", units.deepCopy()));
    table.busyUntil = clock.get().plus(table.updateTakes);
    return JSON.objectNode();
  }

  private void check(Table table, JsonNode is, JsonNode wanted) throws TaskFailure {
    if (is.equals(wanted)) {
      throw UpdateTableRefusal.WILL_NOT_CHANGE.failure();
    }
    for (String kind : new String[] {"ReadCapacityUnits", "WriteCapacityUnits"}) {
      if (wanted.get(kind).asLong() > table.mostUnits) {
        throw new TaskFailure(
            "DynamoDb.LimitExceededException", "Table throughput limits were exceeded");
      }
      if (wanted.get(kind).asLong() < is.get(kind).asLong()
          && clock.get().isBefore(table.decreasesFrom)) {
        throw new TaskFailure(
            "DynamoDb.LimitExceededException",
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given"
                + " UTC day.");
      }
    }
  }
}
