package dev.godwit.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.Source;
import java.util.Set;
import java.util.TreeSet;

/**
 * The JSON form of a {@link Source} that can be named: {@code {"kind": "file", "location":
 * "s3://bucket/items.jsonl.gz", "format": "json"}} or {@code {"kind": "export", "manifest":
 * "s3://bucket/AWSDynamoDB/ID/manifest-summary.json"}} or {@code {"kind": "scan"}} or {@code
 * {"kind": "index", "index": "byStatus"}} or a query, as {@link QueryJson} has it. Without {@code
 * format}, items are DynamoDB JSON. What it does not know it refuses.
 */
public final class SourceJson {
  private static final String KIND = "kind";
  private static final String LOCATION = "location";
  private static final String FORMAT = "format";
  private static final String SCAN = "scan";
  private static final String FILE = "file";
  private static final String EXPORT = "export";
  private static final String MANIFEST = "manifest";
  private static final String QUERY = "query";
  static final String INDEX = "index";

  private SourceJson() {}

  /** Whether a run may name {@code source}: one that is code only its migration has. */
  public static boolean isNameable(Source source) {
    return !(source instanceof Source.Generator);
  }

  /**
   * Writes {@code source}.
   *
   * @throws IllegalArgumentException when it cannot be named
   */
  public static ObjectNode write(Source source) {
    var json = JsonNodeFactory.instance.objectNode();
    if (source instanceof Source.Scan) {
      return json.put(KIND, SCAN);
    }
    if (source instanceof Source.File file) {
      return write(file, json.put(KIND, FILE));
    }
    if (source instanceof Source.Export export) {
      return json.put(KIND, EXPORT).put(MANIFEST, export.manifest());
    }
    if (source instanceof Source.Index index) {
      return json.put(KIND, INDEX).put(INDEX, index.name());
    }
    if (source instanceof Source.Query query) {
      return QueryJson.write(query, json.put(KIND, QUERY));
    }
    throw new IllegalArgumentException(
        "A generator is a migration's own: a run cannot name it as its source");
  }

  /**
   * Reads a source.
   *
   * @throws IllegalArgumentException when it is none; the message names the field
   */
  public static Source read(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("source must be an object, not " + json);
    }
    var kind = text(json, KIND);
    return switch (kind) {
      case SCAN -> {
        refuseUnknown(json, Set.of(KIND));
        yield Source.scan();
      }
      case FILE -> {
        refuseUnknown(json, Set.of(KIND, LOCATION, FORMAT));
        yield file(json);
      }
      case EXPORT -> {
        refuseUnknown(json, Set.of(KIND, MANIFEST));
        yield Source.export(text(json, MANIFEST));
      }
      case INDEX -> {
        refuseUnknown(json, Set.of(KIND, INDEX));
        yield Source.index(text(json, INDEX));
      }
      case QUERY -> {
        refuseUnknown(json, QueryJson.fieldsBeside(KIND));
        yield QueryJson.read(json);
      }
      default ->
          throw new IllegalArgumentException(
              "source.kind must be export, file, index, query or scan, not \"" + kind + "\"");
    };
  }

  /** Reads {@code location} and {@code format}. */
  static Source.File file(JsonNode json) {
    return new Source.File(
        text(json, LOCATION),
        json.has(FORMAT) ? Source.Format.of(text(json, FORMAT)) : Source.Format.DYNAMODB_JSON);
  }

  /** Writes {@code location} and {@code format}. */
  static ObjectNode write(Source.File file, ObjectNode json) {
    return json.put(LOCATION, file.location()).put(FORMAT, file.format().toString());
  }

  static void refuseUnknown(JsonNode json, Set<String> known) {
    var unknown = new TreeSet<String>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "source has an unknown field "
              + unknown.first()
              + "; known: "
              + String.join(", ", new TreeSet<>(known)));
    }
  }

  static String text(JsonNode json, String name) {
    var value = json.path(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          "source."
              + name
              + " must be text"
              + (value.isMissingNode() ? ", and is missing" : ", not " + value));
    }
    return value.textValue();
  }
}
