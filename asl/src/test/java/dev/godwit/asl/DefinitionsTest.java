package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What must hold of the shipped definitions, whatever they do. */
class DefinitionsTest {
  private static final Path PICTURES = Path.of("../docs/state-machines.md");

  /** Classes that the worker throws; the CLI's tests compare them with the worker's code. */
  private static final Set<String> WORKERS =
      Set.of(
          "dev.godwit.worker.BadSliceRequest",
          "dev.godwit.worker.HookFailed",
          "dev.godwit.worker.ItemFailuresExceeded",
          "dev.godwit.worker.TableRefused",
          "dev.godwit.worker.TableUnavailable",
          "dev.godwit.worker.TransformChanged");

  /**
   * Errors of AWS SDK integrations: the service's name in the SDK for Java 2, and its exception.
   *
   * <p>Source: Step Functions Developer Guide, "Learning to use AWS service SDK integrations", and
   * "Invoke an AWS Lambda function with Step Functions"; read 2026-11-20.
   */
  private static final Set<String> SERVICES =
      Set.of(
          "ApplicationAutoScaling.ObjectNotFoundException",
          "ApplicationAutoScaling.ValidationException",
          "DynamoDb.ConditionalCheckFailedException",
          "DynamoDb.DynamoDbException",
          "DynamoDb.LimitExceededException",
          "DynamoDb.ResourceInUseException",
          "DynamoDb.ResourceNotFoundException",
          "DynamoDb.TransactionCanceledException",
          "DynamoDb.ValidationException",
          "Lambda.AWSLambdaException",
          "Lambda.ClientExecutionTimeoutException",
          "Lambda.ResourceConflictException",
          "Lambda.ResourceNotFoundException",
          "Lambda.SdkClientException",
          "Lambda.ServiceException",
          "Lambda.SnapStartNotReadyException",
          "Lambda.TooManyRequestsException",
          "Sfn.ExecutionAlreadyExistsException",
          "Sfn.ExecutionDoesNotExistException",
          "Sfn.InvalidArnException");

  private static final Set<String> OURS =
      Set.of(
          "Godwit.CanaryRefused",
          "Godwit.AlarmIsMissing",
          "Godwit.HoldNotWritten",
          "Godwit.TableIsTaken",
          "Godwit.RunIsTaken",
          "Godwit.CapacityNotRestored",
          "Godwit.SweepIncomplete");

  /** JSONata 2.0.6's functions that we use, and Step Functions' own. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "append",
          "contains",
          "count",
          "each",
          "error",
          "exists",
          "floor",
          "fromMillis",
          "hash",
          "join",
          "keys",
          "match",
          "max",
          "merge",
          "min",
          "not",
          "number",
          "parse",
          "replace",
          "round",
          "shuffle",
          "sift",
          "string",
          "substring",
          "sum",
          "toMillis",
          "type");

  @TempDir Path home;

  private static StateMachine load(String name) {
    return switch (name) {
      case Definitions.MIGRATE_TABLE -> Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS);
      case Definitions.SETTLE_RUN -> Definitions.settleRun(ScriptedRun.SUBSTITUTIONS);
      case Definitions.SWEEP_RUNS -> Definitions.sweepRuns(ScriptedRun.SUBSTITUTIONS);
      default -> Definitions.holdOnAlarm(ScriptedRun.SUBSTITUTIONS);
    };
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_everyState_isReachable(String name) {
    assertReachable(load(name).states());
  }

  private static void assertReachable(States states) {
    Set<String> reached = new HashSet<>();
    var open = new ArrayDeque<String>();
    open.add(states.startAt());
    while (!open.isEmpty()) {
      String next = open.remove();
      if (reached.add(next)) {
        states.state(next).edges().forEach(edge -> open.add(edge.target()));
      }
    }
    assertThat(reached).isEqualTo(states.states().keySet());
    states.states().values().forEach(s -> s.inner().forEach(DefinitionsTest::assertReachable));
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_everyErrorName_isKnown(String name) {
    Set<String> known = new TreeSet<>(ErrorNames.KNOWN);
    known.addAll(WORKERS);
    known.addAll(SERVICES);
    known.addAll(OURS);
    assertThat(known).containsAll(load(name).errorNames());
  }

  @Test
  void definitions_errorNamesThatWeList_areAllUsed() {
    Set<String> used = new TreeSet<>(load(Definitions.MIGRATE_TABLE).errorNames());
    used.addAll(load(Definitions.SETTLE_RUN).errorNames());
    used.addAll(load(Definitions.SWEEP_RUNS).errorNames());
    used.addAll(load(Definitions.HOLD_ON_ALARM).errorNames());
    assertThat(used).containsAll(WORKERS).containsAll(SERVICES).containsAll(OURS);
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_everySubstitution_isDocumentedAndAskedFor(String name) throws IOException {
    String documented = Files.readString(PICTURES);
    for (String substitution : Definitions.substitutions(Definitions.text(name))) {
      assertThat(documented).contains("`${" + substitution + "}`");
      Map<String, String> others = new HashMap<>(ScriptedRun.SUBSTITUTIONS);
      others.remove(substitution);
      assertThatThrownBy(
              () -> Definitions.substitute(name, Definitions.text(name), Map.copyOf(others)))
          .isInstanceOf(InvalidDefinition.class)
          .hasMessageContaining("${" + substitution + "}");
    }
    assertThat(load(name).definition()).doesNotContain("${");
  }

  @Test
  void substitute_valueWithQuotes_staysOneString() {
    String filled = Definitions.substitute("x", "{\"a\": \"${A}\"}", Map.of("A", "b\"c\\d"));
    assertThat(json(filled).get("a").asText()).isEqualTo("b\"c\\d");
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_distributedMaps_haveNeitherCatchNorRetry(String name) {
    load(name)
        .forEachState(
            state -> {
              if (state instanceof MapState map && map.fields().distributed()) {
                assertThat(map.catchers()).as("Catch of %s", map.name()).isEmpty();
                assertThat(map.retriers()).as("Retry of %s", map.name()).isEmpty();
              }
            });
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_everyTask_retriesWhatPasses(String name) {
    load(name)
        .forEachState(
            state -> {
              if (state instanceof TaskState task) {
                assertThat(task.retriers()).as("Retry of %s", task.name()).isNotEmpty();
              }
            });
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_everyFunctionCalled_exists(String name) {
    Matcher calls = Pattern.compile("\\$([A-Za-z]+)\\(").matcher(Definitions.text(name));
    String text = Definitions.text(name);
    while (calls.find()) {
      String function = calls.group(1);
      boolean ownFunction = text.contains("$" + function + " := function");
      assertThat(ownFunction || FUNCTIONS.contains(function)).as("$%s", function).isTrue();
    }
  }

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_everyResource_isAnIntegrationOfThePartition(String name) {
    assertThat(load(name).resources()).allMatch(r -> r.startsWith("arn:aws:states:::"));
    assertThat(Definitions.text(name)).doesNotContain("arn:aws:");
  }

  @Test
  void migrateTable_tenThousandSegmentsWithLongCursors_keepsEveryPayloadSmall() {
    String cursor = "c".repeat(2048);
    var largest = new ArrayList<Integer>(List.of(0));
    ScriptedRun run =
        new ScriptedRun(home)
            .task("Wake the worker", ScriptedRun.WOKEN)
            .task(
                "Describe the table",
                "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"KeySchema\": [{\"AttributeName\":"
                    + " \"id\", \"KeyType\": \"HASH\"}]}}")
            .task(
                "Scan slice",
                call -> {
                  JsonNode request = call.arguments().get("Payload");
                  largest.set(0, Math.max(largest.get(0), Json.size(call.arguments())));
                  ObjectNode answer = Json.MAPPER.createObjectNode();
                  ObjectNode payload = answer.putObject("Payload");
                  payload.set("segment", request.get("segment"));
                  if (!request.has("cursor")) {
                    payload.putObject("cursor").putObject("id").put("S", cursor);
                  }
                  payload.putObject("tally").put("scanned", 1_000_000_000L);
                  payload.putObject("segmentTally").put("scanned", 1_000_000_000L);
                  return answer;
                });
    JsonNode request =
        json(
            """
            {"version": 1, "runId": "r1", "tableName": "Cities", "migration": "m1",
             "direction": "up", "mode": "apply", "totalSegments": 10000, "maxConcurrency": 100,
             "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
             "toleratedFailurePercentage": 0, "parameters": {}}
            """);

    Execution execution =
        run.run(Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS), "r1", request);

    // The engine holds every payload to 256 KiB by itself; ours stay far below.
    assertThat(execution.cause()).isEmpty();
    assertThat(execution.mapRuns().get(0).succeeded()).isEqualTo(10_000);
    assertThat(largest.get(0)).isBetween(2048, 8192);
    assertThat(Json.size(execution.output().orElseThrow())).isLessThan(1024);
    String items = Stream.iterate(0, i -> i + 1).limit(10_000).toList().toString();
    assertThat(items.length()).as("the list of segments").isLessThan(Limits.PAYLOAD_BYTES);
  }

  @Test
  void migrateTable_segmentOfTwoThousandSlices_fitsIntoAChildsHistory() {
    int slices = 2000;
    ScriptedRun run =
        new ScriptedRun(home)
            .task("Wake the worker", ScriptedRun.WOKEN)
            .task(
                "Describe the table",
                "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"KeySchema\": [{\"AttributeName\":"
                    + " \"id\", \"KeyType\": \"HASH\"}]}}")
            .task(
                "Scan slice",
                call -> {
                  int slice = call.arguments().at("/Payload/cursor/n/N").asInt(0) + 1;
                  ObjectNode answer = Json.MAPPER.createObjectNode();
                  ObjectNode payload = answer.putObject("Payload").put("segment", 0);
                  if (slice < slices) {
                    payload.putObject("cursor").putObject("n").put("N", String.valueOf(slice));
                  }
                  payload.putObject("tally").put("scanned", 1);
                  payload.putObject("segmentTally").put("scanned", slice);
                  return answer;
                });
    JsonNode request =
        json(
            """
            {"version": 1, "runId": "r1", "tableName": "Cities", "migration": "m1",
             "direction": "up", "mode": "apply", "totalSegments": 1, "maxConcurrency": 1,
             "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
             "toleratedFailurePercentage": 0, "parameters": {}}
            """);

    Execution execution =
        run.run(Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS), "r1", request);

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Scan slice")).hasSize(slices);
  }

  @Test
  void pictures_inTheDocs_areTheDefinitions() throws IOException {
    String page = Files.readString(PICTURES);
    String drawn = page;
    for (String name : Definitions.ALL) {
      drawn =
          Pattern.compile("(<!-- picture: " + name + " -->\n```mermaid\n).*?(```)", Pattern.DOTALL)
              .matcher(drawn)
              .replaceFirst(
                  m -> Matcher.quoteReplacement(m.group(1) + Mermaid.of(load(name)) + m.group(2)));
    }
    if (Boolean.getBoolean("pictures.regenerate")) {
      Files.writeString(PICTURES, drawn);
      return;
    }
    assertThat(page)
        .as("draw them again: mvn -pl asl test -Dtest=DefinitionsTest -Dpictures.regenerate=true")
        .isEqualTo(drawn)
        .contains("flowchart TD\n  start");
  }
}
