package dev.godwit.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.Target;
import java.util.Set;
import java.util.TreeSet;

/**
 * The JSON form of a {@link Target}: {@code {"tableName": "Cities-2", "put": "replace-older",
 * "attribute": "updatedAt"}}. Without {@code put}, nothing is overwritten. What it does not know it
 * refuses.
 */
public final class TargetJson {
  private static final String TABLE_NAME = "tableName";
  private static final String PUT = "put";
  private static final String ATTRIBUTE = "attribute";
  private static final String REPLACE_OLDER = "replace-older";

  private TargetJson() {}

  /** Writes {@code target}. */
  public static ObjectNode write(Target target) {
    var json = JsonNodeFactory.instance.objectNode().put(TABLE_NAME, target.tableName());
    return target.put() instanceof Target.Put.ReplaceOlder older
        ? json.put(PUT, REPLACE_OLDER).put(ATTRIBUTE, older.attribute())
        : json.put(PUT, target.put().toString());
  }

  /**
   * Reads a target.
   *
   * @throws IllegalArgumentException when it is none; the message names the field
   */
  public static Target read(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("target must be an object, not " + json);
    }
    var unknown = new TreeSet<String>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(Set.of(TABLE_NAME, PUT, ATTRIBUTE));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "target has an unknown field " + unknown.first() + "; known: attribute, put, tableName");
    }
    return new Target(text(json, TABLE_NAME), put(json));
  }

  private static Target.Put put(JsonNode json) {
    var put = json.has(PUT) ? text(json, PUT) : new Target.Put.IfAbsent().toString();
    if (put.equals(REPLACE_OLDER)) {
      return new Target.Put.ReplaceOlder(text(json, ATTRIBUTE));
    }
    if (json.has(ATTRIBUTE)) {
      throw new IllegalArgumentException("target.attribute goes with put replace-older alone");
    }
    return Target.Put.of(put);
  }

  private static String text(JsonNode json, String name) {
    var value = json.path(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          "target."
              + name
              + " must be text"
              + (value.isMissingNode() ? ", and is missing" : ", not " + value));
    }
    return value.textValue();
  }
}
