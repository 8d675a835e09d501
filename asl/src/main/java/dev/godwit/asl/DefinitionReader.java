package dev.godwit.asl;

import com.dashjoin.jsonata.JException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes states of a definition's JSON. Collects every problem instead of stopping at the first, and
 * refuses what the engine does not support: each problem names the state and the field.
 */
final class DefinitionReader {
  private static final Set<String> COMMON = Set.of("Type", "Comment", "QueryLanguage");
  private static final Set<String> FLOWING = Set.of("Next", "End", "Output", "Assign");
  private static final Set<String> JSONPATH_ONLY =
      Set.of(
          "InputPath",
          "OutputPath",
          "Parameters",
          "Result",
          "ResultPath",
          "ResultSelector",
          "ItemsPath",
          "SecondsPath",
          "TimestampPath",
          "TimeoutSecondsPath",
          "HeartbeatSecondsPath",
          "MaxConcurrencyPath",
          "ToleratedFailureCountPath",
          "ToleratedFailurePercentagePath",
          "ErrorPath",
          "CausePath",
          "Variable");

  private final List<String> problems = new ArrayList<>();
  private final Set<String> stateNames = new HashSet<>();

  List<String> problems() {
    return problems;
  }

  States machine(JsonNode json) {
    if (!json.isObject()) {
      problems.add("a definition must be a JSON object");
      return new States("", Map.of(), Optional.empty());
    }
    Node top = new Node("the top level", json);
    top.allow("Comment", "StartAt", "States", "QueryLanguage", "TimeoutSeconds", "Version");
    boolean jsonata = top.jsonata(false);
    Optional<Template> timeout = top.number("TimeoutSeconds", 1, Limits.LONGEST_SECONDS);
    timeout
        .filter(t -> !t.isConstant())
        .ifPresent(t -> top.problem("TimeoutSeconds", "must be a number here"));
    top.text("Version")
        .filter(version -> !version.equals("1.0"))
        .ifPresent(version -> top.problem("Version", "must be \"1.0\""));
    return states(top, timeout, jsonata, false, Set.of());
  }

  private States states(
      Node node,
      Optional<Template> timeout,
      boolean jsonata,
      boolean insideDistributed,
      Set<String> outerVariables) {
    JsonNode members = node.json.path("States");
    if (!members.isObject() || members.isEmpty()) {
      node.problem("States", "must be an object with at least one state");
      return new States("", Map.of(), timeout);
    }
    Set<String> variables = new TreeSet<>(outerVariables);
    members.forEach(state -> collectVariables(state, variables));
    Map<String, State> states = new LinkedHashMap<>();
    for (var member : members.properties()) {
      String name = member.getKey();
      if (name.isEmpty() || name.length() > Limits.NAME_CHARACTERS) {
        problems.add("state '" + name + "': a name must have 1 to 80 characters");
      }
      if (!stateNames.add(name)) {
        problems.add("state '" + name + "': another state of the machine has this name");
      }
      if (!member.getValue().isObject()) {
        problems.add("state '" + name + "': must be an object");
        continue;
      }
      Node stateNode = new Node("state '" + name + "'", member.getValue());
      stateNode.refuseVariables(outerVariables);
      State state = state(name, stateNode, jsonata, insideDistributed, variables);
      if (state != null) {
        states.put(name, state);
      }
    }
    String startAt = node.requiredText("StartAt");
    if (!startAt.isEmpty() && !members.has(startAt)) {
      node.problem("StartAt", "names no state: '" + startAt + "'");
    }
    checkTargets(members, states);
    return new States(startAt, states, timeout);
  }

  private static void collectVariables(JsonNode state, Set<String> variables) {
    state.path("Assign").fieldNames().forEachRemaining(variables::add);
    for (String list : List.of("Choices", "Catch")) {
      state.path(list).forEach(e -> e.path("Assign").fieldNames().forEachRemaining(variables::add));
    }
  }

  private void checkTargets(JsonNode members, Map<String, State> states) {
    for (State state : states.values()) {
      for (State.Edge edge : state.edges()) {
        if (!edge.target().isEmpty() && !members.has(edge.target())) {
          problems.add(
              "state '"
                  + state.name()
                  + "': goes to '"
                  + edge.target()
                  + "', which is no state"
                  + " here");
        }
      }
    }
  }

  private @Nullable State state(
      String name,
      Node node,
      boolean machineIsJsonata,
      boolean insideDistributed,
      Set<String> variables) {
    String type = node.requiredText("Type");
    if (!node.jsonata(machineIsJsonata)) {
      return null;
    }
    return switch (type) {
      case "Pass" -> {
        node.allowState(FLOWING);
        yield new PassState(node.flowing(name, type));
      }
      case "Succeed" -> {
        node.allowState(Set.of("Output"));
        yield new SucceedState(
            new State.Common(
                name,
                type,
                node.text("Comment"),
                Optional.empty(),
                Optional.empty(),
                node.template("Output", Scope.STATE)));
      }
      case "Fail" -> {
        node.allowState(Set.of("Error", "Cause"));
        yield new FailState(
            node.terminal(name, type), node.stringTemplate("Error"), node.stringTemplate("Cause"));
      }
      case "Choice" -> choice(name, node);
      case "Wait" -> waiting(name, node);
      case "Task" -> task(name, node);
      case "Parallel" -> parallel(name, node, variables, insideDistributed);
      case "Map" -> map(name, node, variables, insideDistributed);
      case "" -> null;
      default -> {
        node.problem("Type", "is unknown: '" + type + "'");
        yield null;
      }
    };
  }

  private State choice(String name, Node node) {
    node.allowState(Set.of("Choices", "Default", "Output", "Assign"));
    List<ChoiceState.Choice> choices =
        node.list(
            "Choices",
            rule -> {
              rule.allow("Condition", "Next", "Output", "Assign", "Comment");
              Optional<Template> condition = rule.template("Condition", Scope.STATE);
              if (condition.isEmpty()) {
                rule.problem("Condition", "is missing");
              } else if (condition.get().isConstant() && !condition.get().literal().isBoolean()) {
                rule.problem("Condition", "must be a JSONata expression or a boolean");
              }
              return condition.map(
                  c ->
                      new ChoiceState.Choice(
                          c,
                          rule.requiredText("Next"),
                          rule.object("Assign", Scope.STATE),
                          rule.template("Output", Scope.STATE),
                          rule.text("Comment")));
            });
    if (choices.isEmpty()) {
      node.problem("Choices", "must be an array with at least one rule");
    }
    return new ChoiceState(
        new State.Common(
            name,
            "Choice",
            node.text("Comment"),
            Optional.empty(),
            node.object("Assign", Scope.STATE),
            node.template("Output", Scope.STATE)),
        choices,
        node.text("Default"));
  }

  private @Nullable State waiting(String name, Node node) {
    node.allowState(FLOWING, "Seconds", "Timestamp");
    State.Common common = node.flowing(name, "Wait");
    Optional<Template> seconds = node.number("Seconds", 0, Limits.LONGEST_SECONDS);
    Optional<Template> timestamp = node.stringTemplate("Timestamp");
    if (seconds.isPresent() == timestamp.isPresent()) {
      node.problem("Seconds", "or Timestamp must be there, and not both");
      return null;
    }
    timestamp
        .filter(t -> t.isConstant() && !isTimestamp(t.literal().asText()))
        .ifPresent(t -> node.problem("Timestamp", "is no RFC 3339 timestamp"));
    return seconds
        .map(s -> new WaitState(common, s, false))
        .orElseGet(() -> new WaitState(common, timestamp.orElseThrow(), true));
  }

  private static boolean isTimestamp(String text) {
    try {
      java.time.OffsetDateTime.parse(text);
      return true;
    } catch (java.time.DateTimeException e) {
      return false;
    }
  }

  private State task(String name, Node node) {
    node.allowState(FLOWING, "Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch");
    String resource = node.requiredText("Resource");
    if (!resource.isEmpty() && !resource.startsWith("arn:")) {
      node.problem("Resource", "must be an ARN");
    }
    if (resource.contains(".sync") || resource.contains(".waitForTaskToken")) {
      node.problem("Resource", "asks for .sync or .waitForTaskToken, which is not supported");
    }
    return new TaskState(
        node.flowingWithResult(name, "Task"),
        retriers(node),
        catchers(node),
        resource,
        node.template("Arguments", Scope.STATE),
        node.number("TimeoutSeconds", 1, Limits.LONGEST_SECONDS));
  }

  private State parallel(String name, Node node, Set<String> variables, boolean insideDistributed) {
    node.allowState(FLOWING, "Branches", "Arguments", "Retry", "Catch");
    List<States> branches =
        node.list(
            "Branches",
            branch -> {
              branch.allow("StartAt", "States", "Comment");
              return Optional.of(
                  states(branch, Optional.empty(), true, insideDistributed, variables));
            });
    if (branches.isEmpty()) {
      node.problem("Branches", "must be an array with at least one branch");
    }
    return new ParallelState(
        node.flowingWithResult(name, "Parallel"),
        retriers(node),
        catchers(node),
        branches,
        node.template("Arguments", Scope.STATE));
  }

  private State map(String name, Node node, Set<String> variables, boolean insideDistributed) {
    Node processor = node.child("ItemProcessor");
    Node config = processor.child("ProcessorConfig");
    processor.allow("ProcessorConfig", "StartAt", "States", "Comment");
    config.allow("Mode", "ExecutionType");
    String mode = config.text("Mode").orElse("INLINE");
    boolean distributed = mode.equals("DISTRIBUTED");
    if (!distributed && !mode.equals("INLINE")) {
      config.problem("Mode", "must be INLINE or DISTRIBUTED");
    }
    if (distributed) {
      node.allowState(
          FLOWING,
          "ItemProcessor",
          "Items",
          "ItemReader",
          "ItemSelector",
          "MaxConcurrency",
          "ToleratedFailureCount",
          "ToleratedFailurePercentage",
          "ResultWriter",
          "Label",
          "Retry",
          "Catch");
      checkDistributed(node, config, insideDistributed);
    } else {
      node.allowState(
          FLOWING, "ItemProcessor", "Items", "ItemSelector", "MaxConcurrency", "Retry", "Catch");
    }
    Optional<Template> items = node.template("Items", Scope.STATE);
    Optional<MapState.ItemReader> reader = itemReader(node);
    if (items.isPresent() && reader.isPresent()) {
      node.problem("Items", "and ItemReader cannot both be there");
    }
    items
        .filter(t -> !t.isSingleExpression() && !t.literal().isContainerNode())
        .ifPresent(t -> node.problem("Items", "must be an array, an object or an expression"));
    MapState.Fields fields =
        new MapState.Fields(
            distributed,
            states(
                processor,
                Optional.empty(),
                true,
                insideDistributed || distributed,
                distributed ? Set.of() : variables),
            items,
            reader,
            node.template("ItemSelector", Scope.STATE),
            node.number("MaxConcurrency", 0, Integer.MAX_VALUE),
            node.number("ToleratedFailureCount", 0, Integer.MAX_VALUE),
            node.number("ToleratedFailurePercentage", 0, 100),
            resultWriter(node),
            node.text("Label"));
    return new MapState(
        node.flowingWithResult(name, "Map"), retriers(node), catchers(node), fields);
  }

  private void checkDistributed(Node node, Node config, boolean insideDistributed) {
    if (insideDistributed) {
      node.problem("ItemProcessor", "is DISTRIBUTED inside another, which is not supported");
    }
    String type = config.text("ExecutionType").orElse("");
    if (!type.equals("STANDARD")) {
      config.problem("ExecutionType", "must be STANDARD: EXPRESS children are not supported");
    }
    node.text("Label")
        .filter(label -> label.isEmpty() || label.length() > Limits.LABEL_CHARACTERS)
        .ifPresent(label -> node.problem("Label", "must have 1 to 40 characters"));
  }

  private Optional<MapState.ItemReader> itemReader(Node node) {
    if (!node.json.has("ItemReader")) {
      return Optional.empty();
    }
    Node reader = node.child("ItemReader");
    reader.allow("Resource", "Arguments", "ReaderConfig");
    String resource = reader.requiredText("Resource");
    String name = Resources.shortName(resource);
    Node config = reader.child("ReaderConfig");
    config.allow("InputType", "MaxItems");
    String inputType = config.text("InputType").orElse("");
    boolean listing = name.equals("s3:listObjectsV2");
    if (!listing && !name.equals("s3:getObject")) {
      reader.problem("Resource", "must be s3:listObjectsV2 or s3:getObject");
    }
    if (!listing && !inputType.equals("JSON") && !inputType.equals("JSONL")) {
      config.problem("InputType", "must be JSON or JSONL");
    }
    Optional<Template> arguments = reader.object("Arguments", Scope.STATE);
    if (arguments.isEmpty()) {
      reader.problem("Arguments", "is missing");
      return Optional.empty();
    }
    return Optional.of(
        new MapState.ItemReader(
            resource,
            arguments.get(),
            listing,
            inputType.equals("JSONL"),
            config.number("MaxItems", 0, 100_000_000)));
  }

  private Optional<MapState.ResultWriter> resultWriter(Node node) {
    if (!node.json.has("ResultWriter")) {
      return Optional.empty();
    }
    Node writer = node.child("ResultWriter");
    writer.allow("Resource", "Arguments");
    String resource = writer.requiredText("Resource");
    if (!Resources.shortName(resource).equals("s3:putObject")) {
      writer.problem("Resource", "must be s3:putObject");
    }
    Optional<Template> arguments = writer.object("Arguments", Scope.STATE);
    if (arguments.isEmpty()) {
      writer.problem("Arguments", "is missing");
    }
    return arguments.map(a -> new MapState.ResultWriter(resource, a));
  }

  private List<Retrier> retriers(Node node) {
    return node.list(
        "Retry",
        entry -> {
          entry.allow(
              "ErrorEquals",
              "IntervalSeconds",
              "MaxAttempts",
              "BackoffRate",
              "MaxDelaySeconds",
              "JitterStrategy",
              "Comment");
          String jitter = entry.text("JitterStrategy").orElse("NONE");
          if (!jitter.equals("NONE") && !jitter.equals("FULL")) {
            entry.problem("JitterStrategy", "must be NONE or FULL");
          }
          return Optional.of(
              new Retrier(
                  errors(node, "Retry", entry),
                  Duration.ofSeconds(entry.plainInteger("IntervalSeconds", 1, 99_999_999, 1)),
                  (int) entry.plainInteger("MaxAttempts", 0, 99_999_999, 3),
                  entry.plainNumber("BackoffRate", 1.0, 2.0),
                  entry.json.has("MaxDelaySeconds")
                      ? Optional.of(
                          Duration.ofSeconds(
                              entry.plainInteger("MaxDelaySeconds", 1, 31_622_400, 1)))
                      : Optional.empty(),
                  jitter.equals("FULL")));
        });
  }

  private List<Catcher> catchers(Node node) {
    return node.list(
        "Catch",
        entry -> {
          entry.allow("ErrorEquals", "Next", "Assign", "Output", "Comment");
          return Optional.of(
              new Catcher(
                  errors(node, "Catch", entry),
                  entry.requiredText("Next"),
                  entry.object("Assign", Scope.CATCH),
                  entry.template("Output", Scope.CATCH)));
        });
  }

  private List<String> errors(Node state, String field, Node entry) {
    List<String> errors = new ArrayList<>();
    entry.json.path("ErrorEquals").forEach(error -> errors.add(error.asText()));
    if (errors.isEmpty()) {
      entry.problem("ErrorEquals", "must be an array with at least one error name");
    }
    for (String error : errors) {
      if (error.startsWith("States.") && !ErrorNames.KNOWN.contains(error)) {
        entry.problem("ErrorEquals", "names an error that Step Functions never gives: " + error);
      }
    }
    if (errors.contains(ErrorNames.ALL)) {
      JsonNode list = state.json.path(field);
      boolean last = entry.where.endsWith("[" + (list.size() - 1) + "]");
      if (errors.size() > 1 || !last) {
        entry.problem("ErrorEquals", "States.ALL must stand alone, in the last entry");
      }
    }
    return errors;
  }

  /** Which parts of {@code $states} a field may use. */
  private enum Scope {
    STATE,
    RESULT,
    CATCH
  }

  /** A JSON object of the definition, and where it is. */
  private final class Node {
    private final String where;
    private final JsonNode json;

    Node(String where, JsonNode json) {
      this.where = where;
      this.json = json;
    }

    void problem(String field, String what) {
      problems.add(where + ": " + field + " " + what);
    }

    Node child(String field) {
      JsonNode value = json.path(field);
      if (!value.isObject() && !value.isMissingNode()) {
        problem(field, "must be an object");
      }
      return new Node(where + ", " + field, value);
    }

    void allow(String... fields) {
      check(Set.of(fields));
    }

    void allowState(Set<String> fields, String... more) {
      Set<String> all = new HashSet<>(COMMON);
      all.addAll(fields);
      all.addAll(List.of(more));
      check(all);
    }

    private void check(Set<String> allowed) {
      json.fieldNames()
          .forEachRemaining(
              field -> {
                if (JSONPATH_ONLY.contains(field)) {
                  problem(field, "belongs to JSONPath; use JSONata");
                } else if (!allowed.contains(field)) {
                  problem(field, "is unknown here, or not supported");
                }
              });
    }

    boolean jsonata(boolean inherited) {
      Optional<String> language = text("QueryLanguage");
      boolean is = language.map(l -> l.equals("JSONata")).orElse(inherited);
      if (!is && (language.isPresent() || json.has("Type"))) {
        problem("QueryLanguage", "must be JSONata: JSONPath, the default, is not supported");
      }
      return is;
    }

    Optional<String> text(String field) {
      JsonNode value = json.path(field);
      if (value.isMissingNode()) {
        return Optional.empty();
      }
      if (!value.isTextual()) {
        problem(field, "must be a string");
        return Optional.empty();
      }
      return Optional.of(value.textValue());
    }

    String requiredText(String field) {
      if (!json.has(field)) {
        problem(field, "is missing");
      }
      return text(field).orElse("");
    }

    State.Common flowing(String name, String type) {
      return common(name, type, Scope.STATE);
    }

    State.Common flowingWithResult(String name, String type) {
      return common(name, type, Scope.RESULT);
    }

    State.Common terminal(String name, String type) {
      return new State.Common(
          name, type, text("Comment"), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private State.Common common(String name, String type, Scope scope) {
      Optional<String> next = text("Next");
      JsonNode end = json.path("End");
      if (!end.isMissingNode() && !end.isBoolean()) {
        problem("End", "must be true");
      }
      if (next.isPresent() == end.asBoolean(false)) {
        problem("Next", "or \"End\": true must be there, and not both");
      }
      return new State.Common(
          name, type, text("Comment"), next, object("Assign", scope), template("Output", scope));
    }

    Optional<Template> template(String field, Scope scope) {
      JsonNode value = json.path(field);
      if (value.isMissingNode()) {
        return Optional.empty();
      }
      try {
        Template template = Template.of(field, value);
        template.forEachExpression(expression -> checkScope(field, expression, scope));
        return Optional.of(template);
      } catch (JException e) {
        problem(field, "has an expression that is no JSONata: " + e.getMessage());
        return Optional.empty();
      }
    }

    private void checkScope(String field, Expression expression, Scope scope) {
      String text = expression.text();
      if (scope != Scope.RESULT && uses(text, "result")) {
        problem(field, "uses $states.result, which is not there");
      }
      if (scope != Scope.CATCH && uses(text, "errorOutput")) {
        problem(field, "uses $states.errorOutput, which is there only in a Catch");
      }
      if (text.matches("(?s).*\\$eval\\s*\\(.*")) {
        problem(field, "uses $eval, which Step Functions does not have; use $parse");
      }
    }

    private static boolean uses(String expression, String part) {
      return expression.matches("(?s).*\\$states\\." + part + "\\b.*");
    }

    /** A template that is an object, whose members are not one expression together. */
    Optional<Template> object(String field, Scope scope) {
      Optional<Template> template = template(field, scope);
      boolean fits =
          template
              .map(
                  t ->
                      t.literal().isObject() || (t.isSingleExpression() && !field.equals("Assign")))
              .orElse(true);
      if (!fits) {
        problem(field, "must be an object");
        return Optional.empty();
      }
      if (field.equals("Assign")) {
        template.ifPresent(t -> t.memberNames().forEach(this::checkVariable));
      }
      return template;
    }

    private void checkVariable(String name) {
      if (name.equals("states")) {
        problem("Assign", "must not assign to the reserved variable 'states'");
      } else if (!name.matches("[\\p{L}_][\\p{L}\\p{N}_]*") || name.length() > 80) {
        problem("Assign", "has no variable's name: '" + name + "'");
      }
    }

    void refuseVariables(Set<String> outer) {
      Set<String> own = new TreeSet<>();
      collectVariables(json, own);
      own.retainAll(outer);
      own.forEach(
          name -> problem("Assign", "assigns '" + name + "', a variable of an enclosing scope"));
    }

    Optional<Template> stringTemplate(String field) {
      JsonNode value = json.path(field);
      if (!value.isMissingNode() && !value.isTextual()) {
        problem(field, "must be a string");
        return Optional.empty();
      }
      return template(field, Scope.STATE);
    }

    Optional<Template> number(String field, long least, long most) {
      JsonNode value = json.path(field);
      boolean expression = value.isTextual() && Template.isExpression(value.textValue());
      boolean number =
          value.isIntegralNumber() && value.longValue() >= least && value.longValue() <= most;
      if (!value.isMissingNode() && !expression && !number) {
        problem(field, "must be an integer from " + least + " to " + most + ", or an expression");
        return Optional.empty();
      }
      return template(field, Scope.STATE);
    }

    long plainInteger(String field, long least, long most, long otherwise) {
      JsonNode value = json.path(field);
      if (value.isMissingNode()) {
        return otherwise;
      }
      if (!value.isIntegralNumber() || value.longValue() < least || value.longValue() > most) {
        problem(field, "must be an integer from " + least + " to " + most);
        return otherwise;
      }
      return value.longValue();
    }

    double plainNumber(String field, double least, double otherwise) {
      JsonNode value = json.path(field);
      if (value.isMissingNode()) {
        return otherwise;
      }
      if (!value.isNumber() || value.doubleValue() < least) {
        problem(field, "must be a number of at least " + least);
        return otherwise;
      }
      return value.doubleValue();
    }

    <T> List<T> list(String field, Function<Node, Optional<T>> read) {
      JsonNode value = json.path(field);
      List<T> list = new ArrayList<>();
      if (value.isMissingNode()) {
        return list;
      }
      if (!value.isArray()) {
        problem(field, "must be an array");
        return list;
      }
      for (int i = 0; i < value.size(); i++) {
        if (value.get(i).isObject()) {
          read.apply(new Node(where + ", " + field + "[" + i + "]", value.get(i)))
              .ifPresent(list::add);
        } else {
          problem(field, "must have objects as elements");
        }
      }
      return list;
    }
  }
}
