package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Evaluates {@code Assign}, within Step Functions' limits on variables. */
final class Variables {
  private Variables() {}

  static Map<String, JsonNode> evaluate(Unit unit, Template assign, Bindings seen, State state) {
    JsonNode values = assign.evaluate(seen);
    if (!values.isObject()) {
      throw Visit.wrongType(assign, "object", values);
    }
    Map<String, JsonNode> assigned = new LinkedHashMap<>();
    int bytes = 0;
    for (var entry : values.properties()) {
      assigned.put(entry.getKey(), entry.getValue());
      bytes += Json.size(entry.getValue());
    }
    if (bytes > Limits.ASSIGN_BYTES) {
      throw tooMuch(state, "assigns", Limits.ASSIGN_BYTES);
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(seen.variables());
    all.putAll(assigned);
    long total = all.values().stream().mapToLong(Json::size).sum();
    if (total > Limits.VARIABLES_BYTES) {
      throw tooMuch(state, "would keep", Limits.VARIABLES_BYTES);
    }
    return assigned;
  }

  private static StateFailure tooMuch(State state, String does, int limit) {
    return new StateFailure(
        ErrorNames.DATA_LIMIT_EXCEEDED,
        "The state '"
            + state.name()
            + "' "
            + does
            + " variables of more than "
            + limit
            + " bytes.");
  }
}
