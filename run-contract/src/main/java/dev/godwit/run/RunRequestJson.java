package dev.godwit.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The JSON form of a {@link RunRequest}, and of its settings. What it does not know it refuses. */
public final class RunRequestJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Set<String> FIELDS =
      Set.of(
          "version",
          "runId",
          "tableName",
          "migration",
          "direction",
          "mode",
          "totalSegments",
          "maxConcurrency",
          "sliceSeconds",
          "guard",
          "stamp",
          "itemFailuresAllowed",
          "toleratedFailurePercentage",
          "readUnitsPerSecond",
          "writeUnitsPerSecond",
          "prewarm",
          "parameters",
          "retryFailures",
          "undo",
          "keepBeforeImages",
          "source",
          "target",
          "sample",
          "canary",
          "code");

  /** The fields that are of one run, and not of how runs are carried out. */
  private static final Set<String> ONE_RUNS =
      Set.of(
          "version",
          "runId",
          "tableName",
          "migration",
          "direction",
          "mode",
          "stamp",
          "prewarm",
          "retryFailures",
          "undo",
          "keepBeforeImages",
          "source",
          "target",
          "canary",
          "code");

  private RunRequestJson() {}

  /** How long {@code parameters} are where the request is kept as text. */
  static int bytesInTheLedger(Map<String, String> parameters) {
    try {
      return JSON.writeValueAsBytes(JSON.writeValueAsString(parameters)).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Text is always JSON", e);
    }
  }

  /** Writes {@code settings}: the fields of a request that are the same for each run. */
  public static ObjectNode write(RunSettings settings) {
    var any = settings.request("any", "any", "any", Direction.UP, Mode.APPLY);
    return write(any).remove(ONE_RUNS);
  }

  /**
   * Reads settings, as {@link #write(RunSettings)} wrote them.
   *
   * @throws IllegalArgumentException when they are not; the message names the field and the remedy
   */
  public static RunSettings readSettings(String text) {
    var json = parse(text);
    var known = new TreeSet<>(FIELDS);
    known.removeAll(ONE_RUNS);
    refuseUnknown("", json, known);
    return new RunSettings(
        integer(json, "totalSegments"),
        integer(json, "maxConcurrency"),
        integer(json, "sliceSeconds"),
        Guard.of(text(json, "guard")),
        integer(json, "itemFailuresAllowed"),
        integer(json, "toleratedFailurePercentage"),
        optionalInteger(json, "readUnitsPerSecond"),
        optionalInteger(json, "writeUnitsPerSecond"),
        json.has("parameters") ? parameters(json.get("parameters")) : Map.of());
  }

  /** Writes {@code request}; what is absent has no field. */
  public static ObjectNode write(RunRequest request) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("version", RunRequest.VERSION);
    json.put("runId", request.runId());
    json.put("tableName", request.tableName());
    json.put("migration", request.migration());
    json.put("direction", request.direction().toString());
    json.put("mode", request.mode().toString());
    json.put("totalSegments", request.totalSegments());
    json.put("maxConcurrency", request.maxConcurrency());
    json.put("sliceSeconds", request.sliceSeconds());
    json.put("guard", request.guard().toString());
    request.stamp().ifPresent(name -> json.put("stamp", name));
    json.put("itemFailuresAllowed", request.itemFailuresAllowed());
    json.put("toleratedFailurePercentage", request.toleratedFailurePercentage());
    request.readUnitsPerSecond().ifPresent(units -> json.put("readUnitsPerSecond", units));
    request.writeUnitsPerSecond().ifPresent(units -> json.put("writeUnitsPerSecond", units));
    request
        .prewarm()
        .ifPresent(
            prewarm ->
                json.putObject("prewarm")
                    .put("readUnits", prewarm.readUnits())
                    .put("writeUnits", prewarm.writeUnits()));
    var parameters = json.putObject("parameters");
    request.parameters().forEach(parameters::put);
    request.retryFailures().ifPresent(run -> json.put("retryFailures", run));
    request.undo().ifPresent(run -> json.put("undo", run));
    if (request.keepBeforeImages()) {
      json.put("keepBeforeImages", true);
    }
    request.source().ifPresent(source -> json.set("source", SourceJson.write(source)));
    request.target().ifPresent(target -> json.set("target", TargetJson.write(target)));
    request.sample().ifPresent(items -> json.put("sample", items));
    request.canary().ifPresent(canary -> json.set("canary", CanaryJson.write(canary)));
    request.code().ifPresent(digest -> json.put("code", digest));
    return json;
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it is not one; the message names the field and the remedy
   */
  public static RunRequest read(String text) {
    return read(parse(text));
  }

  private static JsonNode parse(String text) {
    try {
      var json = JSON.readTree(text);
      if (!json.isObject()) {
        throw new IllegalArgumentException("The run request must be a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The run request is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static RunRequest read(JsonNode json) {
    refuseUnknown("", json, FIELDS);
    int version = integer(json, "version");
    if (version != RunRequest.VERSION) {
      throw new IllegalArgumentException(
          "The run request is of version "
              + version
              + ", this Godwit reads version "
              + RunRequest.VERSION
              + "; use the Godwit that wrote it");
    }
    return new RunRequest(
        text(json, "runId"),
        text(json, "tableName"),
        text(json, "migration"),
        Direction.of(text(json, "direction")),
        Mode.of(text(json, "mode")),
        integer(json, "totalSegments"),
        integer(json, "maxConcurrency"),
        integer(json, "sliceSeconds"),
        Guard.of(text(json, "guard")),
        json.has("stamp") ? Optional.of(text(json, "stamp")) : Optional.empty(),
        integer(json, "itemFailuresAllowed"),
        integer(json, "toleratedFailurePercentage"),
        optionalInteger(json, "readUnitsPerSecond"),
        optionalInteger(json, "writeUnitsPerSecond"),
        json.has("prewarm") ? Optional.of(prewarm(json.get("prewarm"))) : Optional.empty(),
        json.has("parameters") ? parameters(json.get("parameters")) : Map.of(),
        json.has("retryFailures") ? Optional.of(text(json, "retryFailures")) : Optional.empty(),
        json.has("undo") ? Optional.of(text(json, "undo")) : Optional.empty(),
        json.has("keepBeforeImages") && truth(json, "keepBeforeImages"),
        json.has("source") ? Optional.of(SourceJson.read(json.get("source"))) : Optional.empty(),
        json.has("target") ? Optional.of(TargetJson.read(json.get("target"))) : Optional.empty(),
        optionalInteger(json, "sample"),
        json.has("canary") ? Optional.of(CanaryJson.read(json.get("canary"))) : Optional.empty(),
        json.has("code") ? Optional.of(text(json, "code")) : Optional.empty());
  }

  private static RunRequest.Prewarm prewarm(JsonNode json) {
    refuseUnknown("prewarm.", json, Set.of("readUnits", "writeUnits"));
    return new RunRequest.Prewarm(integer(json, "readUnits"), integer(json, "writeUnits"));
  }

  private static Map<String, String> parameters(JsonNode json) {
    var parameters = new LinkedHashMap<String, String>();
    for (var parameter : json.properties()) {
      if (!parameter.getValue().isValueNode() || parameter.getValue().isNull()) {
        throw new IllegalArgumentException(
            "parameters." + parameter.getKey() + " must be a string, a number or a boolean");
      }
      parameters.put(parameter.getKey(), parameter.getValue().asText());
    }
    return parameters;
  }

  static void refuseUnknown(String prefix, JsonNode json, Set<String> known) {
    for (var field : json.properties()) {
      if (!known.contains(field.getKey())) {
        throw new IllegalArgumentException(
            "The run request has an unknown field "
                + prefix
                + field.getKey()
                + "; known: "
                + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  private static String text(JsonNode json, String name) {
    var value = json.get(name);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException(name + " must be text" + found(value));
    }
    return value.textValue();
  }

  static boolean truth(JsonNode json, String name) {
    var value = json.get(name);
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(name + " must be true or false" + found(value));
    }
    return value.booleanValue();
  }

  private static OptionalInt optionalInteger(JsonNode json, String name) {
    return json.has(name) ? OptionalInt.of(integer(json, name)) : OptionalInt.empty();
  }

  static int integer(JsonNode json, String name) {
    var value = json.get(name);
    if (value == null || !value.canConvertToInt() || !value.canConvertToExactIntegral()) {
      throw new IllegalArgumentException(name + " must be a whole number" + found(value));
    }
    return value.intValue();
  }

  private static String found(@Nullable JsonNode value) {
    return value == null ? ", and is missing" : ", not " + value;
  }
}
