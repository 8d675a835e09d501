package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.asl.StateQuestion.Expected;
import dev.godwit.asl.StateQuestion.Mock;
import dev.godwit.asl.StateQuestion.Status;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hears a run of a definition, and makes of each stay in a state what TestState can be asked.
 *
 * <p>Left out: states that wait, for there is nothing to compare and TestState really waits; Maps
 * and Parallels that fail, and what is inside them when it went on at once; tasks that time out;
 * whatever comes after a redrive.
 */
final class HeardVisits {
  /** Of one kind; more would say nothing new. */
  private static final int OF_A_KIND = 2;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Runs of other tests are made before anybody could hand them this. */
  private static volatile @Nullable Map<String, List<StateQuestion>> listening;

  /** What a run tells when nobody wants to know. */
  static final HeardVisits NOBODY_LISTENS = new HeardVisits("", JSON.objectNode(), Map.of());

  private final String machine;
  private final JsonNode definition;
  private final Map<String, List<StateQuestion>> questions;
  private final Map<String, Deque<Stay>> open = new HashMap<>();
  private final Map<String, Stay> left = new HashMap<>();
  private final Map<String, ObjectNode> variables = new HashMap<>();
  private final Map<String, Instant> started = new HashMap<>();
  private final Map<String, JsonNode> inputs = new HashMap<>();
  private boolean over;

  private HeardVisits(
      String machine, JsonNode definition, Map<String, List<StateQuestion>> questions) {
    this.machine = machine;
    this.definition = definition;
    this.questions = questions;
    this.over = definition.isEmpty();
  }

  /** All that can be asked about what was run during {@code work}. */
  static List<StateQuestion> during(Runnable work) {
    Map<String, List<StateQuestion>> heard = new LinkedHashMap<>();
    listening = heard;
    try {
      work.run();
    } finally {
      listening = null;
    }
    return heard.values().stream().flatMap(List::stream).toList();
  }

  static HeardVisits of(StateMachine machine) {
    Map<String, List<StateQuestion>> heard = listening;
    return heard == null
        ? NOBODY_LISTENS
        : new HeardVisits(machine.name(), ScriptedRun.json(machine.definition()), heard);
  }

  private record Attempt(
      JsonNode arguments,
      JsonNode context,
      Optional<JsonNode> result,
      Optional<StateError> error) {}

  private record Scope(JsonNode machine, JsonNode state) {}

  private static final class Stay {
    private final Scope scope;
    private final String name;
    private final JsonNode input;
    private final ObjectNode variables;
    private final Instant at;
    private final List<Attempt> attempts = new ArrayList<>();
    private final ArrayNode inner = JSON.arrayNode();
    private JsonNode exit = JSON.missingNode();
    private final List<StateQuestion> insideAsked = new ArrayList<>();
    private boolean spoiled;

    /** Whether what is inside got between one another's events. */
    private boolean mixed;

    Stay(Scope scope, String name, JsonNode input, ObjectNode variables, Instant at) {
      this.scope = scope;
      this.name = name;
      this.input = input;
      this.variables = variables;
      this.at = at;
    }

    String type() {
      return scope.state().path("Type").asText();
    }

    boolean contains() {
      return type().equals("Map") || type().equals("Parallel");
    }

    boolean ends() {
      return scope.state().path("End").asBoolean() || type().equals("Succeed");
    }
  }

  /** Calls {@code port}, and remembers what it answered. */
  JsonNode called(TaskCall call, TaskPort port) throws Exception {
    if (over) {
      return port.call(call);
    }
    JsonNode context = call.context().deepCopy();
    try {
      JsonNode result = port.call(call);
      attempt(call, new Attempt(call.arguments(), context, Optional.of(result), Optional.empty()));
      return result;
    } catch (TaskFailure e) {
      StateError error = Failures.errorOf(e);
      attempt(call, new Attempt(call.arguments(), context, Optional.empty(), Optional.of(error)));
      throw e;
    }
  }

  private void attempt(TaskCall call, Attempt attempt) {
    Stay stay = open.getOrDefault(call.executionArn(), new ArrayDeque<>()).peek();
    if (stay != null && stay.name.equals(call.stateName())) {
      stay.attempts.add(attempt);
    }
  }

  void on(ExecutionEvent event) {
    if (over) {
      return;
    }
    String arn = event.executionArn();
    Deque<Stay> stays = open.computeIfAbsent(arn, a -> new ArrayDeque<>());
    String type = event.type();
    if (type.endsWith("StateEntered")) {
      entered(arn, stays, event);
    } else if (type.endsWith("StateExited")) {
      exited(arn, stays, event);
    } else if (type.equals("ExecutionRedriven")) {
      over = true;
    } else if (type.equals("TaskTimedOut")
        || type.equals("MapStateFailed")
        || type.equals("ParallelStateFailed")
        || type.equals("MapStateAborted")) {
      stays.stream()
          .filter(stay -> stay.name.equals(event.stateName()))
          .forEach(stay -> stay.spoiled = true);
    } else if (type.startsWith("Execution") && !type.equals("ExecutionStarted")) {
      Stay last = left.remove(arn);
      if (last != null) {
        ask(arn, last, Optional.empty());
      }
      if (type.equals("ExecutionFailed") && stays.size() == 1) {
        failed(arn, stays.pop(), errorOf(event.details()));
      }
    }
  }

  private void entered(String arn, Deque<Stay> stays, ExecutionEvent event) {
    Stay before = left.remove(arn);
    Optional<Scope> found = scope(definition, event.stateName());
    Optional<Stay> around = around(stays);
    if (around.isPresent() && found.isPresent()) {
      boolean begins = found.get().machine().path("StartAt").asText().equals(event.stateName());
      boolean another = before != null && !before.ends() && begins;
      if (stays.peek() != around.get() || another) {
        stays.forEach(stay -> stay.mixed = true);
      }
    }
    if (before != null) {
      ask(arn, before, before.ends() ? Optional.empty() : Optional.of(event.stateName()));
    }
    JsonNode input = event.details().get("input");
    started.putIfAbsent(arn, event.at());
    inputs.putIfAbsent(arn, input);
    ObjectNode seen = variables.computeIfAbsent(arn, a -> JSON.objectNode()).deepCopy();
    found.ifPresent(
        scope -> stays.push(new Stay(scope, event.stateName(), input, seen, event.at())));
  }

  private void exited(String arn, Deque<Stay> stays, ExecutionEvent event) {
    Stay inner = left.remove(arn);
    if (inner != null) {
      ask(arn, inner, Optional.empty());
    }
    Stay stay =
        stays.stream().filter(one -> one.name.equals(event.stateName())).findFirst().orElse(null);
    if (stay == null) {
      return;
    }
    if (stay.contains()) {
      while (stays.peek() != stay) {
        stays.pop(); // it failed inside
      }
    }
    stays.remove(stay);
    if (!stay.mixed) {
      stay.insideAsked.forEach(question -> add(stays, question));
    }
    stay.exit = event.details();
    variables
        .computeIfAbsent(arn, a -> JSON.objectNode())
        .setAll((ObjectNode) stay.exit.get("assignedVariables"));
    if (stay.ends() && !stays.isEmpty()) {
      stays.peek().inner.add(stay.exit.get("output"));
    }
    left.put(arn, stay);
  }

  /** The Map or Parallel that the execution is in, if it is inside one. */
  private static Optional<Stay> around(Deque<Stay> stays) {
    return stays.stream().filter(Stay::contains).findFirst();
  }

  private static Optional<Scope> scope(JsonNode node, String name) {
    JsonNode found = node.path("States").path(name);
    if (found.isObject()) {
      return Optional.of(new Scope(node, found));
    }
    for (JsonNode child : node) {
      Optional<Scope> inner = scope(child, name);
      if (inner.isPresent()) {
        return inner;
      }
    }
    return Optional.empty();
  }

  private void ask(String arn, Stay stay, Optional<String> next) {
    Map<String, JsonNode> assigned = new LinkedHashMap<>();
    stay.exit
        .get("assignedVariables")
        .properties()
        .forEach(entry -> assigned.put(entry.getKey(), entry.getValue()));
    Optional<JsonNode> output = Optional.of(stay.exit.get("output"));
    switch (stay.type()) {
      case "Wait" -> {}
      case "Task" -> {
        retries(arn, stay);
        if (!stay.attempts.isEmpty()) {
          Attempt last = stay.attempts.get(stay.attempts.size() - 1);
          Status status = last.error().isPresent() ? Status.CAUGHT_ERROR : Status.SUCCEEDED;
          ask(
              arn,
              stay,
              stay.attempts.size() - 1,
              status,
              next,
              output,
              assigned,
              Optional.empty());
        }
      }
      default -> ask(arn, stay, -1, Status.SUCCEEDED, next, output, assigned, Optional.empty());
    }
  }

  private void failed(String arn, Stay stay, Optional<StateError> error) {
    if (error.isEmpty() || stay.type().equals("Map")) {
      return;
    }
    retries(arn, stay);
    if (stay.type().equals("Fail") || !stay.attempts.isEmpty()) {
      ask(
          arn,
          stay,
          stay.attempts.size() - 1,
          Status.FAILED,
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          error);
    }
  }

  /** The first attempt, if another followed it. */
  private void retries(String arn, Stay stay) {
    if (stay.attempts.size() > 1) {
      ask(
          arn,
          stay,
          0,
          Status.RETRIABLE,
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty());
    }
  }

  private void ask(
      String arn,
      Stay stay,
      int attempt,
      Status status,
      Optional<String> next,
      Optional<JsonNode> output,
      Map<String, JsonNode> assigned,
      Optional<StateError> error) {
    if (stay.spoiled) {
      return;
    }
    Optional<Attempt> made =
        attempt < 0 ? Optional.empty() : Optional.of(stay.attempts.get(attempt));
    Optional<Mock> mock =
        stay.contains()
            ? Optional.of(Mock.result(resultOfAMap(stay, assigned)))
            : made.map(call -> new Mock(call.result(), call.error()));
    var question =
        new StateQuestion(
            machine,
            stay.name,
            stay.scope.machine(),
            stay.input,
            stay.variables,
            made.map(Attempt::context).map(c -> (ObjectNode) c).orElseGet(() -> context(arn, stay)),
            mock,
            (int)
                stay.attempts.stream()
                    .limit(Math.max(0, attempt))
                    .filter(before -> before.error().equals(made.orElseThrow().error()))
                    .count(),
            stay.scope.state().has("ItemReader")
                ? Optional.of(ScriptedRun.json("[{\"Key\": \"runs/r1/deferred/segment-00000/a\"}]"))
                : Optional.empty(),
            new Expected(status, next, output, assigned, made.map(Attempt::arguments), error));
    question.context().remove("Map");
    add(open.getOrDefault(arn, new ArrayDeque<>()), question);
  }

  private void add(Deque<Stay> stays, StateQuestion question) {
    Optional<Stay> around = around(stays);
    if (around.isPresent()) {
      around.get().insideAsked.add(question);
      return;
    }
    List<StateQuestion> alike =
        questions.computeIfAbsent(question.kind(), kind -> new ArrayList<>());
    if (alike.size() < OF_A_KIND) {
      alike.add(question);
    }
  }

  private static JsonNode resultOfAMap(Stay stay, Map<String, JsonNode> assigned) {
    if (!stay.scope.state().has("ResultWriter")) {
      return stay.inner;
    }
    ObjectNode result = JSON.objectNode();
    result.put("MapRunArn", "arn:aws:states:eu-west-1:123456789012:mapRun:m/l:1");
    JsonNode written = assigned.get("results");
    result.set(
        "ResultWriterDetails",
        written != null ? written : JSON.objectNode().put("Bucket", "results").put("Key", "k"));
    return result;
  }

  /** {@code $states.context} of a state that calls nothing. */
  private ObjectNode context(String arn, Stay stay) {
    String name = arn.substring(arn.lastIndexOf(':') + 1);
    ObjectNode context = JSON.objectNode();
    context
        .putObject("Execution")
        .put("Id", arn)
        .put("Name", name)
        .put("RoleArn", ContextObject.ROLE_ARN)
        .put("StartTime", started.getOrDefault(arn, stay.at).toString())
        .set("Input", inputs.getOrDefault(arn, JSON.objectNode()));
    context
        .putObject("State")
        .put("EnteredTime", stay.at.toString())
        .put("Name", stay.name)
        .put("RetryCount", 0);
    context
        .putObject("StateMachine")
        .put("Id", arn.substring(0, arn.lastIndexOf(':')).replace(":execution:", ":stateMachine:"))
        .put("Name", machine);
    return context;
  }

  private static Optional<StateError> errorOf(JsonNode details) {
    return details.has("Error")
        ? Optional.of(new StateError(details.get("Error").asText(), details.path("Cause").asText()))
        : Optional.empty();
  }
}
