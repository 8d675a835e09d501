package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.servicemodels.AwsRequests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Runs a shipped definition in made-up time; each of its tasks answers what the test says. */
final class ScriptedRun {
  static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "MigrateTableMachine", "arn:aws:states:local:000000000000:stateMachine:migrate-table",
          "SettleRunMachine", "arn:aws:states:local:000000000000:stateMachine:settle-run",
          "Partition", "aws",
          "WorkerFunction", "worker:live",
          "WorkerFunctionName", "worker",
          "LedgerTable", "godwit-ledger",
          "ResultsBucket", "results",
          "NotificationTopic", "",
          "StallMinutes", "30");

  /** What a worker that is woken answers. */
  static final String WOKEN = "{\"Payload\": {\"code\": \"abc\"}, \"ExecutedVersion\": \"12\"}";

  final VirtualLoop loop = new VirtualLoop();
  final FolderObjectStore objects;

  /** State names in the order in which they were entered, children's included. */
  final List<String> entered = new ArrayList<>();

  private final Map<String, TaskPort> answers = new LinkedHashMap<>();
  private final Map<String, List<JsonNode>> arguments = new LinkedHashMap<>();

  /** Requests that AWS would refuse whatever they are about: a fault of the definition's. */
  private final List<AssertionError> refused = new ArrayList<>();

  private final Path home;

  /**
   * One for all engines: a Map Run of a redriven execution is not to be called like an earlier one.
   */
  private final Random random = new Random(7);

  private HeardVisits visits = HeardVisits.NOBODY_LISTENS;

  ScriptedRun(Path home) {
    this.home = home;
    this.objects = new FolderObjectStore(home.resolve("buckets"));
  }

  ScriptedRun task(String stateName, TaskPort answer) {
    answers.put(stateName, answer);
    return this;
  }

  ScriptedRun task(String stateName, String json) {
    return task(stateName, call -> json(json));
  }

  ScriptedRun failing(String stateName, String error, String cause) {
    return task(
        stateName,
        call -> {
          throw new TaskFailure(error, cause);
        });
  }

  Engine engine() {
    return Engine.builder(home)
        .loop(loop)
        .random(random)
        .evaluations(Evaluations.heard())
        .identities(() -> "1")
        .objects(objects)
        .task("lambda:invoke", this::call)
        .task("aws-sdk:", this::call)
        .task("aws-sdk:sfn:describeExecution", this::call)
        .task(
            "aws-sdk:s3:listObjectsV2",
            call -> visits.called(call, BuiltInTasks.listObjects(objects)))
        .listener(
            event -> {
              visits.on(event);
              if (event.type().endsWith("StateEntered")) {
                entered.add(event.stateName());
              }
            })
        .build();
  }

  Execution run(StateMachine machine, String name, JsonNode input) {
    visits = HeardVisits.of(machine);
    return toItsEnd(engine().start(machine, name, input));
  }

  Execution redrive(String name) {
    return toItsEnd(engine().redrive(name));
  }

  private Execution toItsEnd(Execution execution) {
    loop.runUntil(() -> execution.status() != ExecutionStatus.RUNNING);
    refused.forEach(
        error -> {
          throw error;
        });
    return execution;
  }

  private JsonNode call(TaskCall call) throws Exception {
    try {
      AwsRequests.checkTask(call.resource(), call.arguments());
    } catch (AssertionError e) {
      refused.add(e);
    }
    arguments.computeIfAbsent(call.stateName(), s -> new ArrayList<>()).add(call.arguments());
    TaskPort answer = answers.get(call.stateName());
    return visits.called(call, answer == null ? told -> json("{}") : answer);
  }

  /** What a task was called with, each time. */
  List<JsonNode> calls(String stateName) {
    return arguments.getOrDefault(stateName, List.of());
  }

  /** The states of all tasks that were called. */
  Set<String> called() {
    return arguments.keySet();
  }

  static JsonNode json(String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
