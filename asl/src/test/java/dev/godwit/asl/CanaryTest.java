package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way of {@code migrate-table} by a canary and its gate. */
class CanaryTest {
  @TempDir Path home;
  private ScriptedRun run;

  /** What the canary has come to, as the ledger says. */
  private ObjectNode seen;

  /** The rate document; an empty one is none. */
  private final ObjectNode rate = Json.MAPPER.createObjectNode();

  @BeforeEach
  void script() {
    seen = (ObjectNode) json("{\"scanned\": {\"N\": \"100\"}, \"checked\": {\"N\": \"100\"}}");
    run =
        new ScriptedRun(home)
            .task("Wake the worker", ScriptedRun.WOKEN)
            .task(
                "Describe the table",
                "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"KeySchema\": [{\"AttributeName\":"
                    + " \"id\", \"KeyType\": \"HASH\"}]}}")
            .task("Scan slice", CanaryTest::slice)
            .task("Check slice", CanaryTest::slice)
            .task("Look at the canary", call -> item(seen))
            .task("Look at the gate", call -> item(rate));
  }

  private static ObjectNode item(ObjectNode attributes) {
    var answer = Json.MAPPER.createObjectNode();
    if (!attributes.isEmpty()) {
      answer.set("Item", attributes.deepCopy());
    }
    return answer;
  }

  private static ObjectNode request(int canary, int segments) {
    var request =
        (ObjectNode)
            json(
                """
                {"version": 1, "runId": "r1", "tableName": "Cities", "migration": "m1",
                 "direction": "up", "mode": "apply", "maxConcurrency": 4,
                 "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
                 "toleratedFailurePercentage": 30, "writeUnitsPerSecond": 1200, "parameters": {},
                 "canary": {"againPerHundred": 0, "conflictsPerHundred": 5,
                  "throttlesPerHundred": 10, "growthBytesPerItem": 1024}}
                """);
    request.put("totalSegments", segments);
    ((ObjectNode) request.get("canary")).put("segments", canary);
    return request;
  }

  private static ObjectNode waiting() {
    var request = request(2, 8);
    ((ObjectNode) request.get("canary")).put("wait", true);
    return request;
  }

  private Execution migrate(JsonNode request) {
    return run.run(Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS), "r1", request);
  }

  /** Two slices for each segment, of ten items each. */
  private static JsonNode slice(TaskCall call) {
    var request = call.arguments().get("Payload");
    var answer = Json.MAPPER.createObjectNode();
    var payload = answer.putObject("Payload");
    payload.set("segment", request.get("segment"));
    if (!request.has("cursor")) {
      payload.putObject("cursor").putObject("page").put("N", "1");
    }
    payload.putObject("tally").put("scanned", 10);
    payload
        .putObject("segmentTally")
        .put("scanned", request.at("/segmentTally/scanned").asInt(0) + 10)
        .put("updated", request.get("mode").asText().equals("apply") ? 10 : 0)
        .put("growthBytes", 7);
    payload.putObject("timeline").put("seconds", 1);
    return answer;
  }

  private List<Integer> scanned() {
    return run.calls("Scan slice").stream()
        .map(call -> call.at("/Payload/segment").asInt())
        .distinct()
        .toList();
  }

  @Test
  void run_withACanary_migratesAndChecksIt_andThenTheOthersWithTheWholeBudget() {
    var execution = migrate(request(2, 8));

    assertThat(execution.cause()).isEmpty();
    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(scanned().subList(0, 2)).containsExactlyInAnyOrder(0, 4);
    assertThat(scanned().subList(2, 8)).containsExactlyInAnyOrder(1, 2, 3, 5, 6, 7);
    var first = run.calls("Scan slice").get(0).get("Payload");
    assertThat(first.get("canary").asBoolean()).isTrue();
    assertThat(first.get("writeUnitsPerSecond").asInt()).isEqualTo(600);
    assertThat(first.get("sharing"))
        .isEqualTo(json("{\"ledger\": \"godwit-ledger\", \"atOnce\": 2, \"parts\": 2}"));
    var last = run.calls("Scan slice").get(15).get("Payload");
    assertThat(last.has("canary")).isFalse();
    assertThat(last.get("writeUnitsPerSecond").asInt()).isEqualTo(300);
    assertThat(last.get("sharing"))
        .isEqualTo(json("{\"ledger\": \"godwit-ledger\", \"atOnce\": 4, \"parts\": 8}"));
  }

  @Test
  void run_aSegmentOfTheCanary_isCheckedAsAVerification_beforeItCountsAsFinished() {
    migrate(request(1, 8));

    var checks = run.calls("Check slice").stream().map(call -> call.get("Payload")).toList();
    assertThat(checks).hasSize(2);
    assertThat(checks.get(0).get("mode").asText()).isEqualTo("verify");
    assertThat(checks.get(0).get("canary").asBoolean()).isTrue();
    assertThat(checks.get(0).get("sharing").get("parts").asInt()).isEqualTo(1);
    assertThat(checks.get(0).has("cursor")).isFalse();
    assertThat(checks.get(0).has("segmentTally")).isFalse();
    assertThat(checks.get(1).at("/cursor/page/N").asText()).isEqualTo("1");
    assertThat(checks.get(1).at("/segmentTally/scanned").asInt()).isEqualTo(10);
    var noted = run.calls("Note the check");
    assertThat(noted).hasSize(1);
    assertThat(noted.get(0).get("ExpressionAttributeValues"))
        .isEqualTo(
            json(
                """
                {":segment": {"NS": ["0"]}, ":number": {"N": "0"}, ":scanned": {"N": "20"},
                 ":written": {"N": "10"}, ":failed": {"N": "0"}, ":conflicts": {"N": "0"},
                 ":throttles": {"N": "0"}, ":growthBytes": {"N": "7"}, ":checked": {"N": "20"},
                 ":again": {"N": "0"}, ":checkReadUnits": {"N": "0"}}
                """));
    assertThat(run.entered.indexOf("Note the check"))
        .isLessThan(run.entered.indexOf("Note the segment"));
    assertThat(run.calls("Count slice").size() + run.calls("Count last slice").size())
        .as("what is only checked is not counted")
        .isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "3, 10", "7, 8", "10, 1000", "1, 3"})
  void run_whicheverShare_everySegmentIsMigratedOnce_theCanaryFirst(int canary, int segments) {
    migrate(request(canary, segments));

    assertThat(scanned()).hasSize(segments);
    assertThat(scanned().subList(0, canary))
        .allSatisfy(s -> assertThat(s * canary % segments).isLessThan(canary));
    assertThat(run.calls("Note the check")).hasSize(canary);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no item, so nothing is known",
        "{'again': {'N': '3'}, 'failed': {'N': '2'}}|change, or fail on, 1 of 100 items again",
        "{'conflicts': {'N': '6'}}|6 conflicts with others over 100 items (allowed: conflicts=5",
        "{'throttles': {'N': '11'}}|11 throttled requests over 100 items; give the run a smaller",
        "{'growthBytes': {'N': '102500'}}|items grew by 1025 bytes on average (allowed: growth=1024)",
      })
  void run_aCanaryThatIsNotAsItHasToBe_endsAndSaysWhy(String more, String why) {
    var given = (ObjectNode) json(more.replace('\'', '"'));
    seen = given.isEmpty() ? given : seen.setAll(given);

    var execution = migrate(request(2, 8));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution.error()).contains("Godwit.CanaryRefused");
    assertThat(execution.cause().orElseThrow())
        .contains(why, "The canary of the run, 2 of 8 segments", "other segments were not begun");
    assertThat(scanned()).containsExactlyInAnyOrder(0, 4);
  }

  @Test
  void run_aCanaryWithExactlyWhatIsAllowed_goesOn() {
    seen.setAll(
        (ObjectNode)
            json(
                """
                {"again": {"N": "2"}, "failed": {"N": "2"}, "conflicts": {"N": "5"},
                 "throttles": {"N": "10"}, "growthBytes": {"N": "102400"}}
                """));

    assertThat(migrate(request(2, 8)).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void run_aCanaryOfWhichASegmentFails_failsThoughSomeAreTolerated_andGoesOnWhenRedriven() {
    var broken = new AtomicBoolean(true);
    run.task(
        "Scan slice",
        call -> {
          if (broken.get() && call.arguments().at("/Payload/segment").asInt() == 4) {
            throw new TaskFailure("dev.godwit.worker.ItemFailuresExceeded", "too many");
          }
          return slice(call);
        });

    assertThat(migrate(request(4, 8)).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(scanned()).isSubsetOf(0, 2, 4, 6);
    broken.set(false);
    var redriven = run.redrive("r1");

    assertThat(redriven.cause()).isEmpty();
    assertThat(redriven.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(scanned()).hasSize(8);
    assertThat(scanned().subList(0, 4)).containsExactlyInAnyOrder(0, 2, 4, 6);
  }

  @Test
  void run_othersFailBehindTheGate_aRedriveGoesOnThere_andChecksNothingAgain() {
    var broken = new AtomicBoolean(true);
    run.task(
        "Scan slice",
        call -> {
          if (broken.get() && !call.arguments().get("Payload").has("canary")) {
            throw new TaskFailure("dev.godwit.worker.ItemFailuresExceeded", "too many");
          }
          return slice(call);
        });
    assertThat(migrate(request(2, 8)).status()).isEqualTo(ExecutionStatus.FAILED);
    broken.set(false);

    var redriven = run.redrive("r1");

    assertThat(redriven.cause()).isEmpty();
    assertThat(redriven.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(run.calls("Check slice")).hasSize(4);
    assertThat(run.calls("Look at the canary")).hasSize(1);
    assertThat(scanned()).hasSize(8);
  }

  @Test
  void run_thatWaits_isPausedAtTheGate_andGoesOnWhenSomebodyResumesIt() {
    var closed = new ArrayList<Instant>();
    run.task(
        "Close the gate",
        call -> {
          closed.add(run.loop.now());
          rate.putObject("paused").put("BOOL", true);
          rate.putObject("gateAt").put("S", run.loop.now().toString());
          rate.putObject("revision").put("N", "1");
          return json("{}");
        });
    var looks = new AtomicInteger();
    run.task(
        "Look at the gate",
        call -> {
          if (looks.incrementAndGet() == 200) {
            rate.putObject("paused").put("BOOL", false);
          }
          return item(rate);
        });

    var execution = migrate(waiting());

    assertThat(execution.cause()).isEmpty();
    assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(closed).hasSize(1);
    assertThat(looks.get()).isEqualTo(200);
    assertThat(Duration.between(closed.get(0), run.loop.now()))
        .as("it looks less and less often, but never less than every hour")
        .isBetween(Duration.ofDays(5), Duration.ofDays(9));
    var order = Stream.of("Close the gate", "Begin the others").map(run.entered::indexOf).toList();
    assertThat(order.get(0)).isBetween(0, order.get(1));
    var document = run.calls("Close the gate").get(0).at("/TransactItems/0/Update");
    assertThat(document.get("UpdateExpression").asText()).contains("REMOVE alarmHold, pauseTold");
    assertThat(document.get("ConditionExpression").asText())
        .isEqualTo(
            "attribute_not_exists(gateAt) AND (attribute_not_exists(revision) OR revision = :seen)");
  }

  @Test
  void run_whoseGateOthersHaveChangedJustThen_looksAgainAndClosesIt() {
    var tries = new AtomicInteger();
    run.task(
        "Close the gate",
        call -> {
          rate.putObject("revision").put("N", "7");
          if (tries.incrementAndGet() == 1) {
            throw new TaskFailure("DynamoDb.TransactionCanceledException", "None, None");
          }
          rate.putObject("gateAt").put("S", "then");
          return json("{}");
        });

    assertThat(migrate(waiting()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);

    var values =
        run.calls("Close the gate").get(1).at("/TransactItems/0/Update/ExpressionAttributeValues");
    assertThat(values.at("/:seen/N").asText()).isEqualTo("7");
    assertThat(values.at("/:next/N").asText()).isEqualTo("8");
  }

  @Test
  void run_thatWaitsAndWhoseCanaryIsRefused_endsAtOnce() {
    seen.putObject("again").put("N", "1");

    assertThat(migrate(waiting()).error()).contains("Godwit.CanaryRefused");
    assertThat(run.calls("Close the gate")).isEmpty();
  }

  @Test
  void check_ofARunThatIsPaused_waitsWithoutCallingTheWorkerAllTheTime() {
    var calls = new AtomicInteger();
    run.task(
        "Check slice",
        call -> {
          var answer = slice(call);
          if (calls.incrementAndGet() <= 20) {
            var payload = (ObjectNode) answer.get("Payload");
            payload.put("paused", true).putObject("cursor").putObject("page").put("N", "1");
          }
          return answer;
        });
    var began = run.loop.now();

    assertThat(migrate(request(1, 8)).status()).isEqualTo(ExecutionStatus.SUCCEEDED);

    assertThat(Duration.between(began, run.loop.now())).isGreaterThan(Duration.ofMinutes(10));
    assertThat(run.entered.stream().filter("Wait to check"::equals)).hasSize(20);
  }
}
