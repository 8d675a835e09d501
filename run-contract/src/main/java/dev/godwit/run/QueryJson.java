package dev.godwit.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Source;
import dev.godwit.migration.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON form of a {@link Source.Query}: {@code {"kind": "query", "keys": [{"S": "alice"}],
 * "index": "byOwner", "where": {"operator": "begins_with", "values": [{"S": "ORDER#"}]},
 * "consistent": true}}; instead of {@code keys} perhaps {@code "keysIn": {"location":
 * "s3://bucket/keys.jsonl", "format": "json"}}. All but the keys may be left out.
 */
final class QueryJson {
  private static final String KEYS = "keys";
  private static final String KEYS_IN = "keysIn";
  private static final String WHERE = "where";
  private static final String OPERATOR = "operator";
  private static final String VALUES = "values";
  private static final String CONSISTENT = "consistent";

  private QueryJson() {}

  static Set<String> fieldsBeside(String other) {
    return Set.of(other, KEYS, KEYS_IN, SourceJson.INDEX, WHERE, CONSISTENT);
  }

  static ObjectNode write(Source.Query query, ObjectNode json) {
    if (query.keysIn().isPresent()) {
      SourceJson.write(query.keysIn().get(), json.putObject(KEYS_IN));
    } else {
      write(query.partitionKeys(), json.putArray(KEYS));
    }
    query.index().ifPresent(name -> json.put(SourceJson.INDEX, name));
    query
        .where()
        .ifPresent(
            condition -> {
              var where = json.putObject(WHERE);
              where.put(OPERATOR, condition.operator().toString());
              write(condition.values(), where.putArray(VALUES));
            });
    return query.isConsistent() ? json.put(CONSISTENT, true) : json;
  }

  static Source.Query read(JsonNode json) {
    return new Source.Query(
        json.has(KEYS) ? values(json, KEYS) : List.of(),
        json.has(KEYS_IN) ? Optional.of(file(json.get(KEYS_IN))) : Optional.empty(),
        json.has(SourceJson.INDEX)
            ? Optional.of(SourceJson.text(json, SourceJson.INDEX))
            : Optional.empty(),
        json.has(WHERE) ? Optional.of(condition(json.get(WHERE))) : Optional.empty(),
        json.has(CONSISTENT) && truth(json.get(CONSISTENT)));
  }

  private static Source.File file(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("source.keysIn must be an object, not " + json);
    }
    SourceJson.refuseUnknown(json, Set.of("location", "format"));
    return SourceJson.file(json);
  }

  private static SortCondition condition(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("source.where must be an object, not " + json);
    }
    SourceJson.refuseUnknown(json, Set.of(OPERATOR, VALUES));
    return new SortCondition(
        SortCondition.Operator.of(SourceJson.text(json, OPERATOR)), values(json, VALUES));
  }

  private static boolean truth(JsonNode json) {
    if (!json.isBoolean()) {
      throw new IllegalArgumentException("source.consistent must be true or false, not " + json);
    }
    return json.booleanValue();
  }

  private static void write(List<Value> values, ArrayNode json) {
    for (Value value : values) {
      json.add(ValueJson.write(value));
    }
  }

  private static List<Value> values(JsonNode json, String name) {
    if (!json.path(name).isArray()) {
      throw new IllegalArgumentException(
          "source."
              + name
              + " must be an array of values as DynamoDB JSON, as [{\"S\": \"alice\"}]");
    }
    var values = new ArrayList<Value>();
    for (JsonNode value : json.get(name)) {
      values.add(ValueJson.read(value));
    }
    return values;
  }
}
