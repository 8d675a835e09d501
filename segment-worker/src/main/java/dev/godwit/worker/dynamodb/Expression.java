package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names and values that stand for themselves in expressions. Used by one request. */
final class Expression {
  /**
   * Of one expression, in which names and values are placeholders. Developer guide, "Quotas in
   * Amazon DynamoDB", expression parameters; read 2026-11-20.
   */
  static final int MOST_BYTES = 4096;

  /**
   * Of one expression, conditions included though the guide speaks of updates only
   * (scylladb/scylladb#14473; read 2026-11-25).
   */
  static final int MOST_OPERATORS = 300;

  private final Map<String, String> names = new LinkedHashMap<>();
  private final JsonBytes values = new JsonBytes();
  private int valueCount;

  /** How many operators {@code comparisons} with AND between them are. */
  static int operators(int comparisons) {
    return 2 * comparisons - 1;
  }

  /** What stands for the attribute {@code name}. */
  String name(String name) {
    return names.computeIfAbsent(name, any -> "#" + names.size());
  }

  /** What stands for the value of the attribute {@code name} of {@code item}. */
  String value(Item item, String name) {
    var placeholder = ":" + valueCount;
    values.raw(valueCount++ == 0 ? "" : ",").text(placeholder).raw(":").value(item, name);
    return placeholder;
  }

  /**
   * The update expression that sets the attributes {@code set} of {@code item} and removes {@code
   * removed}.
   */
  String update(Item item, Collection<String> set, Collection<String> removed) {
    var text = new StringBuilder();
    var separator = "SET ";
    for (String name : set) {
      text.append(separator).append(name(name)).append('=').append(value(item, name));
      separator = ",";
    }
    separator = " REMOVE ";
    for (String name : removed) {
      text.append(separator).append(name(name));
      separator = ",";
    }
    return text.toString();
  }

  /** Appends the fields of a request that say what the placeholders stand for. */
  void write(JsonBytes body) {
    if (!names.isEmpty()) {
      body.raw(",\"ExpressionAttributeNames\":{");
      var separator = "";
      for (Map.Entry<String, String> name : names.entrySet()) {
        body.raw(separator).text(name.getValue()).raw(":").text(name.getKey());
        separator = ",";
      }
      body.raw("}");
    }
    if (valueCount > 0) {
      body.raw(",\"ExpressionAttributeValues\":{");
      body.writeBytes(values.toByteArray());
      body.raw("}");
    }
  }
}
