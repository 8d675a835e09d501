package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates the fields of a Map state, and checks what they give. */
final class MapSettings {
  private MapSettings() {}

  static int maxConcurrency(Visit visit, MapState.Fields fields) {
    return fields.maxConcurrency().map(t -> nonNegative(visit, t)).orElse(0);
  }

  static Optional<Integer> toleratedCount(Visit visit, MapState.Fields fields) {
    return fields.toleratedFailureCount().map(t -> nonNegative(visit, t));
  }

  static Optional<Integer> toleratedPercentage(Visit visit, MapState.Fields fields) {
    return fields
        .toleratedFailurePercentage()
        .map(
            template -> {
              JsonNode value = template.evaluate(visit.bindings());
              if (!value.isIntegralNumber()) {
                throw Visit.wrongType(template, "integer", value);
              }
              if (value.longValue() < 0 || value.longValue() > 100) {
                throw Visit.outOfRange(template, "0 to 100", value);
              }
              return value.intValue();
            });
  }

  private static int nonNegative(Visit visit, Template template) {
    JsonNode value = template.evaluate(visit.bindings());
    if (!value.isIntegralNumber()) {
      throw Visit.wrongType(template, "integer", value);
    }
    if (!value.canConvertToInt() || value.intValue() < 0) {
      throw Visit.outOfRange(template, "a non-negative integer", value);
    }
    return value.intValue();
  }

  /** The items that the state itself gives: {@code Items}, or else its input. */
  static List<MapItem> items(Visit visit, MapState.Fields fields) {
    JsonNode value = fields.items().map(t -> t.evaluate(visit.bindings())).orElse(visit.input());
    List<MapItem> items = new ArrayList<>(value.size());
    if (value.isArray()) {
      for (JsonNode element : value) {
        items.add(new MapItem(items.size(), Optional.empty(), element));
      }
    } else if (value.isObject() && fields.itemSelector().isPresent()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        items.add(new MapItem(items.size(), Optional.of(member.getKey()), member.getValue()));
      }
    } else if (value.isObject()) {
      throw new StateFailure(
          ErrorNames.RUNTIME,
          "This engine maps over an object's members only where an ItemSelector says what their"
              + " input is.");
    } else {
      throw new StateFailure(
          ErrorNames.QUERY_EVALUATION_ERROR,
          "The value specified for the field 'Items' has an unexpected type. Expected array, but"
              + " was "
              + value.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
              + ".");
    }
    return items;
  }
}
