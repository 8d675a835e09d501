package dev.godwit.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;

/** One value as DynamoDB JSON, as in {@code {"S": "alice"}}. */
final class ValueJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "value";

  private ValueJson() {}

  static JsonNode write(Value value) {
    try {
      return JSON.readTree(DynamoDbJson.format(Item.empty().with(NAME, value))).get(NAME);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("DynamoDB JSON is JSON", e);
    }
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Value read(JsonNode json) {
    return DynamoDbJson.parse("{\"" + NAME + "\":" + json + "}").value(NAME);
  }
}
