package dev.godwit.cli.stepfunctions;

import static dev.godwit.cli.stepfunctions.FakeAws.EXECUTION;
import static dev.godwit.cli.stepfunctions.FakeAws.MACHINE;
import static dev.godwit.cli.stepfunctions.FakeAws.MAP_RUN;
import static dev.godwit.cli.stepfunctions.FakeAws.answered;
import static dev.godwit.cli.stepfunctions.FakeAws.object;
import static dev.godwit.cli.stepfunctions.FakeAws.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.Godwit;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Runs on AWS: Step Functions and S3 stubbed at the level of HTTP, the ledger in DynamoDB Local.
 *
 * <p>Names of fields and their types as the Step Functions API reference has them (StartExecution,
 * DescribeExecution, ListMapRuns, DescribeMapRun, StopExecution, RedriveExecution); read
 * 2026-11-20.
 */
class StepFunctionsRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final double STARTED = 1_795_161_600;
  private static final RunRequest REQUEST = request(Map.of());

  private final FakeAws aws = new FakeAws();
  private final RunLifecycle runs = runs();

  private static RunRequest request(Map<String, String> parameters) {
    var text =
        """
        {"version": 1, "runId": "r", "tableName": "Cities", "migration": "20261120-city-coordinates",
         "direction": "up", "mode": "apply", "totalSegments": 100, "maxConcurrency": 50,
         "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
         "toleratedFailurePercentage": 0, "parameters": %s}"""
            .formatted(JSON.valueToTree(parameters));
    return RunRequestJson.read(text);
  }

  private RunLifecycle runs() {
    return StepFunctionsPlace.runs(
        StateMachineArn.of(MACHINE),
        aws.clients(DYNAMO_DB.endpoint()),
        new StepFunctionsPlace.Tempo(Duration.ofMillis(20), Duration.ofMillis(300)));
  }

  @BeforeAll
  static void createLedger() {
    DYNAMO_DB.createTable(FakeAws.LEDGER, "pk", "sk");
  }

  @BeforeEach
  void noMapRuns() {
    aws.answer("ListMapRuns", object("mapRuns", List.of()));
  }

  @AfterEach
  void close() {
    runs.close();
    aws.close();
    CLIENT
        .scanPaginator(scan -> scan.tableName(FakeAws.LEDGER))
        .items()
        .forEach(
            item ->
                CLIENT.deleteItem(
                    delete ->
                        delete
                            .tableName(FakeAws.LEDGER)
                            .key(
                                Map.of(
                                    "pk", item.getOrDefault("pk", s("")),
                                    "sk", item.getOrDefault("sk", s(""))))));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  /** What DescribeExecution answers. */
  private static String execution(String status, Object... more) {
    var fields =
        new ArrayList<Object>(
            List.of(
                "executionArn",
                EXECUTION + "r",
                "stateMachineArn",
                MACHINE,
                "name",
                "r",
                "status",
                status,
                "startDate",
                STARTED,
                "input",
                RunRequestJson.write(REQUEST).toString(),
                "redriveCount",
                0));
    fields.addAll(List.of(more));
    return object(fields.toArray());
  }

  /** What DescribeMapRun answers. */
  private static String mapRun(String status, int succeeded, int failed) {
    var counts = new LinkedHashMap<String, Integer>();
    counts.put("pending", 0);
    counts.put("running", 100 - succeeded - failed);
    counts.put("succeeded", succeeded);
    counts.put("failed", failed);
    counts.put("timedOut", 0);
    counts.put("aborted", 0);
    counts.put("total", 100);
    counts.put("resultsWritten", 0);
    return object(
        "mapRunArn",
        MAP_RUN,
        "executionArn",
        EXECUTION + "r",
        "status",
        status,
        "startDate",
        STARTED,
        "maxConcurrency",
        50,
        "toleratedFailurePercentage",
        0,
        "toleratedFailureCount",
        0,
        "itemCounts",
        counts,
        "executionCounts",
        counts);
  }

  private void listMapRun() {
    aws.answer("ListMapRuns", object("mapRuns", List.of(listed(MAP_RUN))));
  }

  private static Map<String, Object> listed(String mapRun) {
    return Map.of(
        "executionArn", EXECUTION + "r",
        "mapRunArn", mapRun,
        "stateMachineArn", MACHINE,
        "startDate", STARTED);
  }

  private void record(String status) {
    var item = new HashMap<String, AttributeValue>();
    item.put("pk", s("RUN#r"));
    item.put("sk", s("RUN"));
    item.put("runId", s("r"));
    item.put("tableName", s("Cities"));
    item.put("migration", s("20261120-city-coordinates"));
    item.put("direction", s("up"));
    item.put("mode", s("apply"));
    item.put("executionArn", s(EXECUTION + "r"));
    item.put("request", s(RunRequestJson.write(REQUEST).toString()));
    item.put("status", s(status));
    item.put("startedAt", s("2026-11-20T08:00:00Z"));
    item.put("fence", AttributeValue.fromN("1"));
    item.put("slices", AttributeValue.fromN("12"));
    item.put("scanned", AttributeValue.fromN("5000"));
    item.put("updated", AttributeValue.fromN("4000"));
    item.put("writeUnits", AttributeValue.fromN("4000.5"));
    if (!status.equals("RUNNING")) {
      item.put("endedAt", s("2026-11-20T09:00:00Z"));
      item.put("error", s("States.ExceedToleratedFailureThreshold"));
      item.put("cause", s("too many"));
    }
    CLIENT.putItem(put -> put.tableName(FakeAws.LEDGER).item(item));
  }

  private static Ledger ledger() {
    return new Ledger(CLIENT, FakeAws.LEDGER);
  }

  private static void lease(String runId) {
    CLIENT.putItem(
        put ->
            put.tableName(FakeAws.LEDGER)
                .item(
                    Map.of(
                        "pk", s("TABLE#Cities"),
                        "sk", s("LEASE"),
                        "runId", s(runId),
                        "executionArn", s(EXECUTION + runId),
                        "fence", AttributeValue.fromN("1"),
                        "since", s("2026-11-20T08:00:00Z"))));
  }

  private void results() {
    aws.list("runs/r/", "runs/r/0b1c2d3e/manifest.json", "runs/r/failures/segment-00007/x.jsonl");
    aws.list("runs/r/0b1c2d3e/", "runs/r/0b1c2d3e/manifest.json");
    aws.list("runs/r/failures/", "runs/r/failures/segment-00007/start.jsonl");
    aws.list("runs/r/failed-actions/", "runs/r/failed-actions/segment-00007/start.jsonl");
    aws.put(
        "runs/r/failed-actions/segment-00007/start.jsonl",
        """
        {"segment": 7, "error": "ValidationException", "message": "secret", "action": {}}
        """);
    aws.list("runs/r/samples/");
    aws.put(
        "runs/r/0b1c2d3e/manifest.json",
        """
        {"DestinationBucket": "godwit-results", "MapRunArn": "%s",
         "ResultFiles": {"FAILED": [{"Key": "runs/r/0b1c2d3e/FAILED_0.json", "Size": 9}], "PENDING": [],
           "SUCCEEDED": [{"Key": "runs/r/0b1c2d3e/SUCCEEDED_0.json", "Size": 9}]}}"""
            .formatted(MAP_RUN));
    aws.put(
        "runs/r/0b1c2d3e/SUCCEEDED_0.json",
        """
        [{"ExecutionArn": "x", "Input": "{\\"slice\\": {\\"segment\\": 3}}", "Status": "SUCCEEDED",
          "Output": "{\\"segment\\": 3, \\"tally\\": {\\"scanned\\": 40, \\"updated\\": 30, \\"kept\\": 10, \\"writeUnits\\": 30.5}}"},
         {"ExecutionArn": "y", "Input": "{\\"slice\\": {\\"segment\\": 4}}", "Status": "SUCCEEDED",
          "Output": "{\\"segment\\": 4, \\"tally\\": {\\"scanned\\": 2, \\"updated\\": 2}}"},
         {"ExecutionArn": "x", "Input": "{\\"slice\\": {\\"segment\\": 3}}", "Status": "SUCCEEDED",
          "Output": "{\\"segment\\": 3, \\"tally\\": {\\"scanned\\": 40, \\"updated\\": 30}}"}]""");
    aws.put(
        "runs/r/0b1c2d3e/FAILED_0.json",
        """
        [{"ExecutionArn": "z", "Input": "{\\"slice\\": {\\"segment\\": 7}}", "Status": "FAILED",
          "Error": "dev.godwit.worker.ItemFailuresExceeded",
          "Cause": "{\\"errorMessage\\":\\"1 item failed\\",\\"errorType\\":\\"dev.godwit.worker.ItemFailuresExceeded\\",\\"stackTrace\\":[\\"a\\"]}"},
         {"ExecutionArn": "w", "Input": "{\\"slice\\": {\\"segment\\": 4}}", "Status": "ABORTED"}]""");
    aws.put(
        "runs/r/failures/segment-00007/start.jsonl",
        """
        {"segment": 7, "key": {"id": {"S": "k"}}, "error": "NoLatitude", "message": "secret", "item": {}}
        """);
  }

  private final RecordingObserver observer = new RecordingObserver();

  /** Remembers what it was told. */
  private static final class RecordingObserver implements RunObserver {
    private final Tally.Sum sum = new Tally.Sum();
    private final List<SegmentCounts> segments = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> places = new HashMap<>();
    private final List<String> unanswered = new ArrayList<>();

    @Override
    public void pageDone(Tally page) {
      sum.add(page);
    }

    @Override
    public void segmentsAre(SegmentCounts counts) {
      segments.add(counts);
    }

    @Override
    public void placesAre(Map<String, String> now) {
      places.putAll(now);
    }

    @Override
    public void unanswered(String why) {
      unanswered.add(why);
    }
  }

  @Test
  void start_namesTheExecutionAfterTheRun_andLinksToIt() throws Exception {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    assertThat(runs.start(REQUEST))
        .containsExactly(
            Map.entry(
                "execution",
                "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/"
                    + EXECUTION
                    + "r"));
    var call = aws.calls("StartExecution").get(0);
    assertThat(fields(call)).containsExactlyInAnyOrder("stateMachineArn", "name", "input");
    assertThat(call.get("stateMachineArn").asText()).isEqualTo(MACHINE);
    assertThat(call.get("name").asText()).isEqualTo("r");
    assertThat(JSON.readTree(call.get("input").asText())).isEqualTo(RunRequestJson.write(REQUEST));
  }

  private static List<String> fields(JsonNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void start_underTheNameOfAnEarlierRun_saysHowToGoOn() {
    aws.refuse("StartExecution", "ExecutionAlreadyExists");
    assertThatThrownBy(() -> runs.start(REQUEST))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("There was a run r before; nothing was started.")
        .hasMessageContaining("godwit redrive r");
  }

  @Test
  void state_ofARunningOne_hasSegmentsCountersAndLinks() {
    aws.answer("DescribeExecution", execution("RUNNING"));
    listMapRun();
    aws.answer("DescribeMapRun", mapRun("RUNNING", 37, 2));
    record("RUNNING");

    var state = runs.state("r");

    assertThat(state.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(state.request()).isEqualTo(REQUEST);
    assertThat(state.segments()).isEqualTo(new SegmentCounts(100, 37, 2, 61));
    assertThat(state.counted().count(Counter.SCANNED)).isEqualTo(5000);
    assertThat(state.counted().amount(Counter.WRITE_UNITS)).isEqualTo(4000.5);
    assertThat(state.places().get("map run Segments"))
        .isEqualTo(
            "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/mapruns/details/"
                + MAP_RUN);
    assertThat(state.places().get("results")).isEqualTo("s3://godwit-results/runs/r");
    assertThat(state.advice().orElseThrow()).contains("godwit stop r");
    assertThat(aws.calls("DescribeExecution").get(0).toString())
        .isEqualTo(object("executionArn", EXECUTION + "r"));
    assertThat(aws.calls("ListMapRuns").get(0).get("executionArn").asText())
        .isEqualTo(EXECUTION + "r");
    assertThat(aws.calls("DescribeMapRun").get(0).toString())
        .isEqualTo(object("mapRunArn", MAP_RUN));
  }

  @Test
  void state_behindTheCanary_hasTheSegmentsOfBothMapRuns() {
    aws.answer("DescribeExecution", execution("RUNNING"));
    aws.answer(
        "ListMapRuns",
        object(
            "mapRuns",
            List.of(listed(MAP_RUN + "-others"), listed(MAP_RUN + "-canary")))); // newest first
    aws.answerInTurn(
        "DescribeMapRun",
        List.of(answered(mapRun("SUCCEEDED", 100, 0)), answered(mapRun("RUNNING", 37, 2))));
    record("RUNNING");

    assertThat(runs.state("r").segments()).isEqualTo(new SegmentCounts(100, 137, 2, 61));
    assertThat(aws.calls("DescribeMapRun").get(0).toString()).contains("-canary");
    assertThat(aws.calls("DescribeMapRun").get(1).toString()).contains("-others");
  }

  @Test
  void state_lookedAtAgain_asksOnceForTheRunningMapRunAndListsNoMore() {
    aws.answer("DescribeExecution", execution("RUNNING"));
    listMapRun();
    aws.answer("DescribeMapRun", mapRun("RUNNING", 1, 0));
    for (int i = 0; i < 5; i++) {
      runs.state("r");
    }
    assertThat(aws.calls("ListMapRuns")).hasSize(1);
    assertThat(aws.calls("DescribeMapRun")).hasSize(5);
    assertThat(aws.calls("DescribeStateMachine")).hasSize(1);
  }

  @Test
  void watch_throttledAndFailingPolls_goesOnToTheEnd() {
    // The SDK itself tries three times.
    aws.answerInTurn(
        "DescribeExecution",
        List.of(
            answered(execution("RUNNING")),
            refused(400, "ThrottlingException"),
            refused(400, "ThrottlingException"),
            refused(400, "ThrottlingException"),
            refused(500, "InternalServerError"),
            refused(500, "InternalServerError"),
            refused(500, "InternalServerError"),
            answered(execution("SUCCEEDED", "stopDate", STARTED + 60))));
    listMapRun();
    aws.answerInTurn(
        "DescribeMapRun",
        List.of(answered(mapRun("RUNNING", 50, 0)), answered(mapRun("SUCCEEDED", 100, 0))));
    record("SUCCEEDED");
    results();

    var ending = runs.watch("r", observer, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.duration()).isEqualTo(Duration.ofSeconds(60));
    assertThat(ending.tally().count(Counter.SCANNED)).as("from the results").isEqualTo(42);
    assertThat(ending.resultsLocation()).isEqualTo("s3://godwit-results/runs/r");
    assertThat(observer.unanswered).hasSizeGreaterThanOrEqualTo(1);
    assertThat(observer.unanswered.get(0)).contains("ThrottlingException");
    assertThat(observer.segments)
        .startsWith(new SegmentCounts(100, 50, 0, 50))
        .endsWith(new SegmentCounts(100, 100, 0));
    assertThat(observer.sum.total().count(Counter.SCANNED)).isEqualTo(5000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DescribeExecution", "ListMapRuns"})
  void watch_refusedForGood_endsAndSaysWhy(String operation) {
    aws.answer("DescribeExecution", execution("RUNNING"));
    aws.refuse(operation, "AccessDeniedException");
    assertThatThrownBy(() -> runs.watch("r", observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("AccessDeniedException: so it is");
    assertThat(observer.unanswered).isEmpty();
  }

  @Test
  void watch_ofAnEndedRunWhoseResultsAreRefused_endsAndSaysWhatToAllow() {
    aws.answer("DescribeExecution", execution("SUCCEEDED", "stopDate", STARTED + 60));
    assertThatThrownBy(() -> runs.watch("r", observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("allow s3:ListBucket and s3:GetObject on the results bucket");
  }

  @Test
  void run_interrupted_leavesTheRunGoing() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    aws.answer("DescribeExecution", execution("RUNNING"));
    var stop = new StopSignal();
    stop.stop();
    var ending = runs.run(REQUEST, observer, stop);
    assertThat(ending.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(aws.calls("StopExecution")).isEmpty();
    assertThat(observer.places).containsKey("execution");
  }

  @Test
  void stop_ofARunningOne_stopsItsExecution() {
    aws.answer("DescribeExecution", execution("RUNNING"));
    aws.answer("StopExecution", object("stopDate", STARTED + 9));
    runs.stop("r");
    var call = aws.calls("StopExecution").get(0);
    assertThat(fields(call)).containsExactlyInAnyOrder("executionArn", "error", "cause");
    assertThat(call.get("executionArn").asText()).isEqualTo(EXECUTION + "r");
  }

  @Test
  void stop_ofOneThatHasEnded_saysSo() {
    aws.answer("DescribeExecution", execution("FAILED", "stopDate", STARTED + 9));
    assertThatThrownBy(() -> runs.stop("r")).hasMessageContaining("has ended already: FAILED");
    assertThat(aws.calls("StopExecution")).isEmpty();
  }

  @Test
  void redrive_takesTheTableAgainFirst_thenRedrivesAndWatches() {
    aws.answerInTurn(
        "DescribeExecution",
        List.of(
            answered(
                execution(
                    "FAILED",
                    "stopDate",
                    STARTED + 9,
                    "redriveStatus",
                    "REDRIVABLE",
                    "error",
                    "States.ExceedToleratedFailureThreshold")),
            answered(failed("REDRIVABLE", "States.ExceedToleratedFailureThreshold")),
            answered(execution("RUNNING", "redriveCount", 1)),
            answered(execution("SUCCEEDED", "stopDate", STARTED + 60, "redriveCount", 1))));
    aws.answer("RedriveExecution", object("redriveDate", STARTED + 20));
    record("FAILED");
    results();

    var ending = runs.redrive("r", false, observer, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    var call = aws.calls("RedriveExecution").get(0);
    assertThat(fields(call)).containsExactlyInAnyOrder("executionArn", "clientToken");
    assertThat(call.get("executionArn").asText()).isEqualTo(EXECUTION + "r");
    assertThat(call.get("clientToken").asText()).hasSizeLessThanOrEqualTo(64);
    // Nobody settles here: the lease and the status are as the redrive has made them.
    assertThat(ledger().lease("Cities").holder().map(Lease.Holder::executionArn))
        .contains(EXECUTION + "r");
    assertThat(ledger().run("r").orElseThrow())
        .satisfies(
            run -> {
              assertThat(run.status()).isEqualTo("RUNNING");
              assertThat(run.error()).isEmpty();
              assertThat(run.endedAt()).isEmpty();
            });
  }

  @Test
  void redrive_whileAnotherRunHasTheTable_isRefusedBeforeStepFunctionsIsAsked() {
    aws.answer("DescribeExecution", failed("REDRIVABLE", "States.TaskFailed"));
    record("FAILED");
    lease("other");
    assertThatThrownBy(() -> runs.redrive("r", false, observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is held by the run other");
    assertThat(aws.calls("RedriveExecution")).isEmpty();
    assertThat(ledger().run("r").orElseThrow().status()).isEqualTo("FAILED");
  }

  @Test
  void redrive_thatStepFunctionsRefuses_givesTheTableBack() {
    aws.answer("DescribeExecution", failed("REDRIVABLE", "States.TaskFailed"));
    aws.refuse("RedriveExecution", "ExecutionLimitExceeded");
    record("FAILED");
    assertThatThrownBy(() -> runs.redrive("r", false, observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("ExecutionLimitExceeded");
    assertThat(ledger().lease("Cities").holder()).isEmpty();
    assertThat(ledger().run("r").orElseThrow())
        .satisfies(
            run -> {
              assertThat(run.status()).isEqualTo("FAILED");
              assertThat(run.error()).contains("States.ExceedToleratedFailureThreshold");
              assertThat(run.endedAt()).isPresent();
            });
    assertThat(text("RUN#r", "RUN", "endedAt"))
        .as("as settle-run writes it, which compares it as text")
        .isEqualTo("2026-11-20T09:00:00.000Z");
  }

  private static String text(String pk, String sk, String attribute) {
    return CLIENT
        .getItem(get -> get.tableName(FakeAws.LEDGER).key(Map.of("pk", s(pk), "sk", s(sk))))
        .item()
        .getOrDefault(attribute, s(""))
        .s();
  }

  @Test
  void redrive_beforeItsBooksAreClosed_isWaitedFor_andInterruptedChangesNothing() {
    aws.answer("DescribeExecution", failedAt(Instant.now().plusSeconds(5)));
    record("RUNNING");
    lease("r");
    var stop = new StopSignal();
    stop.stop();

    assertThatThrownBy(() -> runs.redrive("r", false, observer, stop))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("its books are not closed yet; nothing was changed");

    assertThat(aws.calls("RedriveExecution")).isEmpty();
    assertThat(ledger().lease("Cities")).isEqualTo(held("r", 1, "2026-11-20T08:00:00Z"));
    assertThat(ledger().run("r").orElseThrow().status()).isEqualTo("RUNNING");
  }

  private static Lease held(String runId, long fence, String since) {
    return new Lease(fence, Optional.of(new Lease.Holder(runId, EXECUTION + runId, since)));
  }

  private static String failedAt(Instant stopped) {
    return execution("FAILED", "stopDate", (double) stopped.getEpochSecond());
  }

  /** Its event is lost: the fence keeps whoever may still settle that end from the run. */
  @Test
  void redrive_ofARunWhoseBooksNobodyCloses_takesItsTableAndGoesOn() {
    aws.answerInTurn(
        "DescribeExecution",
        List.of(
            answered(failed("REDRIVABLE", "States.TaskFailed")),
            answered(failed("REDRIVABLE", "States.TaskFailed")),
            answered(execution("SUCCEEDED", "stopDate", STARTED + 60, "redriveCount", 1))));
    aws.answer("RedriveExecution", object("redriveDate", STARTED + 20));
    record("RUNNING");
    lease("r");
    results();

    assertThat(runs.redrive("r", false, observer, new StopSignal()).status())
        .isEqualTo(RunStatus.SUCCEEDED);

    assertThat(ledger().lease("Cities").fence()).isEqualTo(2);
    assertThat(ledger().run("r").orElseThrow())
        .satisfies(
            run -> {
              assertThat(run.fence()).isEqualTo(2);
              assertThat(run.redrives()).isEqualTo(1);
            });
  }

  private static String failed(String redriveStatus, String error) {
    return execution(
        "FAILED",
        "stopDate",
        STARTED + 9,
        "redriveStatus",
        redriveStatus,
        "redriveStatusReason",
        "Execution redrivable period exceeded.",
        "error",
        error,
        "cause",
        "because");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOT_REDRIVABLE|States.TaskFailed|Execution redrivable period exceeded. Step Functions redrives within 14 days",
      })
  void redrive_ofWhatCannotBe_saysWhyAndTouchesNoLedger(
      String redriveStatus, String error, String sentence) {
    aws.answer("DescribeExecution", failed(redriveStatus, error));
    record("FAILED");
    assertThatThrownBy(() -> runs.redrive("r", false, observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(sentence);
    assertThat(aws.calls("RedriveExecution")).isEmpty();
    assertThat(ledger().lease("Cities").holder()).isEmpty();
  }

  @Test
  void redrive_ofARunThatTheLedgerDoesNotKnow_saysThatItNeverBegan() {
    aws.answer("DescribeExecution", failed("REDRIVABLE", "Godwit.TableIsTaken"));
    assertThatThrownBy(() -> runs.redrive("r", false, observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("never began");
    assertThat(aws.calls("RedriveExecution")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {FakeAws.LEDGER, "godwit-ledger", "godwit-ledger-other"})
  void start_overALedger_isRefusedAndStartsNothing(String ledgerTable) {
    assertThatThrownBy(() -> runs.start(changed("tableName", ledgerTable)))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("The table " + ledgerTable + " is the ledger");
    assertThat(aws.calls("StartExecution")).isEmpty();
  }

  @Test
  void start_stampingOrGuardingAKey_isRefusedAndStartsNothing() {
    DYNAMO_DB.createTable("Keyed", "country", "id");
    for (var asked : Map.of("stamp", "id", "guard", "version:country").entrySet()) {
      var json = RunRequestJson.write(changed("tableName", "Keyed"));
      json.put(asked.getKey(), asked.getValue());
      assertThatThrownBy(() -> runs.start(RunRequestJson.read(json.toString())))
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("names a key attribute of Keyed");
    }
    assertThat(aws.calls("StartExecution")).isEmpty();
  }

  /** Who may not look at the table is told by the run itself what is wrong with it. */
  @Test
  void start_overATableThatCannotBeLookedAt_starts() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    runs.start(changed("stamp", "anything"));
    assertThat(aws.calls("StartExecution")).hasSize(1);
  }

  private static RunRequest changed(String field, String value) {
    var json = RunRequestJson.write(REQUEST);
    json.put(field, value);
    return RunRequestJson.read(json.toString());
  }

  @Test
  void start_retryingFailuresOfARunThatLeftNone_isRefusedAndStartsNothing() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    aws.answer("DescribeExecution", execution("FAILED", "stopDate", STARTED + 1));
    aws.list("runs/mistyped/failures/");
    aws.list("runs/good/failures/", "runs/good/failures/segment-00001/start-end.jsonl");

    assertThatThrownBy(() -> runs.start(retrying("mistyped")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("There are no failure records of the run mistyped under s3://");
    assertThat(aws.calls("StartExecution")).isEmpty();

    runs.start(retrying("good"));
    assertThat(aws.calls("StartExecution")).hasSize(1);
  }

  private static RunRequest retrying(String earlierRun) {
    var json = RunRequestJson.write(REQUEST);
    json.put("retryFailures", earlierRun);
    return RunRequestJson.read(json.toString());
  }

  @Test
  void report_readsTheBucket_andCountsASegmentOnce() {
    aws.answer("DescribeExecution", failed("REDRIVABLE", "States.TaskFailed"));
    record("FAILED");
    results();

    var report = runs.report("r");

    assertThat(report.exact().count(Counter.SCANNED)).isEqualTo(42);
    assertThat(report.exact().count(Counter.UPDATED)).isEqualTo(32);
    assertThat(report.exact().amount(Counter.WRITE_UNITS)).isEqualTo(30.5);
    assertThat(report.failedSegments())
        .singleElement()
        .satisfies(
            segment -> {
              assertThat(segment.segment()).isEqualTo(7);
              assertThat(segment.error()).isEqualTo("dev.godwit.worker.ItemFailuresExceeded");
              assertThat(segment.cause()).isEqualTo("1 item failed");
            });
    assertThat(report.failures())
        .containsOnly(Map.entry("NoLatitude", 1L), Map.entry("ValidationException", 1L));
    assertThat(report.failureFiles())
        .containsExactly(
            "s3://godwit-results/runs/r/failures/segment-00007/start.jsonl",
            "s3://godwit-results/runs/r/failed-actions/segment-00007/start.jsonl");
    assertThat(report.toString()).doesNotContain("secret");
  }

  @Test
  void keepPage_writesItIntoTheBucket() throws IOException {
    aws.takeObjects();

    assertThat(runs.keepPage("r", "<p>ü</p>")).isEqualTo("s3://godwit-results/runs/r/report.html");
    runs.keepPlan("r", "{}");

    assertThat(aws.object("runs/r/report.html")).contains("<p>ü</p>");
    assertThat(aws.object("runs/r/plan.json")).contains("{}");
  }

  @Test
  void release_ofARunThatStepFunctionsHasForgotten_closesItsBooks() {
    aws.refuse("DescribeExecution", "ExecutionDoesNotExist");
    record("RUNNING");
    lease("r");

    assertThat(runs.holder("Cities").orElseThrow().state()).startsWith("gone: ");
    assertThat(runs.release("Cities", "r")).isEmpty();

    assertThat(ledger().lease("Cities").holder()).isEmpty();
    assertThat(ledger().run("r").orElseThrow().status()).isEqualTo("ABORTED");
    assertThat(ledger().history("Cities")).isEmpty();
  }

  @Test
  void release_ofARunWhoseEndNobodyWasTold_writesThatEnd() {
    var ended = Instant.now().minusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
    aws.answer(
        "DescribeExecution", execution("SUCCEEDED", "stopDate", (double) ended.getEpochSecond()));
    record("RUNNING");
    lease("r");

    assertThat(runs.holder("Cities").orElseThrow().state())
        .isEqualTo("SUCCEEDED at " + ended + ", not settled");
    assertThat(runs.release("Cities", "r")).isEmpty();

    assertThat(ledger().lease("Cities").holder()).isEmpty();
    assertThat(ledger().run("r").orElseThrow().endedAt()).contains(ended);
    assertThat(ledger().history("Cities"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.state()).isEqualTo("applied"));
  }

  @Test
  void release_ofARunThatGoesOnOrHasOnlyJustEnded_isRefused() {
    record("RUNNING");
    lease("r");
    aws.answer("DescribeExecution", execution("RUNNING"));
    assertThatThrownBy(() -> runs.release("Cities", "r"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("The run r is running.")
        .hasMessageContaining("Nothing was changed.");
    aws.answer(
        "DescribeExecution",
        execution("FAILED", "stopDate", (double) Instant.now().plusSeconds(5).getEpochSecond()));
    assertThatThrownBy(() -> runs.release("Cities", "r"))
        .hasMessageContaining("its books are being closed");
    assertThat(ledger().lease("Cities").holder()).isPresent();
    assertThat(ledger().run("r").orElseThrow().status()).isEqualTo("RUNNING");
  }

  @Test
  void release_ofARunRedrivenAfterItWasLookedAt_leavesItsLease() {
    var longAgo = (double) Instant.now().minusSeconds(3600).getEpochSecond();
    aws.answerInTurn(
        "DescribeExecution",
        List.of(
            answered(execution("FAILED", "stopDate", longAgo)),
            answered(execution("FAILED", "stopDate", longAgo)),
            answered(execution("RUNNING"))));
    record("RUNNING");
    lease("r");

    assertThatThrownBy(() -> runs.release("Cities", "r"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("goes on again");
    assertThat(ledger().lease("Cities").holder()).isPresent();
    assertThat(ledger().run("r").orElseThrow().status()).isEqualTo("RUNNING");
  }

  @Test
  void newestFirstAndHistory_areTheLedgers() {
    record("FAILED");
    CLIENT.putItem(
        put ->
            put.tableName(FakeAws.LEDGER)
                .item(
                    Map.of(
                        "pk", s("TABLE#Cities"),
                        "sk", s("MIGRATION#20261120-updated-at"),
                        "migration", s("20261120-updated-at"),
                        "state", s("applied"),
                        "runId", s("old"),
                        "at", s("2026-11-19T08:00:00Z"))));
    lease("old");
    assertThat(runs.newestFirst())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.runId()).isEqualTo("r");
              assertThat(run.status()).isEqualTo("FAILED");
            });
    assertThat(runs.history("Cities"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.runId()).isEqualTo("old"));
    assertThat(runs.history("Other")).isEmpty();
  }

  @Test
  void state_ofAnUnknownRun_saysSo() {
    aws.refuse("DescribeExecution", "ExecutionDoesNotExist");
    assertThatThrownBy(() -> runs.state("r"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("There is no run r on " + MACHINE);
  }

  @Test
  void state_onAMachineThatIsNotGodwits_saysSo() {
    aws.answer(
        "DescribeStateMachine",
        object("stateMachineArn", MACHINE, "definition", "{\"StartAt\":\"A\",\"States\":{}}"));
    aws.answer("DescribeExecution", execution("RUNNING"));
    assertThatThrownBy(() -> runs.state("r"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is not one of Godwit's");
  }

  /** What the command has said, and its exit code. */
  private record Said(int exit, String out, String err) {}

  private Said godwit(boolean interrupted, String... arguments) {
    var screen = TestScreen.plain();
    var interrupts =
        new Interrupts() {
          @Override
          public <T> T during(StopSignal stop, Supplier<T> work) {
            if (interrupted) {
              stop.stop();
            }
            return work.get();
          }
        };
    int exit =
        new Godwit(
                screen.screen(),
                Map.of("SFN_ARN", MACHINE),
                new EmbeddedEngines(),
                address -> {
                  StateMachineArn.of(address);
                  return runs();
                },
                interrupts)
            .execute(arguments);
    return new Said(exit, screen.out(), screen.err());
  }

  private static final String[] RUN = {
    "run", "--table=Cities", "--migration=20261120-city-coordinates", "--run-id=r"
  };

  private static String[] with(String... more) {
    var all = new ArrayList<>(List.of(RUN));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void runCommand_withTheVariable_startsOnAwsPrintsTheLinkAndEndsAsTheRunDoes() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    aws.answer("DescribeExecution", execution("SUCCEEDED", "stopDate", STARTED + 60));
    record("SUCCEEDED");
    results();
    var said = godwit(false, with("--output=json"));
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.err()).contains("execution: https://eu-west-1.console.aws.amazon.com/");
    assertThat(said.out()).contains("\"status\":\"SUCCEEDED\"").contains("\"scanned\":42");
    assertThat(aws.calls("StartExecution").get(0).get("input").asText())
        .contains("\"totalSegments\":100,\"maxConcurrency\":1000");
  }

  @Test
  void runCommand_notToWait_startsAndSaysHowToWatchAndStop() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    var said = godwit(false, with("--no-wait"));
    assertThat(said.exit()).isZero();
    assertThat(said.out()).contains("Started the run r").contains("https://");
    assertThat(said.err()).contains("godwit watch r").contains("godwit stop r");
    assertThat(aws.calls("DescribeExecution")).isEmpty();
  }

  @Test
  void runCommand_withABudget_startsAsManyAsThatKeepsBusyAndSaysSo() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    var said = godwit(false, with("--no-wait", "--write-units-per-second=300"));
    assertThat(said.exit()).isZero();
    assertThat(said.err())
        .contains(
            "At most 4 segments at once: the budget of 300 write units a second keeps 1 busy");
    assertThat(aws.calls("StartExecution").get(0).get("input").asText())
        .contains("\"totalSegments\":100,\"maxConcurrency\":4,");

    godwit(false, with("--no-wait", "--write-units-per-second=300", "--max-concurrency=50"));
    assertThat(aws.calls("StartExecution").get(1).get("input").asText())
        .contains("\"totalSegments\":100,\"maxConcurrency\":50,");
  }

  @Test
  void runCommand_moreSegmentsThanMayFitIntoAList_saysSoAndStarts() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    assertThat(godwit(false, with("--no-wait", "--segments=45542")).err())
        .doesNotContain("A list of");
    var said = godwit(false, with("--no-wait", "--segments=50000"));
    assertThat(said.exit()).isZero();
    assertThat(said.err()).contains("A list of 50,000 segments has 288,891 bytes.");
    assertThat(aws.calls("StartExecution")).hasSize(2);
  }

  @Test
  void runCommand_moreSegmentsThanAListCanHave_isRefusedBeforeItIsStarted() {
    for (String more : List.of("--no-wait", "--output=json")) {
      var said = godwit(false, with(more, "--segments=873783"));
      assertThat(said.exit()).isEqualTo(2);
      assertThat(said.err()).contains("cannot make a list of 873,783 segments");
    }
    assertThat(aws.calls("StartExecution")).isEmpty();
  }

  @Test
  void runCommand_thatFails_saysWhatASegmentFailedOfAndNamesTheReport() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    aws.answer("DescribeExecution", failed("REDRIVABLE", "States.ExceedToleratedFailureThreshold"));
    record("FAILED");
    results();
    var said = godwit(false, with());
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.err())
        .contains("The run did not succeed: States.ExceedToleratedFailureThreshold")
        .contains("Segment 7 failed with dev.godwit.worker.ItemFailuresExceeded: 1 item failed")
        .contains("'godwit report r'")
        .doesNotContain("errorMessage");
  }

  @Test
  void runCommand_interrupted_saysThatTheRunGoesOn() {
    aws.answer("StartExecution", object("executionArn", EXECUTION + "r", "startDate", STARTED));
    aws.answer("DescribeExecution", execution("RUNNING"));
    var said = godwit(true, with());
    assertThat(said.err())
        .contains("No longer watching")
        .contains("The run goes on. Watch it: 'godwit watch r'. Stop it: 'godwit stop r'.");
    assertThat(aws.calls("StopExecution")).isEmpty();
  }

  @Test
  void runCommand_withAnArnThatIsNone_saysWhatToGive() {
    var said = godwit(false, with("--sfn-arn=Godwit"));
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("--sfn-arn (SFN_ARN): give a state machine's ARN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "report"})
  void lookingCommands_onAFailedRun_tellWhatCanBeDone(String command) {
    aws.answer("DescribeExecution", failed("REDRIVABLE", "States.TaskFailed"));
    record("FAILED");
    results();
    var said = godwit(false, command, "r");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("FAILED")
        .contains("States.TaskFailed: because")
        .contains("s3://godwit-results/runs/r")
        .contains("within 14 days")
        .doesNotContain("secret");
  }

  @Test
  void commands_onAnAwsThatDoesNotAnswer_exitWith3() {
    aws.refuse("DescribeExecution", "AccessDeniedException");
    var said = godwit(false, "status", "r");
    assertThat(said.exit()).isEqualTo(3);
    assertThat(said.err()).contains("AccessDeniedException: so it is");
  }

  @Test
  void byHand_isSignedByTheIdentityThatAwsKnows_inTheDeploymentsLedger() {
    var ana = "arn:aws:sts::123456789012:assumed-role/Ops/ana";
    aws.isCalledBy(ana);

    assertThat(
            runs.historyByHand("Cities")
                .markApplied("20261120-city-coordinates", "code", runs.signature("Cities")))
        .isTrue();
    assertThat(runs.byHand("Cities"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.by()).isEqualTo(ana));
    assertThat(new Ledger(CLIENT, FakeAws.LEDGER).history("Cities")).hasSize(1);
  }

  @Test
  void byHand_whereAwsDoesNotTellWho_isSignedByUserAndMachine() {
    assertThat(runs.signature("Cities").by()).matches(".+@.+").doesNotContain("arn:");
  }
}
