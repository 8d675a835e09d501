package dev.godwit.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The JSON form of a {@link Canary}. All of its numbers have to be there: the machine reads them.
 */
final class CanaryJson {
  private static final Set<String> FIELDS =
      Set.of(
          "segments",
          "wait",
          "againPerHundred",
          "conflictsPerHundred",
          "throttlesPerHundred",
          "growthBytesPerItem");

  private CanaryJson() {}

  static ObjectNode write(Canary canary) {
    var json = JsonNodeFactory.instance.objectNode().put("segments", canary.segments());
    if (canary.waits()) {
      json.put("wait", true);
    }
    return json.put("againPerHundred", canary.againPerHundred())
        .put("conflictsPerHundred", canary.conflictsPerHundred())
        .put("throttlesPerHundred", canary.throttlesPerHundred())
        .put("growthBytesPerItem", canary.growthBytesPerItem());
  }

  static Canary read(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "canary must be an object, as in {\"segments\": 1, …}, not " + json);
    }
    RunRequestJson.refuseUnknown("canary.", json, FIELDS);
    return new Canary(
        RunRequestJson.integer(json, "segments"),
        json.has("wait") && RunRequestJson.truth(json, "wait"),
        RunRequestJson.integer(json, "againPerHundred"),
        RunRequestJson.integer(json, "conflictsPerHundred"),
        RunRequestJson.integer(json, "throttlesPerHundred"),
        RunRequestJson.integer(json, "growthBytesPerItem"));
  }
}
