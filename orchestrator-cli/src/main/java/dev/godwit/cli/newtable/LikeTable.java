package dev.godwit.cli.newtable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.SSESpecification;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * A table that is like another, but for its name and perhaps its key.
 *
 * @param request what makes it
 * @param taken what it has of the other, for people
 * @param left what it has not, and why, for people
 */
record LikeTable(CreateTableRequest request, List<String> taken, List<String> left) {
  LikeTable {
    taken = List.copyOf(taken);
    left = List.copyOf(left);
  }

  /**
   * A table like {@code old}.
   *
   * @param key its key; absent for the same
   */
  static LikeTable of(TableDescription old, String name, Optional<KeyOption> key) {
    return new Making(old, key.orElseGet(() -> keyOf(old))).table(name);
  }

  private static KeyOption keyOf(TableDescription old) {
    var parts = new ArrayList<KeyOption.Part>();
    for (KeyType type : List.of(KeyType.HASH, KeyType.RANGE)) {
      old.keySchema().stream()
          .filter(element -> element.keyType() == type)
          .forEach(
              element ->
                  parts.add(
                      new KeyOption.Part(
                          element.attributeName(),
                          Objects.requireNonNull(types(old).get(element.attributeName())))));
    }
    return new KeyOption(parts);
  }

  private static Map<String, ScalarAttributeType> types(TableDescription old) {
    var types = new LinkedHashMap<String, ScalarAttributeType>();
    old.attributeDefinitions()
        .forEach(attribute -> types.put(attribute.attributeName(), attribute.attributeType()));
    return types;
  }

  /** Used once. */
  private static final class Making {
    private final TableDescription old;
    private final KeyOption key;
    private final Map<String, ScalarAttributeType> known;
    private final Map<String, ScalarAttributeType> used = new LinkedHashMap<>();
    private final List<String> taken = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    Making(TableDescription old, KeyOption key) {
      this.old = old;
      this.key = key;
      this.known = types(old);
      key.parts().forEach(part -> used.put(part.attribute(), part.type()));
    }

    LikeTable table(String name) {
      var request = CreateTableRequest.builder().tableName(name).keySchema(schema());
      billing(request);
      encryption(request);
      if (old.tableClassSummary() != null) {
        request.tableClass(old.tableClassSummary().tableClass());
        taken.add("table class " + old.tableClassSummary().tableClassAsString());
      }
      var global = old.globalSecondaryIndexes().stream().flatMap(this::global).toList();
      if (!global.isEmpty()) {
        request.globalSecondaryIndexes(global);
      }
      var local = old.localSecondaryIndexes().stream().flatMap(this::local).toList();
      if (!local.isEmpty()) {
        request.localSecondaryIndexes(local);
      }
      request.attributeDefinitions(
          used.entrySet().stream()
              .map(
                  attribute ->
                      AttributeDefinition.builder()
                          .attributeName(attribute.getKey())
                          .attributeType(attribute.getValue())
                          .build())
              .toList());
      others();
      return new LikeTable(request.build(), taken, left);
    }

    private List<KeySchemaElement> schema() {
      var elements = new ArrayList<KeySchemaElement>();
      for (KeyOption.Part part : key.parts()) {
        elements.add(
            KeySchemaElement.builder()
                .attributeName(part.attribute())
                .keyType(elements.isEmpty() ? KeyType.HASH : KeyType.RANGE)
                .build());
      }
      return elements;
    }

    /** A table that was never on demand says nothing of its mode. */
    private boolean isOnDemand() {
      return old.billingModeSummary() != null
          && old.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
    }

    private void billing(CreateTableRequest.Builder request) {
      if (isOnDemand()) {
        request.billingMode(BillingMode.PAY_PER_REQUEST);
        taken.add("on demand");
        if (old.onDemandThroughput() != null) {
          request.onDemandThroughput(old.onDemandThroughput());
          taken.add("its maximum of units on demand");
        }
        return;
      }
      var units = old.provisionedThroughput();
      request.billingMode(BillingMode.PROVISIONED).provisionedThroughput(units(units));
      taken.add(
          String.format(
              Locale.ROOT,
              "provisioned, %,d read and %,d write units",
              units.readCapacityUnits(),
              units.writeCapacityUnits()));
      left.add("auto scaling, if it has any: provisioned units stay as they are");
    }

    private static ProvisionedThroughput units(ProvisionedThroughputDescription units) {
      return ProvisionedThroughput.builder()
          .readCapacityUnits(units.readCapacityUnits())
          .writeCapacityUnits(units.writeCapacityUnits())
          .build();
    }

    private void encryption(CreateTableRequest.Builder request) {
      var encryption = old.sseDescription();
      if (encryption != null && encryption.sseType() == SSEType.KMS) {
        request.sseSpecification(
            SSESpecification.builder()
                .enabled(true)
                .sseType(SSEType.KMS)
                .kmsMasterKeyId(encryption.kmsMasterKeyArn())
                .build());
        taken.add("its key " + encryption.kmsMasterKeyArn());
      }
    }

    private Stream<GlobalSecondaryIndex> global(GlobalSecondaryIndexDescription index) {
      if (isTheKey(index.keySchema())) {
        left.add("index " + index.indexName() + ": the table has its key");
        return Stream.empty();
      }
      if (!canUse(index.indexName(), index.keySchema())) {
        return Stream.empty();
      }
      var copy =
          GlobalSecondaryIndex.builder()
              .indexName(index.indexName())
              .keySchema(index.keySchema())
              .projection(index.projection());
      if (!isOnDemand()) {
        copy.provisionedThroughput(units(index.provisionedThroughput()));
      } else if (index.onDemandThroughput() != null) {
        copy.onDemandThroughput(index.onDemandThroughput());
      }
      taken.add("index " + index.indexName());
      return Stream.of(copy.build());
    }

    /** A local index has the table's partition key, and another sort key. */
    private Stream<LocalSecondaryIndex> local(LocalSecondaryIndexDescription index) {
      if (isTheKey(index.keySchema())) {
        left.add("index " + index.indexName() + ": the table has its key");
        return Stream.empty();
      }
      if (key.parts().size() < 2 || !partition(index.keySchema()).equals(key.names().get(0))) {
        left.add(
            "index "
                + index.indexName()
                + ": a local index needs the table's partition key, and a table with a sort key");
        return Stream.empty();
      }
      if (!canUse(index.indexName(), index.keySchema())) {
        return Stream.empty();
      }
      taken.add("index " + index.indexName());
      return Stream.of(
          LocalSecondaryIndex.builder()
              .indexName(index.indexName())
              .keySchema(index.keySchema())
              .projection(index.projection())
              .build());
    }

    private boolean isTheKey(List<KeySchemaElement> schema) {
      return partition(schema).equals(key.names().get(0))
          && schema.stream()
              .map(KeySchemaElement::attributeName)
              .sorted()
              .toList()
              .equals(key.names().stream().sorted().toList());
    }

    private static String partition(List<KeySchemaElement> schema) {
      return schema.stream()
          .filter(element -> element.keyType() == KeyType.HASH)
          .map(KeySchemaElement::attributeName)
          .findFirst()
          .orElse("");
    }

    /** An attribute has one type for the table and all of its indexes. */
    private boolean canUse(String index, List<KeySchemaElement> schema) {
      for (KeySchemaElement element : schema) {
        var name = element.attributeName();
        var type = known.get(name);
        if (used.containsKey(name) && used.get(name) != type) {
          left.add(
              "index "
                  + index
                  + ": its key \""
                  + name
                  + "\" is of type "
                  + type
                  + ", and the new key of type "
                  + used.get(name));
          return false;
        }
      }
      schema.forEach(
          element -> used.put(element.attributeName(), known.get(element.attributeName())));
      return true;
    }

    /** What CreateTable could do, but what has effects beyond the table, or is safer said again. */
    private void others() {
      if (old.streamSpecification() != null
          && Boolean.TRUE.equals(old.streamSpecification().streamEnabled())) {
        left.add(
            "its stream ("
                + old.streamSpecification().streamViewTypeAsString()
                + "): whoever reads it would be told of every item that is copied");
      }
      if (Boolean.TRUE.equals(old.deletionProtectionEnabled())) {
        left.add("deletion protection: turn it on when the table is filled");
      }
      if (!old.replicas().isEmpty()) {
        left.add("its replicas in other regions");
      }
    }
  }
}
