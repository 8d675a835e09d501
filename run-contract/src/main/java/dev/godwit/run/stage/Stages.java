package dev.godwit.run.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the member {@code stages} of {@code godwit.json}. What it does not know it refuses. */
public final class Stages {
  /** The member's name. */
  public static final String MEMBER = "stages";

  private static final Pattern STATE_MACHINE =
      Pattern.compile("arn:[a-z-]+:states:[a-z0-9-]+:\\d{12}:stateMachine:[^:]+");

  private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_.*-]{1,255}");

  private Stages() {}

  /**
   * The stages that {@code node} has, by name, in their order.
   *
   * @throws IllegalArgumentException when something in it cannot be; the message names it, and ends
   *     without a full stop
   */
  public static Map<String, Stage> of(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException(
          MEMBER + " must be an object, a stage's name to what it is, not " + node);
    }
    var stages = new LinkedHashMap<String, Stage>();
    object
        .properties()
        .forEach(entry -> stages.put(entry.getKey(), stage(entry.getKey(), entry.getValue())));
    return Collections.unmodifiableMap(stages);
  }

  private static Stage stage(String name, JsonNode node) {
    var in = new Members(MEMBER + "." + name, node);
    var stage =
        new Stage(
            name,
            in.text("stateMachine"),
            in.text("region"),
            in.text("endpointUrl").map(text -> uri(in.path("endpointUrl"), text)),
            in.texts("tables"),
            in.textsByName("parameters"));
    in.refuseOthers();
    stage
        .stateMachine()
        .ifPresent(
            arn -> {
              if (!STATE_MACHINE.matcher(arn).matches()) {
                throw new IllegalArgumentException(
                    in.path("stateMachine")
                        + " must be a state machine's ARN, as the deployment printed it, not \""
                        + arn
                        + "\"");
              }
              if (stage.region().isPresent() || stage.endpointUrl().isPresent()) {
                throw new IllegalArgumentException(
                    in.path("stateMachine")
                        + " says where runs are: leave out region and endpointUrl, which are for runs on a machine");
              }
            });
    for (String table : stage.tables()) {
      if (!TABLE.matcher(table).matches()) {
        throw new IllegalArgumentException(
            in.path("tables")
                + " must have names of tables, in which * stands for any characters, not \""
                + table
                + "\"");
      }
    }
    return stage;
  }

  private static URI uri(String path, String text) {
    try {
      var uri = new URI(text);
      if (uri.getScheme() != null && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new IllegalArgumentException(
        path + " must be an address, as in http://127.0.0.1:8000, not \"" + text + "\"");
  }

  /** Reads the members of one object, and knows which of them nobody has asked for. */
  private static final class Members {
    private final String path;
    private final ObjectNode object;
    private final TreeSet<String> known = new TreeSet<>();

    Members(String path, JsonNode node) {
      if (!(node instanceof ObjectNode found)) {
        throw new IllegalArgumentException(path + " must be an object, not " + node);
      }
      this.path = path;
      this.object = found;
    }

    String path(String name) {
      return path + "." + name;
    }

    private Optional<JsonNode> find(String name) {
      known.add(name);
      @Nullable JsonNode node = object.get(name);
      return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    Optional<String> text(String name) {
      return find(name).map(node -> text(path(name), node));
    }

    private static String text(String path, JsonNode node) {
      if (node.isTextual()) {
        return node.asText();
      }
      throw new IllegalArgumentException(path + " must be text, not " + node);
    }

    List<String> texts(String name) {
      var texts = new ArrayList<String>();
      find(name)
          .ifPresent(
              node -> {
                if (!node.isArray()) {
                  throw new IllegalArgumentException(path(name) + " must be a list, not " + node);
                }
                node.forEach(one -> texts.add(text(path(name), one)));
              });
      return texts;
    }

    Map<String, String> textsByName(String name) {
      var texts = new LinkedHashMap<String, String>();
      find(name)
          .ifPresent(
              node -> {
                if (!(node instanceof ObjectNode found)) {
                  throw new IllegalArgumentException(
                      path(name) + " must be an object, name to text, not " + node);
                }
                found
                    .properties()
                    .forEach(
                        entry ->
                            texts.put(
                                entry.getKey(),
                                text(path(name) + "." + entry.getKey(), entry.getValue())));
              });
      return texts;
    }

    void refuseOthers() {
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!known.contains(name)) {
                  throw new IllegalArgumentException(
                      "There is no member "
                          + path(name)
                          + "; a stage may have "
                          + String.join(", ", known));
                }
              });
    }
  }
}
