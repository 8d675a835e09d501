package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * One file under {@code scenarios/}: a machine, its input, what its tasks answer, and what must
 * come of it, with the page that says so.
 *
 * <ul>
 *   <li>{@code tasks}: state name to a list of answers, one for each call, the last one again and
 *       again: {@code {"result"}}, {@code {"error", "cause"}}, {@code {"echo": true}} for the
 *       arguments, each with {@code "after"} seconds.
 *   <li>{@code objects}: {@code bucket/key} to text.
 *   <li>{@code expect}: {@code refused} (parts of the problems), or {@code status} with {@code
 *       output}, {@code error}, {@code cause} (a part), {@code seconds}, {@code trace} (the states
 *       entered, children's included), {@code arguments} (of each call, by state), {@code events}
 *       (how often each history event was told), {@code mapRun} (item counts).
 * </ul>
 */
final class Scenario {
  private final JsonNode json;

  Scenario(JsonNode json) {
    this.json = json;
  }

  /** What came of it, in the shape of {@code expect}; only what {@code expect} asks for. */
  ObjectNode run(Path home) throws Exception {
    JsonNode expect = json.get("expect");
    ObjectNode actual = JsonNodeFactory.instance.objectNode();
    StateMachine machine;
    try {
      machine = StateMachine.parse("scenario", json.get("machine").toString());
    } catch (InvalidDefinition e) {
      ArrayNode refused = actual.putArray("refused");
      e.problems().forEach(refused::add);
      return actual;
    }
    VirtualLoop loop = new VirtualLoop();
    FolderObjectStore objects = new FolderObjectStore(home.resolve("buckets"));
    for (var object : json.path("objects").properties()) {
      String[] place = object.getKey().split("/", 2);
      objects.write(
          place[0],
          place[1],
          out -> out.write(object.getValue().asText().getBytes(StandardCharsets.UTF_8)));
    }
    ArrayNode trace = JsonNodeFactory.instance.arrayNode();
    ObjectNode events = JsonNodeFactory.instance.objectNode();
    Map<String, ArrayNode> arguments = new LinkedHashMap<>();
    Engine engine =
        Engine.builder(home)
            .loop(loop)
            .random(new Random(42))
            .identities(() -> "1")
            .objects(objects)
            .task("", new Answers(arguments))
            .listener(
                event -> {
                  events.put(event.type(), events.path(event.type()).asInt(0) + 1);
                  if (event.type().endsWith("StateEntered")) {
                    trace.add(event.stateName());
                  }
                })
            .build();
    JsonNode input = json.has("input") ? json.get("input") : JsonNodeFactory.instance.objectNode();
    Execution execution = engine.start(machine, "one", input);
    JsonNode stop = json.path("stop");
    if (stop.isObject()) {
      loop.schedule(
          Duration.ofSeconds(stop.get("after").asLong()),
          () -> execution.stop(stop.get("error").asText(), stop.get("cause").asText()));
    }
    loop.runUntil(() -> execution.status() != ExecutionStatus.RUNNING);
    if (json.path("redrive").asBoolean(false)) {
      trace.add("-- redriven --");
      Execution redriven = engine.redrive("one");
      loop.runUntil(() -> redriven.status() != ExecutionStatus.RUNNING);
      return describe(actual, expect, redriven, loop, trace, events, arguments);
    }
    return describe(actual, expect, execution, loop, trace, events, arguments);
  }

  private static ObjectNode describe(
      ObjectNode actual,
      JsonNode expect,
      Execution execution,
      VirtualLoop loop,
      ArrayNode trace,
      ObjectNode events,
      Map<String, ArrayNode> arguments) {
    actual.put("status", execution.status().name());
    if (expect.has("output")) {
      actual.set(
          "output", execution.output().orElse(JsonNodeFactory.instance.textNode("none at all")));
    }
    execution.error().ifPresent(error -> actual.put("error", error));
    if (expect.has("cause")) {
      actual.put("cause", execution.cause().orElse(""));
    }
    if (expect.has("seconds")) {
      actual.put("seconds", Duration.between(VirtualLoop.START, loop.now()).toMillis() / 1000.0);
    }
    if (expect.has("trace")) {
      actual.set("trace", trace);
    }
    if (expect.has("events")) {
      ObjectNode asked = actual.putObject("events");
      expect
          .get("events")
          .fieldNames()
          .forEachRemaining(type -> asked.put(type, events.path(type).asInt(0)));
    }
    if (expect.has("arguments")) {
      ObjectNode calls = actual.putObject("arguments");
      arguments.forEach(calls::set);
    }
    if (expect.has("mapRun")) {
      MapRunCounts counts = execution.mapRuns().get(0);
      actual
          .putObject("mapRun")
          .put("total", counts.total())
          .put("pending", counts.pending())
          .put("running", counts.running())
          .put("succeeded", counts.succeeded())
          .put("failed", counts.failed())
          .put("aborted", counts.aborted());
    }
    return actual;
  }

  private final class Answers implements VirtualLoop.Slow {
    private final Map<String, ArrayNode> arguments;
    private final Map<String, Integer> calls = new LinkedHashMap<>();

    Answers(Map<String, ArrayNode> arguments) {
      this.arguments = arguments;
    }

    private JsonNode answer(TaskCall call, int index) {
      JsonNode answers = json.path("tasks").path(call.stateName());
      if (answers.isMissingNode() || answers.isEmpty()) {
        throw new AssertionError("the scenario has no answer for " + call.stateName());
      }
      return answers.get(Math.min(index, answers.size() - 1));
    }

    @Override
    public Duration latency(TaskCall call) {
      JsonNode answer = answer(call, calls.merge(call.stateName(), 1, Integer::sum) - 1);
      arguments
          .computeIfAbsent(call.stateName(), s -> JsonNodeFactory.instance.arrayNode())
          .add(call.arguments());
      pending.put(call, answer);
      return Duration.ofMillis((long) (answer.path("after").asDouble(0) * 1000));
    }

    private final Map<TaskCall, JsonNode> pending = new LinkedHashMap<>();

    @Override
    public JsonNode call(TaskCall call) throws Exception {
      JsonNode answer = Objects.requireNonNull(pending.remove(call));
      if (answer.has("error")) {
        throw new TaskFailure(answer.get("error").asText(), answer.path("cause").asText(""));
      }
      if (answer.path("echo").asBoolean(false)) {
        return call.arguments();
      }
      if (answer.has("resultBytes")) {
        return JsonNodeFactory.instance.textNode("x".repeat(answer.get("resultBytes").asInt()));
      }
      return answer.get("result");
    }
  }
}
