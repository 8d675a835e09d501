package dev.godwit.cli.sample;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A table that is made at random, and a migration for it.
 *
 * @param hasSortKey whether {@code r} is the sort key beside the partition key {@code p}
 * @param indexes by name
 * @param item the item of a number, with its keys
 */
record GeneratedTable(
    String name,
    boolean hasSortKey,
    Map<String, Index> indexes,
    int items,
    BiFunction<Random, Integer, Item> item,
    ItemTransform transform) {
  private static final int BATCH = 25;

  /** An index with one key attribute of its own, a string; a local one has it for its sort key. */
  record Index(boolean isGlobal, String key, ProjectionType projection, List<String> projected) {}

  static Index global(String key, ProjectionType projection, String... projected) {
    return new Index(true, key, projection, List.of(projected));
  }

  static Index local(String key, ProjectionType projection, String... projected) {
    return new Index(false, key, projection, List.of(projected));
  }

  /** Ten of them: sizes, indexes, sparse changes, kilobyte steps, skew. */
  static List<GeneratedTable> ten() {
    return List.of(
        new GeneratedTable(
            "Plain",
            false,
            Map.of(),
            1_000,
            (random, i) -> keyed(i).with("n", text(random, 20, 400)),
            (item, context) -> Change.replace(item.with("label", "seen"))),
        new GeneratedTable(
            "Sparse",
            false,
            Map.of(),
            1_500,
            (random, i) ->
                keyed(i).with("n", text(random, 20, 400)).with("old", random.nextInt(100) < 6),
            (item, context) ->
                item.bool("old") ? Change.replace(item.with("old", false)) : Change.keep()),
        new GeneratedTable(
            "Steps",
            false,
            Map.of(),
            1_200,
            (random, i) -> keyed(i).with("n", text(random, 880, 1_060)),
            (item, context) ->
                Change.replace(item.with("comment", "forty bytes of text, or about that"))),
        new GeneratedTable(
            "Skewed",
            false,
            Map.of(),
            1_200,
            (random, i) ->
                keyed(i)
                    .with(
                        "n",
                        random.nextInt(100) < 8
                            ? text(random, 9_000, 30_000)
                            : text(random, 9, 900)),
            (item, context) -> Change.replace(item.with("seen", true))),
        new GeneratedTable(
            "Projecting",
            false,
            Map.of("ByOwner", global("owner", ProjectionType.ALL)),
            1_000,
            (random, i) -> owned(random, keyed(i).with("n", text(random, 100, 3_000))),
            (item, context) -> Change.replace(item.with("label", "seen").without("draft"))),
        new GeneratedTable(
            "Joining",
            false,
            Map.of(
                "ByState", global("state", ProjectionType.KEYS_ONLY),
                "ByOwner", global("owner", ProjectionType.KEYS_ONLY)),
            1_000,
            (random, i) -> owned(random, keyed(i).with("code", random.nextInt(10))),
            (item, context) ->
                switch (item.number("code").intValue() % 5) {
                  case 0 -> Change.keep();
                  case 1 -> Change.replace(item.without("owner").with("state", "free"));
                  default -> Change.replace(item.with("state", "kept"));
                }),
        new GeneratedTable(
            "Moving",
            true,
            Map.of(
                "ByOwner", global("owner", ProjectionType.INCLUDE, "n", "note"),
                "ByAge", local("age", ProjectionType.INCLUDE, "note")),
            1_200,
            (random, i) ->
                owned(random, keyed(i / 3).with("r", "r" + i % 3))
                    .with("age", "a" + random.nextInt(50))
                    .with("n", text(random, 10, 1_500)),
            (item, context) ->
                switch (item.string("age").length()) {
                  case 2 -> Change.replace(item.with("note", "young"));
                  default ->
                      item.has("owner")
                          ? Change.replace(item.with("owner", item.string("owner") + "!"))
                          : Change.replace(item.with("age", item.string("age") + "+"));
                }),
        new GeneratedTable(
            "Collections",
            true,
            Map.of("ByNote", local("note", ProjectionType.ALL)),
            2_000,
            (random, i) -> {
              int owner = (int) Math.sqrt(i * 20.0); // the later, the fewer items has each
              return keyed(owner / 4)
                  .with("r", "r" + i)
                  .with("n", text(random, 5, 200))
                  .with("even", owner / 4 % 2 == 0);
            },
            (item, context) ->
                item.bool("even") ? Change.replace(item.with("note", "even")) : Change.keep()),
        new GeneratedTable(
            "Renamed",
            true,
            Map.of("ByOwner", global("owner", ProjectionType.ALL)),
            1_000,
            (random, i) ->
                owned(random, keyed(i).with("r", "r").with("n", text(random, 50, 2_400)))
                    .with("code", random.nextInt(10)),
            (item, context) ->
                switch (item.number("code").intValue()) {
                  case 0, 1 -> Change.delete();
                  // Larger than it was: DynamoDB Local counts two parts of a transaction that
                  // consume the same once.
                  case 2, 3, 4 ->
                      Change.replace(item.with("r", "new").with("pad", "x".repeat(1_100)));
                  case 5 -> Change.keep();
                  default -> Change.replace(item.with("label", "seen"));
                }),
        new GeneratedTable(
            "Mixed",
            false,
            Map.of("ByOwner", global("owner", ProjectionType.INCLUDE, "amount")),
            1_000,
            (random, i) ->
                owned(random, keyed(i))
                    .with(
                        "amount",
                        new BigDecimal(random.nextInt(2_000_000) - 1_000_000)
                            .movePointLeft(random.nextInt(6)))
                    .with("bytes", new byte[random.nextInt(600)])
                    .with("tags", Value.stringSet(List.of("a" + i, "b")))
                    .with(
                        "nested",
                        Value.map(
                            Map.of("list", Value.list(List.of(Value.nothing(), Value.number(i)))))),
            (item, context) -> {
              int bytes = item.binary("bytes").length;
              if (bytes % 11 == 0) {
                throw new IllegalStateException("cannot");
              }
              return bytes % 13 == 0
                  ? Change.replace(item.with("owner", "")) // an empty key is refused
                  : Change.replace(item.with("amount", item.number("amount").add(BigDecimal.ONE)));
            }));
  }

  private static Item keyed(int i) {
    return Item.empty().with("p", "p" + i);
  }

  private static Item owned(Random random, Item item) {
    return random.nextInt(3) == 0 ? item : item.with("owner", "o" + random.nextInt(40));
  }

  private static String text(Random random, int least, int most) {
    return "x".repeat(least + random.nextInt(most - least + 1));
  }

  List<String> keys() {
    return hasSortKey ? List.of("p", "r") : List.of("p");
  }

  /** The migration, which is meant for this table. */
  Migration migration() {
    var table = name;
    var up = transform;
    return new Migration() {
      @Override
      public String id() {
        return "20261126-" + table.toLowerCase(java.util.Locale.ROOT);
      }

      @Override
      public String table() {
        return table;
      }

      @Override
      public String description() {
        return "Changes " + table;
      }

      @Override
      public ItemTransform up() {
        return up;
      }
    };
  }

  /** Makes the table, and fills it. */
  void make(LocalDynamoDb server, long seed) {
    try (var client = server.client()) {
      client.createTable(request());
      fill(client, new Random(seed));
    }
  }

  private CreateTableRequest request() {
    var attributes = new TreeMap<String, AttributeDefinition>();
    keys().forEach(key -> attributes.put(key, attribute(key)));
    var globals = new ArrayList<GlobalSecondaryIndex>();
    var locals = new ArrayList<LocalSecondaryIndex>();
    indexes.forEach(
        (indexName, index) -> {
          attributes.put(index.key, attribute(index.key));
          var projection =
              Projection.builder()
                  .projectionType(index.projection)
                  .nonKeyAttributes(index.projected.isEmpty() ? null : index.projected)
                  .build();
          if (index.isGlobal) {
            globals.add(
                GlobalSecondaryIndex.builder()
                    .indexName(indexName)
                    .keySchema(key(index.key, KeyType.HASH))
                    .projection(projection)
                    .build());
          } else {
            locals.add(
                LocalSecondaryIndex.builder()
                    .indexName(indexName)
                    .keySchema(key("p", KeyType.HASH), key(index.key, KeyType.RANGE))
                    .projection(projection)
                    .build());
          }
        });
    var request =
        CreateTableRequest.builder()
            .tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes.values())
            .keySchema(
                hasSortKey
                    ? List.of(key("p", KeyType.HASH), key("r", KeyType.RANGE))
                    : List.of(key("p", KeyType.HASH)));
    if (!globals.isEmpty()) {
      request.globalSecondaryIndexes(globals);
    }
    if (!locals.isEmpty()) {
      request.localSecondaryIndexes(locals);
    }
    return request.build();
  }

  private static AttributeDefinition attribute(String name) {
    return AttributeDefinition.builder().attributeName(name).attributeType("S").build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private void fill(DynamoDbClient client, Random random) {
    var batch = new ArrayList<WriteRequest>();
    for (int i = 0; i < items; i++) {
      var stored = sdk(item.apply(random, i));
      batch.add(
          WriteRequest.builder().putRequest(PutRequest.builder().item(stored).build()).build());
      if (batch.size() == BATCH || i == items - 1) {
        var requests = Map.of(name, List.copyOf(batch));
        client.batchWriteItem(write -> write.requestItems(requests));
        batch.clear();
      }
    }
  }

  private static Map<String, AttributeValue> sdk(Item item) {
    var values = new HashMap<String, AttributeValue>();
    item.attributes().forEach((attribute, value) -> values.put(attribute, sdk(value)));
    return values;
  }

  private static AttributeValue sdk(Value value) {
    return switch (value.type()) {
      case S -> AttributeValue.fromS(value.asString());
      case N -> AttributeValue.fromN(value.asNumber().toPlainString());
      case B ->
          AttributeValue.fromB(
              software.amazon.awssdk.core.SdkBytes.fromByteArray(value.asBinary()));
      case BOOL -> AttributeValue.fromBool(value.asBoolean());
      case SS -> AttributeValue.fromSs(List.copyOf(value.asStringSet()));
      case L -> AttributeValue.fromL(value.asList().stream().map(GeneratedTable::sdk).toList());
      case M -> {
        var map = new HashMap<String, AttributeValue>();
        value.asMap().forEach((name, nested) -> map.put(name, sdk(nested)));
        yield AttributeValue.fromM(map);
      }
      case NULL -> AttributeValue.fromNul(true);
      default -> throw new IllegalArgumentException("No such value here: " + value.type());
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
