package dev.godwit.servicemodels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * AWS's own model of one of its services: what each operation takes. The models are those of the
 * SDK for Java 1, which is published with them; what is newer is in {@code newer.json}.
 *
 * <p>Thread-safe.
 */
final class ServiceModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> FILES =
      Map.of(
          "applicationautoscaling", "application-autoscaling-2016-02-06",
          "cloudformation", "cloudformation-2010-05-15",
          "cloudwatch", "monitoring-2010-08-01",
          "dynamodb", "dynamodb-2012-08-10",
          "lambda", "lambda-2015-03-31",
          "sfn", "states-2016-11-23",
          "sns", "sns-2010-03-31");

  private static final Map<String, ServiceModel> KNOWN = new ConcurrentHashMap<>();

  private final JsonNode operations;
  private final JsonNode shapes;

  private ServiceModel(JsonNode model) {
    this.operations = model.get("operations");
    this.shapes = model.get("shapes");
  }

  /**
   * The model of {@code service}, by its name in Step Functions' resources.
   *
   * @throws AssertionError when there is none
   */
  static ServiceModel of(String service) {
    var file = FILES.get(service);
    if (file == null) {
      throw new AssertionError("No model is known for the service " + service);
    }
    return KNOWN.computeIfAbsent(service, name -> read(name, file));
  }

  private static ServiceModel read(String service, String file) {
    try {
      var model = (ObjectNode) resource("/models/" + file + "-model.json");
      merge(resource("newer.json").path(service), (ObjectNode) model.get("shapes"));
      return new ServiceModel(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode resource(String name) throws IOException {
    try (var in = ServiceModel.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The class path has no " + name);
      }
      return JSON.readTree(in);
    }
  }

  private static void merge(JsonNode newer, ObjectNode into) {
    for (var field : newer.properties()) {
      if (field.getValue().isObject() && into.get(field.getKey()) instanceof ObjectNode old) {
        merge(field.getValue(), old);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  /** An operation, and the members of its request, wherever in the call they are. */
  record Call(String operation, ObjectNode members) {}

  /** The operation that is called so; empty when there is none. */
  Optional<Call> call(String method, String path, JsonNode body) {
    for (var operation : operations.properties()) {
      var http = operation.getValue().path("http");
      var labels = new ArrayList<String>();
      var template = http.path("requestUri").asText();
      var pattern = new StringBuilder();
      var label = Pattern.compile("\\{(\\w+)\\+?}").matcher(template);
      int end = 0;
      while (label.find()) {
        pattern.append(Pattern.quote(template.substring(end, label.start()))).append("([^/]+)");
        labels.add(label.group(1));
        end = label.end();
      }
      pattern.append(Pattern.quote(template.substring(end)));
      var matcher = Pattern.compile(pattern.toString()).matcher(path);
      if (http.path("method").asText().equals(method) && matcher.matches()) {
        ObjectNode members = body.deepCopy();
        for (int i = 0; i < labels.size(); i++) {
          members.put(
              labels.get(i), URLDecoder.decode(matcher.group(i + 1), StandardCharsets.UTF_8));
        }
        return Optional.of(new Call(operation.getKey(), members));
      }
    }
    return Optional.empty();
  }

  /** What the service would not like about {@code request}; empty when it is all right. */
  List<String> complaints(String operation, JsonNode request, Names names) {
    var model = operations.get(operation);
    if (model == null) {
      return List.of("there is no operation " + operation);
    }
    var complaints = new ArrayList<String>();
    check("", model.path("input").path("shape").asText(), request, names, complaints);
    return complaints;
  }

  private void check(
      String path, String shapeName, JsonNode value, Names names, List<String> complaints) {
    var shape = shapes.get(shapeName);
    var type = shape.get("type").asText();
    var isOfType =
        switch (type) {
          case "structure", "map" -> value.isObject();
          case "list" -> value.isArray();
          case "string" -> value.isTextual();
          case "integer", "long" -> value.isIntegralNumber();
          case "float", "double" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          case "timestamp" -> value.isNumber() || value.isTextual();
          case "blob" -> names == Names.OF_STATE_MACHINES || value.isTextual();
          default -> throw new IllegalStateException("A shape of type " + type);
        };
    if (!isOfType) {
      complaints.add(at(path) + "is no " + type);
      return;
    }
    switch (type) {
      case "structure" -> checkMembers(path, shape, value, names, complaints);
      case "map" -> {
        checkRange(path, "entries", shape, value.size(), complaints);
        for (var entry : value.properties()) {
          var key = shape.get("key").get("shape").asText();
          var below = path + "." + entry.getKey();
          check(below + " (its name)", key, JSON.valueToTree(entry.getKey()), names, complaints);
          check(
              below, shape.get("value").get("shape").asText(), entry.getValue(), names, complaints);
        }
      }
      case "list" -> {
        checkRange(path, "entries", shape, value.size(), complaints);
        for (int i = 0; i < value.size(); i++) {
          var below = path + "[" + i + "]";
          check(below, shape.get("member").get("shape").asText(), value.get(i), names, complaints);
        }
      }
      case "string" -> checkText(path, shape, value.textValue(), complaints);
      case "integer", "long", "float", "double" ->
          checkRange(path, "", shape, value.doubleValue(), complaints);
      default -> {
        // A boolean, a time or bytes can be no more wrong than of another type.
      }
    }
  }

  private void checkMembers(
      String path, JsonNode shape, JsonNode value, Names names, List<String> complaints) {
    var members = new TreeMap<String, String>();
    for (var member : shape.path("members").properties()) {
      var called = member.getValue().path("locationName").asText(member.getKey());
      members.put(
          names == Names.OF_THE_WIRE ? called : names.of(member.getKey()),
          member.getValue().get("shape").asText());
    }
    for (var field : value.properties()) {
      var member = members.get(field.getKey());
      var below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      if (member == null) {
        complaints.add(below + " is unknown; there are " + members.keySet());
      } else {
        check(below, member, field.getValue(), names, complaints);
      }
    }
    for (JsonNode required : shape.path("required")) {
      if (!value.has(names.of(required.asText()))) {
        complaints.add(at(path) + "has no " + names.of(required.asText()));
      }
    }
  }

  private static void checkText(String path, JsonNode shape, String text, List<String> complaints) {
    checkRange(path, "characters", shape, text.codePointCount(0, text.length()), complaints);
    var pattern = shape.path("pattern").asText();
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).matches()) {
      complaints.add(at(path) + "does not match " + pattern + ": " + text);
    }
    if (shape.has("enum")) {
      var allowed = new ArrayList<String>();
      shape.get("enum").forEach(word -> allowed.add(word.asText()));
      if (!allowed.contains(text)) {
        complaints.add(at(path) + "is none of " + allowed + ": " + text);
      }
    }
  }

  private static void checkRange(
      String path, String what, JsonNode shape, double amount, List<String> complaints) {
    if (amount < shape.path("min").asDouble(Double.NEGATIVE_INFINITY)
        || amount > shape.path("max").asDouble(Double.POSITIVE_INFINITY)) {
      complaints.add(
          at(path)
              + (what.isEmpty() ? "is " : "has ")
              + (long) amount
              + (what.isEmpty() ? "" : " " + what)
              + ", from "
              + shape.path("min").asText("any")
              + " to "
              + shape.path("max").asText("any")
              + " are allowed");
    }
  }

  private static String at(String path) {
    return path.isEmpty() ? "it " : path + " ";
  }
}
