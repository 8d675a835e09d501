package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrateTableTest {
  private static final String KEYS =
      "\"KeySchema\": [{\"AttributeName\": \"id\", \"KeyType\": \"HASH\"},"
          + " {\"AttributeName\": \"at\", \"KeyType\": \"RANGE\"}]";

  private static final String COLD =
      """
      {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}}}
      """;

  @TempDir Path home;
  private ScriptedRun run;

  @BeforeEach
  void script() {
    run =
        new ScriptedRun(home)
            .task("Wake the worker", ScriptedRun.WOKEN)
            .task("Describe the table", table("ACTIVE", 5, 5))
            .task("Find auto scaling", "{\"ScalableTargets\": []}")
            .task("Scan slice", MigrateTableTest::slice)
            .task("Apply actions", MigrateTableTest::slice);
  }

  /** A provisioned table that was never on demand: it has no BillingModeSummary. */
  private static String table(String status, int reads, int writes) {
    return ("{\"Table\": {%s, \"TableStatus\": \"%s\", \"ProvisionedThroughput\":"
            + " {\"ReadCapacityUnits\": %d, \"WriteCapacityUnits\": %d}}}")
        .formatted(KEYS, status, reads, writes);
  }

  private static ObjectNode request() {
    return (ObjectNode)
        json(
            """
            {"version": 1, "runId": "r1", "tableName": "Cities", "migration": "m1",
             "direction": "up", "mode": "apply", "totalSegments": 8, "maxConcurrency": 4,
             "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
             "toleratedFailurePercentage": 0, "writeUnitsPerSecond": 1000, "parameters": {"a": 1}}
            """);
  }

  private static ObjectNode prewarmed(int reads, int writes) {
    ObjectNode request = request();
    request.putObject("prewarm").put("readUnits", reads).put("writeUnits", writes);
    return request;
  }

  private Execution migrate(JsonNode request) {
    return run.run(Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS), "r1", request);
  }

  /** A worker whose segments take three slices of ten items each. */
  private static JsonNode slice(TaskCall call) {
    JsonNode request = call.arguments().get("Payload");
    int page = request.at("/cursor/page/N").asInt(0) + 1;
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload.set("segment", request.get("segment"));
    if (page < 3 && !request.has("deferred")) {
      payload.putObject("cursor").putObject("page").put("N", String.valueOf(page));
    }
    payload.putObject("tally").put("scanned", 10).put("writeUnits", 2.5);
    payload
        .putObject("segmentTally")
        .put("scanned", request.at("/segmentTally/scanned").asInt(0) + 10);
    payload
        .putObject("timeline")
        .put("seconds", 1)
        .set("spans", timelineOf(request).add(timelineOf(request).size()));
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set("Payload", payload);
    return answer;
  }

  private static ArrayNode timelineOf(JsonNode request) {
    return request.at("/timeline/spans").isArray()
        ? request.at("/timeline/spans").deepCopy()
        : Json.MAPPER.createArrayNode();
  }

  private JsonNode results(String manifestKey, String kind) throws IOException {
    JsonNode manifest = Json.MAPPER.readTree(run.objects.file("results", manifestKey).toFile());
    return Json.MAPPER.readTree(
        run.objects
            .file("results", manifest.at("/ResultFiles/" + kind + "/0/Key").asText())
            .toFile());
  }

  @Test
  void run_segmentsOfSeveralSlices_feedsEachCursorBackAndWritesTheResults() throws Exception {
    Execution execution = migrate(request());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Scan slice")).hasSize(24);
    JsonNode output = execution.output().orElseThrow();
    assertThat(output.at("/results/bucket").asText()).isEqualTo("results");
    String key = output.at("/results/key").asText();
    assertThat(key).matches("runs/r1/[0-9a-f-]{36}/manifest.json");
    JsonNode results = results(key, "SUCCEEDED");
    assertThat(results).hasSize(8);
    assertThat(json(results.get(0).get("Output").asText()).at("/tally/scanned").asInt())
        .isEqualTo(30);
    assertThat(json(results.get(0).get("Output").asText()).at("/timeline/spans"))
        .as("what each slice has added to the timeline that it was given")
        .isEqualTo(json("[0, 1, 2]"));
  }

  @Test
  void run_aSlice_isAskedForWithExactlyTheContractsFields() {
    migrate(request());

    JsonNode first = run.calls("Scan slice").get(0).get("Payload");
    JsonNode expected =
        json(
            """
            {"runId": "r1", "tableName": "Cities", "migration": "m1", "direction": "up",
             "mode": "apply", "guard": "read-set", "totalSegments": 8, "sliceSeconds": 240,
             "itemFailuresAllowed": 0, "parameters": {"a": 1}, "code": "abc", "attempt": 0,
             "retry": 0, "startedAt": "2026-11-20T00:00:00Z", "keys": ["id", "at"],
             "writeUnitsPerSecond": 250,
             "sharing": {"ledger": "godwit-ledger", "atOnce": 4, "parts": 8}}
            """);
    ((ObjectNode) expected)
        .<ObjectNode>setAll(
            Map.of("segment", first.get("segment"), "enteredAt", first.get("enteredAt")));
    assertThat(first).isEqualTo(expected);
    assertThat(Instant.parse(first.get("enteredAt").textValue()))
        .isAfterOrEqualTo(Instant.parse("2026-11-20T00:00:00Z"));
    JsonNode third =
        run.calls("Scan slice").stream()
            .map(call -> call.get("Payload"))
            .filter(call -> call.at("/cursor/page/N").asText().equals("2"))
            .findFirst()
            .orElseThrow();
    assertThat(third.at("/segmentTally/scanned").asInt()).isEqualTo(20);
  }

  @Test
  void run_optionalFields_areLeftOutOrPassedOn() {
    ObjectNode request = request();
    request.remove("writeUnitsPerSecond");
    request.put("stamp", "doneBy").put("readUnitsPerSecond", 300).put("totalSegments", 2);

    migrate(request);

    JsonNode slice = run.calls("Scan slice").get(0).get("Payload");
    assertThat(slice.has("writeUnitsPerSecond")).isFalse();
    assertThat(slice.get("readUnitsPerSecond").intValue()).isEqualTo(150);
    assertThat(slice.get("stamp").asText()).isEqualTo("doneBy");
  }

  @Test
  void run_partitionKeyOnly_keysIsStillAList() {
    run.task(
        "Describe the table",
        "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"BillingModeSummary\": {\"BillingMode\":"
            + " \"PAY_PER_REQUEST\"}, \"KeySchema\": [{\"AttributeName\": \"id\", \"KeyType\":"
            + " \"HASH\"}]}}");

    migrate(request());

    assertThat(run.calls("Scan slice").get(0).at("/Payload/keys")).isEqualTo(json("[\"id\"]"));
  }

  @Test
  void run_start_opensTheLedgerInOneTransaction() {
    migrate(request());

    JsonNode items = run.calls("Open the run").get(0).get("TransactItems");
    JsonNode lease = items.at("/0/Update");
    assertThat(lease.at("/Key/pk/S").asText()).isEqualTo("TABLE#Cities");
    assertThat(lease.at("/Key/sk/S").asText()).isEqualTo("LEASE");
    assertThat(lease.get("ConditionExpression").asText())
        .startsWith("(attribute_not_exists(executionArn)");
    assertThat(lease.at("/ExpressionAttributeValues/:next/N").asText()).isEqualTo("1");
    assertThat(items.at("/1/Put/Item/pk/S").asText()).isEqualTo("RUN#r1");
    assertThat(items.at("/1/Put/Item/fence/N").asText()).isEqualTo("1");
    assertThat(items.at("/1/Put/Item/redrives/N").asText()).isEqualTo("0");
    assertThat(items.at("/1/Put/Item/code/S").asText()).isEqualTo("abc");
    assertThat(items.at("/1/Put/Item/worker/S").asText()).isEqualTo("worker:run-r1");
    assertThat(json(items.at("/1/Put/Item/request/S").asText())).isEqualTo(request());
    assertThat(items.at("/1/Put/ConditionExpression").asText())
        .as("Step Functions forgets an execution's name after 90 days; the ledger does not")
        .isEqualTo(
            "attribute_not_exists(pk) OR (executionArn = :execution AND startedAt = :startedAt)");
    assertThat(items.at("/1/Put/ExpressionAttributeValues/:startedAt"))
        .isEqualTo(items.at("/1/Put/Item/startedAt"))
        .isEqualTo(json("{\"S\": \"2026-11-20T00:00:00Z\"}"));
  }

  @Test
  void run_thatUndoesAnother_marksThatBeforeItTakesBackAnything() {
    ObjectNode request = request();
    request.put("undo", "r0").put("code", "abc");

    assertThat(migrate(request).status()).isEqualTo(ExecutionStatus.SUCCEEDED);

    JsonNode mark = run.calls("Mark what is undone").get(0);
    assertThat(mark.at("/Key/pk/S").asText()).isEqualTo("RUN#r0");
    assertThat(mark.at("/ExpressionAttributeValues/:run/S").asText()).isEqualTo("r1");
    assertThat(run.entered)
        .containsSubsequence("Open the run", "Mark what is undone", "Scan slice");
    assertThat(run.calls("Wake the worker").get(0).at("/Payload/wake/undo").asText())
        .isEqualTo("r0");
    assertThat(run.calls("Scan slice").get(0).at("/Payload/undo").asText()).isEqualTo("r0");
  }

  /** A worker whose migration has something to do before the run, and something after it. */
  private static String wokenWith(String hooks) {
    return "{\"Payload\": {\"code\": \"abc\", \"hooks\": %s}, \"ExecutedVersion\": \"12\"}"
        .formatted(hooks);
  }

  @Test
  void run_migrationWithHooks_callsEachOnceAroundTheSegments() {
    run.task("Wake the worker", wokenWith("[\"before\", \"after\"]"))
        .task("Call what comes before", "{\"Payload\": {}}")
        .task("Call what comes after", "{\"Payload\": {}}");

    Execution execution = migrate(request());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.entered)
        .containsSubsequence(
            "Pin the worker",
            "Call what comes before",
            "Describe the table",
            "Scan slice",
            "Find deferred actions",
            "Call what comes after",
            "Done");
    JsonNode call = run.calls("Call what comes before").get(0);
    assertThat(call.get("FunctionName").asText()).isEqualTo("worker:run-r1");
    assertThat(call.get("Payload"))
        .isEqualTo(
            json(
                """
                {"hook": "before", "runId": "r1", "tableName": "Cities", "migration": "m1",
                 "code": "abc", "parameters": {"a": 1}, "startedAt": "%s"}
                """
                    .formatted(call.at("/Payload/startedAt").asText())));
    assertThat(run.calls("Call what comes after")).hasSize(1);
    assertThat(run.calls("Call what comes after").get(0).at("/Payload/hook").asText())
        .isEqualTo("after");
  }

  @Test
  void run_migrationWithOneHook_callsThatAlone() {
    run.task("Wake the worker", wokenWith("[\"after\"]"))
        .task("Call what comes after", "{\"Payload\": {}}");

    assertThat(migrate(request()).cause()).isEmpty();

    assertThat(run.entered)
        .contains("Call what comes after")
        .doesNotContain("Call what comes before");
  }

  @Test
  void run_hookBeforeThatFails_isTriedAgainAndReadsNothing() {
    run.task("Wake the worker", wokenWith("[\"before\", \"after\"]"))
        .failing("Call what comes before", "dev.godwit.worker.HookFailed", "no room");

    Execution execution = migrate(request());

    assertThat(execution.error()).contains("dev.godwit.worker.HookFailed");
    assertThat(run.calls("Call what comes before")).hasSize(4);
    assertThat(run.calls("Scan slice")).isEmpty();
    assertThat(run.calls("Call what comes after")).isEmpty();
  }

  @Test
  void run_thatUndoesOneOfWhichTheLedgerHasNoRecord_goesOn() {
    run.failing(
        "Mark what is undone", "DynamoDb.ConditionalCheckFailedException", "There is no such item");
    ObjectNode request = request();
    request.put("undo", "r0");

    assertThat(migrate(request).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Scan slice")).isNotEmpty();
  }

  @Test
  void run_tableThatWasTakenBefore_takesTheNextNumber() {
    run.task("Read the lease", "{\"Item\": {\"fence\": {\"N\": \"41\"}}}");

    migrate(request());

    JsonNode lease = run.calls("Open the run").get(0).at("/TransactItems/0/Update");
    assertThat(lease.at("/ExpressionAttributeValues/:seen/N").asText()).isEqualTo("41");
    assertThat(lease.at("/ExpressionAttributeValues/:next/N").asText()).isEqualTo("42");
  }

  /** The answer was lost, or the run was redriven while it opened. */
  @Test
  void run_tableThatIsItsOwnAlready_keepsItsNumber() {
    var reads = new AtomicInteger();
    var opened = new AtomicInteger();
    run.task(
            "Open the run",
            call -> {
              if (opened.incrementAndGet() == 1) {
                throw new TaskFailure(
                    "DynamoDb.TransactionCanceledException", "reasons [TransactionConflict, None]");
              }
              return json("{}");
            })
        .task(
            "Read the lease",
            call ->
                json(
                    reads.incrementAndGet() == 1
                        ? "{\"Item\": {\"fence\": {\"N\": \"41\"}}}"
                        : "{\"Item\": {\"fence\": {\"N\": \"42\"}, \"runId\": {\"S\": \"r1\"},"
                            + " \"since\": {\"S\": \"\"}, \"executionArn\": {\"S\":"
                            + " \"arn:aws:states:local:000000000000:execution:migrate-table:r1:1\"}}}"));

    Execution execution = migrate(request());

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(
            run.calls("Open the run")
                .get(1)
                .at("/TransactItems/0/Update/ExpressionAttributeValues/:next/N")
                .asText())
        .isEqualTo("42");
  }

  @Test
  void run_leaseHeldByAnother_failsAtOnceAndNamesTheHolder() {
    run.task(
        "Read the lease",
        "{\"Item\": {\"runId\": {\"S\": \"r0\"}, \"executionArn\": {\"S\": \"arn:other\"},"
            + " \"fence\": {\"N\": \"3\"}, \"since\": {\"S\": \"2026-11-19T00:00:00Z\"}}}");

    Execution execution = migrate(request());

    assertThat(execution.error()).contains("Godwit.TableIsTaken");
    assertThat(execution.cause().orElseThrow())
        .contains("Cities", "r0", "arn:other", "2026-11-19T00:00:00Z");
    assertThat(run.entered)
        .containsExactly(
            "Wake the worker", "Does it write?", "Read the lease", "Free?", "Table is taken");
    assertThat(run.calls("Open the run")).isEmpty();
  }

  @Test
  void run_leaseTakenByAnotherJustNow_looksAgainAndNamesTheHolder() {
    run.failing(
            "Open the run",
            "DynamoDb.TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons"
                + " [ConditionalCheckFailed, None]")
        .task(
            "Read the lease",
            call ->
                json(
                    run.calls("Open the run").isEmpty()
                        ? "{}"
                        : "{\"Item\": {\"runId\": {\"S\": \"r0\"}, \"executionArn\": {\"S\":"
                            + " \"arn:other\"}, \"fence\": {\"N\": \"1\"}, \"since\": {\"S\":"
                            + " \"2026-11-19T00:00:00Z\"}}}"));

    Execution execution = migrate(request());

    assertThat(execution.error()).contains("Godwit.TableIsTaken");
    assertThat(execution.cause().orElseThrow()).contains("r0");
    assertThat(run.calls("Open the run")).hasSize(1);
  }

  @Test
  void run_runIdUsedBefore_saysSo() {
    run.failing(
        "Open the run",
        "DynamoDb.TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
            + " [None, ConditionalCheckFailed]");

    assertThat(migrate(request()).error()).contains("Godwit.RunIsTaken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dry-run", "verify"})
  void run_thatOnlyReads_takesNoTableAndWritesNothing(String mode) throws IOException {
    ObjectNode request = prewarmed(100, 100);
    request.put("mode", mode);
    run.objects.write(
        "results", "runs/r1/deferred/segment-00002/00000.jsonl", out -> out.write('{'));

    Execution execution = migrate(request);

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Scan slice")).hasSize(24);
    assertThat(run.called()).containsOnly("Wake the worker", "Describe the table", "Scan slice");
    assertThat(run.calls("Scan slice").get(0).at("/Payload").has("sharing"))
        .as("it has no rate document, and keeps its share")
        .isFalse();
    assertThat(run.calls("Scan slice").get(0).get("FunctionName").asText())
        .as("the version that answered")
        .isEqualTo("worker:12");
  }

  @Test
  void run_start_pinsTheVersionThatWasWokenForAllItsSlices() throws IOException {
    run.objects.write(
        "results", "runs/r1/deferred/segment-00002/00000.jsonl", out -> out.write('{'));

    migrate(request());

    assertThat(run.calls("Wake the worker").get(0))
        .isEqualTo(
            json(
                """
                {"FunctionName": "worker:live", "Payload": {"wake": {"runId": "r1",
                  "tableName": "Cities", "migration": "m1", "direction": "up", "mode": "apply",
                  "guard": "read-set"}}}
                """));
    JsonNode pin = run.calls("Pin the worker").get(0);
    assertThat(pin.get("FunctionName").asText()).isEqualTo("worker");
    assertThat(pin.get("Name").asText()).isEqualTo("run-r1");
    assertThat(pin.get("FunctionVersion").asText()).isEqualTo("12");
    for (String calls : new String[] {"Scan slice", "Apply actions"}) {
      assertThat(run.calls(calls))
          .allSatisfy(
              call -> {
                assertThat(call.get("FunctionName").asText()).isEqualTo("worker:run-r1");
                assertThat(call.at("/Payload/code").asText()).isEqualTo("abc");
              });
    }
  }

  @Test
  void run_withATarget_tellsTheWorkerWhenItWakesAndWithEachSlice() {
    ObjectNode request = request();
    request.putObject("target").put("tableName", "Cities-2").put("put", "always");

    migrate(request);

    assertThat(run.calls("Wake the worker").get(0).at("/Payload/wake/target"))
        .isEqualTo(request.get("target"));
    assertThat(run.calls("Scan slice"))
        .isNotEmpty()
        .allSatisfy(
            call -> assertThat(call.at("/Payload/target")).isEqualTo(request.get("target")));
  }

  @Test
  void run_withASource_tellsTheWorkerAndGivesEachSliceWhatTheWorkerHasFound() {
    ObjectNode request = request();
    request.putObject("source").put("kind", "file").put("location", "s3://b/items.jsonl");
    ObjectNode found = request.withObject("/source").deepCopy().put("seen", "5f0c");
    ObjectNode woken = Json.MAPPER.createObjectNode().put("ExecutedVersion", "12");
    woken.putObject("Payload").put("code", "abc").set("source", found);
    run.task("Wake the worker", woken.toString());

    migrate(request);

    assertThat(run.calls("Wake the worker").get(0).at("/Payload/wake/source"))
        .isEqualTo(request.get("source"));
    assertThat(run.calls("Scan slice"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.at("/Payload/source")).isEqualTo(found));
  }

  @Test
  void run_whoseWorkerHasFoundNothing_givesSlicesNoSource() {
    ObjectNode request = request();
    request.putObject("source").put("kind", "scan");

    migrate(request);

    assertThat(run.calls("Scan slice"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.get("Payload").has("source")).isFalse());
  }

  @Test
  void run_whatTheWorkerRefusesBeforehand_beginsNothing() {
    ObjectNode request = request();
    request.putObject("target").put("tableName", "Nowhere");
    run.failing("Wake the worker", "dev.godwit.worker.TableRefused", "no such table");

    Execution execution = migrate(request);

    assertThat(execution.error()).contains("dev.godwit.worker.TableRefused");
    assertThat(run.calls("Wake the worker")).hasSize(1);
    assertThat(run.calls("Open the run")).as("nothing was begun").isEmpty();
  }

  @Test
  void run_callerThatExpectsCode_hasTheWorkerCompare() {
    ObjectNode request = request();
    request.put("code", "expected");
    run.failing("Wake the worker", "dev.godwit.worker.TransformChanged", "other code");

    Execution execution = migrate(request);

    assertThat(execution.error()).contains("dev.godwit.worker.TransformChanged");
    assertThat(run.calls("Wake the worker")).hasSize(1);
    assertThat(run.calls("Wake the worker").get(0).at("/Payload/wake/code").asText())
        .isEqualTo("expected");
    assertThat(run.calls("Open the run")).as("nothing was begun").isEmpty();
  }

  @Test
  void run_pinnedBefore_goesOn() {
    run.failing("Pin the worker", "Lambda.ResourceConflictException", "Alias already exists");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Scan slice").get(0).get("FunctionName").asText())
        .isEqualTo("worker:run-r1");
  }

  @Test
  void run_itemsFailedInSegmentsThatFinish_areNotedOncePerSegment() {
    run.task(
        "Scan slice",
        call -> {
          ObjectNode answer = (ObjectNode) slice(call);
          ObjectNode tally = (ObjectNode) answer.at("/Payload/segmentTally");
          tally.put("failed", call.arguments().at("/Payload/segment").asInt() < 3 ? 2 : 0);
          return answer;
        });

    Execution execution = migrate(request());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Note failures")).hasSize(3);
    JsonNode note = run.calls("Note failures").get(0);
    assertThat(note.get("UpdateExpression").asText()).isEqualTo("ADD itemsFailed :failed");
    assertThat(note.at("/ExpressionAttributeValues/:failed/N").asText()).isEqualTo("2");
  }

  @Test
  void run_failuresCannotBeNoted_failsTheSegmentRatherThanForgetThem() {
    run.task(
            "Scan slice",
            call -> {
              ObjectNode answer = (ObjectNode) slice(call);
              ((ObjectNode) answer.at("/Payload/segmentTally")).put("failed", 1);
              return answer;
            })
        .failing("Note failures", "DynamoDb.SdkClientException", "no answer");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void run_finishedSegments_areNotedAsASetAndCountedByItsSize() {
    ObjectNode request = request();
    request.put("totalSegments", 66);
    run.task(
        "Note the segment",
        call ->
            json(
                call.arguments().at("/Key/sk/S").asText().equals("SCANNED#1")
                    ? "{\"Attributes\": {\"segments\": {\"NS\": [\"1\", \"65\"]}}}"
                    : "{\"Attributes\": {\"segments\": {\"NS\": [\"7\"]}}}"));

    assertThat(migrate(request).cause()).isEmpty();

    assertThat(run.calls("Note the segment")).hasSize(66);
    JsonNode noted =
        run.calls("Note the segment").stream()
            .filter(
                call -> call.at("/ExpressionAttributeValues/:segment/NS/0").asText().equals("65"))
            .findFirst()
            .orElseThrow();
    assertThat(noted)
        .isEqualTo(
            json(
                """
                {"TableName": "godwit-ledger", "Key": {"pk": {"S": "RUN#r1"}, "sk": {"S": "SCANNED#1"}},
                 "UpdateExpression": "ADD #segments :segment",
                 "ExpressionAttributeNames": {"#segments": "segments"},
                 "ExpressionAttributeValues": {":segment": {"NS": ["65"]}}, "ReturnValues": "UPDATED_NEW"}
                """));
    assertThat(run.calls("Count the segments"))
        .contains(
            json(
                """
                {"TableName": "godwit-ledger", "Key": {"pk": {"S": "RUN#r1"}, "sk": {"S": "RATE"}},
                 "UpdateExpression": "SET #group = :finished",
                 "ConditionExpression": "attribute_not_exists(#group) OR #group < :finished",
                 "ExpressionAttributeNames": {"#group": "scanned-1"},
                 "ExpressionAttributeValues": {":finished": {"N": "2"}}}
                """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Note the segment", "Count the segments"})
  void run_finishedSegmentThatCannotBeCounted_isFinishedAllTheSame(String state) {
    run.failing(state, "DynamoDb.SdkClientException", "no answer");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  /** A worker that answers so many times that the run is paused, without having done anything. */
  private static TaskPort paused(int times) {
    var left = new AtomicInteger(times);
    return call -> {
      ObjectNode answer = (ObjectNode) slice(call);
      ObjectNode payload = (ObjectNode) answer.get("Payload");
      if (left.getAndDecrement() > 0) {
        payload.put("paused", true).putObject("cursor").putObject("page").put("N", "0");
      }
      return answer;
    };
  }

  @Test
  void run_paused_waitsWithoutTheWorkerUntilTheLedgerSaysOtherwise() {
    ObjectNode request = request();
    request.put("totalSegments", 1);
    var looks = new AtomicInteger();
    run.task("Scan slice", paused(1))
        .task(
            "Read the rate",
            call ->
                json(
                    "{\"Item\": {\"paused\": {\"BOOL\": "
                        + (looks.incrementAndGet() < 100)
                        + "}}}"));

    Execution execution = migrate(request);

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Scan slice")).hasSize(4);
    assertThat(run.calls("Read the rate")).hasSize(100);
    assertThat(run.calls("Read the rate").get(0))
        .isEqualTo(
            json(
                """
                {"TableName": "godwit-ledger", "Key": {"pk": {"S": "RUN#r1"}, "sk": {"S": "RATE"}},
                 "ConsistentRead": true}
                """));
    assertThat(run.calls("Count paused slice")).hasSize(1);
    assertThat(
            Duration.between(
                Instant.parse(run.calls("Scan slice").get(0).at("/Payload/enteredAt").asText()),
                Instant.parse(run.calls("Scan slice").get(1).at("/Payload/enteredAt").asText())))
        .as("30 s each for five minutes, and then ever longer, an hour at most")
        .isBetween(Duration.ofDays(2), Duration.ofDays(4));
    assertThat(run.calls("Scan slice").get(1).at("/Payload/cursor/page/N").asText()).isEqualTo("0");
  }

  @Test
  void run_pausedWithoutADocument_goesOn() {
    run.task("Scan slice", paused(8)).task("Read the rate", "{}");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Read the rate")).hasSize(8);
  }

  @Test
  void run_pausedAndTheLedgerDoesNotAnswer_failsNoSegment() {
    var looks = new AtomicInteger();
    run.task("Scan slice", paused(1))
        .task(
            "Read the rate",
            call -> {
              if (looks.incrementAndGet() < 50) {
                throw new TaskFailure("DynamoDb.SdkClientException", "no answer");
              }
              return json("{}");
            })
        .failing("Count paused slice", "DynamoDb.SdkClientException", "no answer");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void run_pausedWhileActionsAreCarriedOut_waitsToo() throws IOException {
    run.objects.write(
        "results", "runs/r1/deferred/segment-00002/00000.jsonl", out -> out.write('{'));
    var looks = new AtomicInteger();
    run.task("Apply actions", paused(1))
        .task(
            "Read the rate again",
            call -> {
              if (looks.incrementAndGet() < 12) {
                throw new TaskFailure("DynamoDb.SdkClientException", "no answer");
              }
              return json("{\"Item\": {\"paused\": {\"BOOL\": " + (looks.get() < 15) + "}}}");
            });

    assertThat(migrate(request()).cause()).isEmpty();

    assertThat(run.calls("Apply actions")).hasSize(2);
    assertThat(run.calls("Count actions")).hasSize(2);
    assertThat(looks).hasValue(15);
    assertThat(run.calls("Apply actions").get(0).at("/Payload/sharing"))
        .as("the budget is shared among the segments that have any")
        .isEqualTo(json("{\"ledger\": \"godwit-ledger\", \"atOnce\": 4, \"parts\": 1}"));
    assertThat(run.calls("Note the actions").get(0).at("/Key/sk/S").asText())
        .isEqualTo("ACTIONS#2");
    assertThat(
            run.calls("Count the actions' segments")
                .get(0)
                .at("/ExpressionAttributeNames/#group")
                .asText())
        .isEqualTo("actions-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Note the actions", "Count the actions' segments"})
  void run_actionsThatCannotBeCounted_areDoneAllTheSame(String state) throws IOException {
    run.objects.write(
        "results", "runs/r1/deferred/segment-00002/00000.jsonl", out -> out.write('{'));
    run.failing(state, "DynamoDb.SdkClientException", "no answer");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void run_deferredFileOfSeveralSlices_feedsItsCursorBack() throws IOException {
    run.objects.write(
        "results", "runs/r1/deferred/segment-00002/00000.jsonl", out -> out.write('{'));
    run.task(
        "Apply actions",
        call -> {
          ObjectNode answer = (ObjectNode) slice(call);
          if (!call.arguments().at("/Payload").has("cursor")) {
            ((ObjectNode) answer.get("Payload"))
                .putObject("cursor")
                .putObject("line")
                .put("N", "7");
          }
          return answer;
        });

    Execution execution = migrate(request());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Apply actions")).hasSize(2);
    assertThat(run.calls("Apply actions").get(1).at("/Payload/cursor/line/N").asText())
        .isEqualTo("7");
    assertThat(run.calls("Count actions")).hasSize(2);
  }

  @Test
  void run_transactionInConflictWithAnother_triesAgainUntilOneOfThemHasIt() {
    var tries = new AtomicInteger();
    run.task(
            "Open the run",
            call -> {
              if (tries.incrementAndGet() < 3) {
                throw new TaskFailure(
                    "DynamoDb.TransactionCanceledException",
                    "Transaction cancelled, please refer cancellation reasons for specific"
                        + " reasons [TransactionConflict, None]");
              }
              return json("{}");
            })
        .task("Read the lease", "{}");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Open the run")).hasSize(3);
  }

  @Test
  void prewarm_provisionedTableWithIndexes_raisesOnlyWhatIsLowerAndRemembersItBefore() {
    run.task(
            "Describe the table",
            """
            {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
              "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 9000},
              "GlobalSecondaryIndexes": [
                {"IndexName": "low", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}},
                {"IndexName": "high", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 12000, "WriteCapacityUnits": 4000}}]}}
            """)
        .task(
            "Find auto scaling",
            """
            {"ScalableTargets": [{"ResourceId": "table/Cities", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
              "SuspendedState": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": true, "ScheduledScalingSuspended": false}}]}
            """);

    Execution execution = migrate(prewarmed(12000, 4000));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.entered)
        .containsSubsequence(
            "Find auto scaling",
            "Remember capacity",
            "Suspend auto scaling",
            "Suspend one target",
            "Raise capacity",
            "Wait for the table",
            "Describe the table",
            "Prewarm?",
            "Migrate segments");
    assertThat(run.calls("Raise capacity").get(0))
        .isEqualTo(
            json(
                """
                {"TableName": "Cities",
                 "ProvisionedThroughput": {"ReadCapacityUnits": 12000, "WriteCapacityUnits": 9000},
                 "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "low",
                   "ProvisionedThroughput": {"ReadCapacityUnits": 12000, "WriteCapacityUnits": 4000}}}]}
                """));
    JsonNode remembered = run.calls("Remember capacity").get(0);
    assertThat(json(remembered.at("/ExpressionAttributeValues/:capacity/S").asText()))
        .isEqualTo(
            json(
                """
                {"table": {"readUnits": 5, "writeUnits": 9000},
                 "indexes": [{"name": "low", "readUnits": 1, "writeUnits": 2},
                   {"name": "high", "readUnits": 12000, "writeUnits": 4000}],
                 "scaling": [{"resourceId": "table/Cities", "dimension": "dynamodb:table:ReadCapacityUnits",
                   "suspended": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": true, "ScheduledScalingSuspended": false}}],
                 "raisedTo": [{"readUnits": 12000, "writeUnits": 4000}]}
                """));
    assertThat(remembered.get("ConditionExpression").asText())
        .isEqualTo("executionArn = :execution AND #status = :running");
    assertThat(run.calls("Suspend one target")).hasSize(1);
    assertThat(run.calls("Find auto scaling").get(0).get("ResourceIds"))
        .isEqualTo(
            json("[\"table/Cities\", \"table/Cities/index/low\", \"table/Cities/index/high\"]"));
  }

  @Test
  void prewarm_onlyAnIndexIsLower_leavesTheTableOutOfTheCall() {
    run.task(
        "Describe the table",
        """
        {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
          "ProvisionedThroughput": {"ReadCapacityUnits": 500, "WriteCapacityUnits": 500},
          "GlobalSecondaryIndexes": [{"IndexName": "low", "IndexStatus": "ACTIVE",
            "ProvisionedThroughput": {"ReadCapacityUnits": 400, "WriteCapacityUnits": 2}}]}}
        """);

    migrate(prewarmed(100, 100));

    assertThat(run.calls("Raise capacity").get(0))
        .isEqualTo(
            json(
                """
                {"TableName": "Cities", "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "low",
                   "ProvisionedThroughput": {"ReadCapacityUnits": 400, "WriteCapacityUnits": 100}}}]}
                """));
  }

  @Test
  void prewarm_alreadyHighEnough_callsNothing() {
    run.task("Describe the table", table("ACTIVE", 100, 100));

    Execution execution = migrate(prewarmed(100, 100));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Raise capacity")).isEmpty();
    assertThat(run.calls("Remember capacity")).isEmpty();
  }

  @Test
  void prewarm_tableUpdating_waitsUntilItIsActive() {
    var looks = new AtomicInteger();
    run.task(
        "Describe the table",
        call -> json(table(looks.incrementAndGet() < 4 ? "UPDATING" : "ACTIVE", 5, 5)));

    migrate(prewarmed(100, 100));

    assertThat(run.calls("Describe the table")).hasSize(5);
    assertThat(run.calls("Raise capacity")).hasSize(1);
  }

  @Test
  void prewarm_stillUpdatingAfterTheRaise_waitsBeforeItMigrates() {
    var looks = new AtomicInteger();
    run.task(
        "Describe the table",
        call ->
            json(
                switch (looks.incrementAndGet()) {
                  case 1 -> table("ACTIVE", 5, 5);
                  case 2, 3 -> table("UPDATING", 5, 5);
                  default -> table("ACTIVE", 100, 100);
                }));

    migrate(prewarmed(100, 100));

    assertThat(run.calls("Describe the table")).hasSize(4);
    assertThat(run.calls("Raise capacity")).hasSize(1);
  }

  /** A table whose capacity is raised by the first request; its answer is lost. */
  private AtomicInteger raisedUnheard(String before, String after, UpdateTableRefusal refusal) {
    var asked = new AtomicInteger();
    var looks = new AtomicInteger();
    run.task(
            "Raise capacity",
            call -> {
              if (asked.incrementAndGet() == 1) {
                throw new TaskFailure("DynamoDb.SdkClientException", "Read timed out");
              }
              throw refusal.failure();
            })
        .task(
            "Describe the table",
            call ->
                json(
                    asked.get() == 0
                        ? before
                        : looks.incrementAndGet() < 3
                            ? before.replace("ACTIVE", "UPDATING")
                            : after));
    return asked;
  }

  @ParameterizedTest
  @EnumSource
  void prewarm_answerLostAndAskedAgain_waitsForTheTableAndGoesOn(UpdateTableRefusal refusal) {
    var asked = raisedUnheard(table("ACTIVE", 5, 5), table("ACTIVE", 100, 100), refusal);

    Execution execution = migrate(prewarmed(100, 100));

    assertThat(execution.cause()).isEmpty();
    assertThat(asked).hasValue(2);
    assertThat(run.calls("Describe the table")).hasSize(4);
    assertThat(run.calls("Raise capacity again")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void prewarm_onDemandAnswerLostAndAskedAgain_waitsForTheTableAndGoesOn(
      UpdateTableRefusal refusal) {
    raisedUnheard(COLD, COLD.replace("12000", "20000").replace("4000", "8000"), refusal);

    Execution execution = migrate(prewarmed(20000, 8000));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Raise capacity again")).isEmpty();
  }

  /** "Will not change", say, and the table is as low as before: that is no success. */
  @ParameterizedTest
  @EnumSource(names = {"WILL_NOT_CHANGE", "WILL_NOT_CHANGE_LOCALLY"})
  void prewarm_refusedWhileTheTableIsAsLowAsBefore_failsWithWhatDynamoDbSaid(
      UpdateTableRefusal refusal) {
    run.task("Raise capacity", refusal.answer()).task("Raise capacity again", refusal.answer());

    Execution execution = migrate(prewarmed(100, 100));

    assertThat(execution.error()).contains(refusal.error());
    assertThat(execution.cause().orElseThrow()).contains("will not change");
    assertThat(run.calls("Scan slice")).isEmpty();
  }

  @Test
  void prewarm_anotherChangesTheTableMeanwhile_raisesWhatIsThereThenAndLowersNothing() {
    var looks = new AtomicInteger();
    run.task("Raise capacity", UpdateTableRefusal.TABLE_IS_UPDATED.answer())
        .task(
            "Describe the table",
            call ->
                json(
                    switch (looks.incrementAndGet()) {
                      case 1 -> table("ACTIVE", 5, 5);
                      case 2 -> table("UPDATING", 5, 5);
                      default -> table("ACTIVE", 300, 5);
                    }));

    Execution execution = migrate(prewarmed(100, 100));

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Raise capacity again"))
        .containsExactly(
            json(
                """
                {"TableName": "Cities",
                 "ProvisionedThroughput": {"ReadCapacityUnits": 300, "WriteCapacityUnits": 100}}
                """));
  }

  @Test
  void prewarm_onDemand_warmsTheTableAndItsIndexesAndNeverBelowWhatIsThere() {
    run.task(
        "Describe the table",
        """
        {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
          "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
          "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
          "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"},
          "GlobalSecondaryIndexes": [{"IndexName": "byCountry", "IndexStatus": "ACTIVE",
            "WarmThroughput": {"ReadUnitsPerSecond": 30000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}}]}}
        """);

    migrate(prewarmed(20000, 8000));

    assertThat(run.calls("Raise capacity").get(0))
        .isEqualTo(
            json(
                """
                {"TableName": "Cities",
                 "WarmThroughput": {"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 8000},
                 "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "byCountry",
                   "WarmThroughput": {"ReadUnitsPerSecond": 30000, "WriteUnitsPerSecond": 8000}}}]}
                """));
    assertThat(run.calls("Remember capacity")).isEmpty();
  }

  @Test
  void prewarm_onDemandWithoutWarmThroughput_asOnDynamoDbLocal_isLeftAlone() {
    run.task(
        "Describe the table",
        "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"BillingModeSummary\": {\"BillingMode\":"
            + " \"PAY_PER_REQUEST\"}, "
            + KEYS
            + "}}");

    Execution execution = migrate(prewarmed(100, 100));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Raise capacity")).isEmpty();
  }

  private static final String TARGET =
      """
      {"ScalableTargets": [{"ResourceId": "table/Cities", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "SuspendedState": {"DynamicScalingInSuspended": %s, "DynamicScalingOutSuspended": %s, "ScheduledScalingSuspended": %s}}]}
      """;

  private static String target(boolean suspended) {
    return TARGET.formatted(suspended, suspended, suspended);
  }

  private JsonNode remembered() {
    var all = run.calls("Remember capacity");
    return json(all.get(all.size() - 1).at("/ExpressionAttributeValues/:capacity/S").asText());
  }

  /**
   * What was raised was put back when the run had ended, and others may have set more since: what
   * the run saw before is no longer so.
   */
  @ParameterizedTest
  @ValueSource(strings = {"Remember capacity", "Suspend one target", "Raise capacity"})
  void prewarm_redrivenInTheMiddle_looksAtTheTableAgainAndNeverLowersIt(String failing) {
    run.task("Find auto scaling", target(false))
        .failing(failing, "DynamoDb.LimitExceededException", "not now");
    assertThat(migrate(prewarmed(100, 100)).status()).isEqualTo(ExecutionStatus.FAILED);
    int before = run.calls("Raise capacity").size();
    run.task(failing, "{}").task("Describe the table", table("ACTIVE", 300, 50));

    Execution redriven = run.redrive("r1");

    assertThat(redriven.cause()).isEmpty();
    assertThat(run.calls("Raise capacity").subList(before, run.calls("Raise capacity").size()))
        .containsExactly(
            json(
                """
                {"TableName": "Cities",
                 "ProvisionedThroughput": {"ReadCapacityUnits": 300, "WriteCapacityUnits": 100}}
                """));
    assertThat(remembered().get("table"))
        .isEqualTo(json("{\"readUnits\": 300, \"writeUnits\": 50}"));
  }

  @Test
  void prewarm_redrivenWhenItWasRaised_raisesAgainWhatWasPutBackSince() {
    var looks = new AtomicInteger();
    run.task(
        "Describe the table",
        call -> {
          if (looks.incrementAndGet() == 1) {
            return json(table("ACTIVE", 5, 5));
          }
          throw new TaskFailure("DynamoDb.ResourceNotFoundException", "not now");
        });
    assertThat(migrate(prewarmed(100, 100)).status()).isEqualTo(ExecutionStatus.FAILED);
    run.task("Describe the table", table("ACTIVE", 20, 5));

    assertThat(run.redrive("r1").cause()).isEmpty();

    assertThat(run.calls("Raise capacity")).hasSize(2);
    assertThat(remembered().get("table")).isEqualTo(json("{\"readUnits\": 20, \"writeUnits\": 5}"));
  }

  @Test
  void prewarm_onDemandRedrivenInTheMiddle_looksAtTheTableAgain() {
    run.task("Describe the table", COLD)
        .failing("Raise capacity", "DynamoDb.LimitExceededException", "not now");
    assertThat(migrate(prewarmed(20000, 8000)).status()).isEqualTo(ExecutionStatus.FAILED);
    run.task("Describe the table", COLD.replace("12000", "40000")).task("Raise capacity", "{}");

    assertThat(run.redrive("r1").cause()).isEmpty();

    assertThat(run.calls("Raise capacity").get(1).get("WarmThroughput"))
        .isEqualTo(json("{\"ReadUnitsPerSecond\": 40000, \"WriteUnitsPerSecond\": 8000}"));
  }

  /** Read units stand where this run has put them; write units were set by somebody since. */
  @Test
  void prewarm_redrivenWithWhatItRaisedStillRaised_remembersWhatWasThereBeforeTheFirstRaise() {
    run.task("Find auto scaling", target(false))
        .failing("Raise capacity", "DynamoDb.LimitExceededException", "not now");
    assertThat(migrate(prewarmed(100, 100)).status()).isEqualTo(ExecutionStatus.FAILED);
    run.task("Raise capacity", "{}")
        .task("Find auto scaling", target(true))
        .task("Describe the table", table("ACTIVE", 100, 50));

    assertThat(run.redrive("r1").cause()).isEmpty();

    assertThat(remembered())
        .isEqualTo(
            json(
                """
                {"table": {"readUnits": 5, "writeUnits": 50}, "indexes": [],
                 "scaling": [{"resourceId": "table/Cities", "dimension": "dynamodb:table:ReadCapacityUnits",
                   "suspended": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}],
                 "raisedTo": [{"readUnits": 100, "writeUnits": 100}]}
                """));
  }

  /** A run before could not put the table's capacity back: this one will. */
  @Test
  void prewarm_tableThatAnotherRunLeftRaised_remembersWhatWasThereBeforeThatRaise() {
    ObjectNode lease = Json.MAPPER.createObjectNode();
    ObjectNode item = lease.putObject("Item");
    item.putObject("fence").put("N", "3");
    item.putObject("capacityOwed")
        .put(
            "S",
            """
            {"runId": "r0", "table": {"readUnits": 5, "writeUnits": 5},
             "indexes": [{"name": "byCountry", "readUnits": 1, "writeUnits": 2}],
             "scaling": [{"resourceId": "table/Cities", "dimension": "dynamodb:table:ReadCapacityUnits",
               "suspended": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}],
             "raisedTo": [{"readUnits": 100, "writeUnits": 100}]}
            """);
    run.task("Read the lease", lease.toString())
        .task("Find auto scaling", target(true))
        .task(
            "Describe the table",
            """
            {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
              "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 100},
              "GlobalSecondaryIndexes": [
                {"IndexName": "byCountry", "IndexStatus": "ACTIVE",
                  "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 7}},
                {"IndexName": "new", "IndexStatus": "ACTIVE",
                  "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 3}}]}}
            """);

    assertThat(migrate(prewarmed(200, 50)).cause()).isEmpty();

    assertThat(remembered())
        .isEqualTo(
            json(
                """
                {"table": {"readUnits": 5, "writeUnits": 5},
                 "indexes": [{"name": "byCountry", "readUnits": 1, "writeUnits": 7},
                   {"name": "new", "readUnits": 100, "writeUnits": 3}],
                 "scaling": [{"resourceId": "table/Cities", "dimension": "dynamodb:table:ReadCapacityUnits",
                   "suspended": {"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}],
                 "raisedTo": [{"readUnits": 100, "writeUnits": 100}, {"readUnits": 200, "writeUnits": 50}]}
                """));
  }

  @Test
  void run_counting_addsEveryNumberOfTheTally() {
    migrate(request());

    assertThat(run.calls("Count slice")).hasSize(16);
    assertThat(run.calls("Count last slice")).hasSize(8);
    JsonNode count = run.calls("Count slice").get(0);
    assertThat(run.calls("Count last slice").get(0)).isEqualTo(count);
    assertThat(count.get("ConditionExpression").asText())
        .as("no half of a record where there is none")
        .isEqualTo("attribute_exists(pk)");
    assertThat(count.at("/Key/pk/S").asText()).isEqualTo("RUN#r1");
    assertThat(count.get("UpdateExpression").asText())
        .isEqualTo("ADD #slices :slices, #scanned :scanned, #writeUnits :writeUnits");
    assertThat(count.get("ExpressionAttributeValues"))
        .isEqualTo(
            json(
                """
                {":slices": {"N": "1"}, ":scanned": {"N": "10"}, ":writeUnits": {"N": "2.5"}}
                """));
    assertThat(count.get("ExpressionAttributeNames"))
        .isEqualTo(
            json(
                """
                {"#slices": "slices", "#scanned": "scanned", "#writeUnits": "writeUnits"}
                """));
  }

  @Test
  void run_countersOutOfReach_doesNotFailTheSegments() {
    run.failing("Count slice", "DynamoDb.SdkClientException", "no answer")
        .failing("Count last slice", "DynamoDb.ConditionalCheckFailedException", "no record");

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  /** The history is decided by it: counted twice is still partial, missed would be applied. */
  @Test
  void run_failuresThatCannotBeNoted_failTheSegmentAndARedriveNotesThemWithoutAScan() {
    run.task(
            "Scan slice",
            call -> {
              ObjectNode answer = (ObjectNode) slice(call);
              ((ObjectNode) answer.at("/Payload/segmentTally")).put("failed", 2);
              return answer;
            })
        .failing("Note failures", "DynamoDb.SdkClientException", "no answer");
    ObjectNode request = request();
    request.put("totalSegments", 1);
    assertThat(migrate(request).error()).contains("States.ExceedToleratedFailureThreshold");
    int scans = run.calls("Scan slice").size();
    int notes = run.calls("Note failures").size();
    run.task("Note failures", "{}");

    assertThat(run.redrive("r1").cause()).isEmpty();

    assertThat(run.calls("Scan slice")).hasSize(scans);
    assertThat(notes).as("tried again, whether or not it was carried out").isEqualTo(7);
    assertThat(run.calls("Note failures")).hasSize(notes + 1);
    assertThat(run.calls("Note failures").get(notes).at("/ExpressionAttributeValues/:failed/N"))
        .isEqualTo(json("\"2\""));
  }

  @Test
  void run_aSegmentFailing_failsTheRunAndIsNotTriedAgain() {
    run.failing("Scan slice", "dev.godwit.worker.ItemFailuresExceeded", "3 items failed");

    Execution execution = migrate(request());

    assertThat(execution.error()).contains("States.ExceedToleratedFailureThreshold");
    assertThat(run.calls("Scan slice").size()).isLessThanOrEqualTo(4);
  }

  @Test
  void run_lambdaThrottled_triesAgainWithJitter() {
    var tries = new AtomicInteger();
    run.task(
        "Scan slice",
        call -> {
          if (tries.incrementAndGet() <= 5) {
            throw new TaskFailure("Lambda.TooManyRequestsException", "Rate Exceeded.");
          }
          return slice(call);
        });

    assertThat(migrate(request()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void run_toleratedFailures_goesOn() {
    ObjectNode request = request();
    request.put("toleratedFailurePercentage", 50);
    run.task(
        "Scan slice",
        call -> {
          if (call.arguments().at("/Payload/segment").asInt() < 4) {
            throw new TaskFailure("dev.godwit.worker.ItemFailuresExceeded", "");
          }
          return slice(call);
        });

    assertThat(migrate(request).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void run_deferredActionsThatFail_areNotedForTheHistory() throws IOException {
    run.objects.write(
        "results", "runs/r1/deferred/segment-00002/00000.jsonl", out -> out.write('{'));
    run.task(
        "Apply actions",
        call -> {
          ObjectNode answer = (ObjectNode) slice(call);
          ((ObjectNode) answer.at("/Payload/segmentTally")).put("failed", 3);
          return answer;
        });

    Execution execution = migrate(request());

    assertThat(execution.cause()).isEmpty();
    assertThat(
            run.calls("Note failed actions")
                .get(0)
                .at("/ExpressionAttributeValues/:failed/N")
                .asText())
        .isEqualTo("3");
  }

  @Test
  void run_deferredFiles_areAppliedAfterTheScan() throws IOException {
    for (int i : new int[] {2, 5}) {
      run.objects.write(
          "results",
          "runs/r1/deferred/segment-0000%d/00000.jsonl".formatted(i),
          out -> out.write("{}".getBytes(StandardCharsets.UTF_8)));
    }

    Execution execution = migrate(request());

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Apply actions")).hasSize(2);
    JsonNode request = run.calls("Apply actions").get(1).get("Payload");
    assertThat(request.get("segment").intValue()).isEqualTo(5);
    assertThat(request.get("deferred"))
        .isEqualTo(
            json(
                """
                {"key": "runs/r1/deferred/segment-00005/00000.jsonl"}
                """));
    assertThat(run.entered.indexOf("Apply actions"))
        .isGreaterThan(run.entered.lastIndexOf("Segment done"));
  }

  /** Each has a share of the budget that was cut for as many as scan at once. */
  @Test
  void run_fewerSegmentsThanConcurrency_appliesNoMoreFilesAtOnceThanSegments() throws IOException {
    for (int i = 0; i < 5; i++) {
      run.objects.write(
          "results",
          "runs/r1/deferred/segment-00001/0000%d.jsonl".formatted(i),
          out -> out.write('{'));
    }
    ObjectNode request = request();
    request.put("totalSegments", 2);

    Execution execution = migrate(request);

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Apply actions").get(0).at("/Payload/writeUnitsPerSecond").asInt())
        .isEqualTo(500);
    var atOnce = new ArrayList<Integer>();
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(path -> path.endsWith("settings.json")).toList()) {
        JsonNode settings = Json.MAPPER.readTree(file.toFile());
        if (settings.get("total").asInt() == 5) {
          atOnce.add(settings.get("maxConcurrency").asInt());
        }
      }
    }
    assertThat(atOnce).containsExactly(2);
  }

  @Test
  void run_idThatLooksLikeASegment_doesNotConfuseTheDeferredFiles() throws IOException {
    ObjectNode request = request();
    request.put("runId", "segment-99");
    run.objects.write(
        "results", "runs/segment-99/deferred/segment-00003/00000.jsonl", out -> out.write('{'));

    Execution execution = migrate(request);

    assertThat(execution.cause()).isEmpty();
    assertThat(run.calls("Apply actions").get(0).at("/Payload/segment").intValue()).isEqualTo(3);
  }

  @Test
  void run_noDeferredFiles_startsNoSecondMap() {
    migrate(request());

    assertThat(run.entered).contains("Find deferred actions").doesNotContain("Apply actions");
  }
}
