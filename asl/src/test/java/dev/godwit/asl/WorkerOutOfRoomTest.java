package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand segments at once, a function whose snapshot is not ready for minutes, and then room
 * for a quarter of them, for a slice of minutes each: all wait for their turn, and none fails.
 */
class WorkerOutOfRoomTest {
  private static final int SEGMENTS = 1000;
  private static final int ROOM = SEGMENTS / 4;
  private static final Duration SLICE = Duration.ofMinutes(4);
  private static final Instant READY = VirtualLoop.START.plus(Duration.ofMinutes(3));

  @TempDir Path home;
  private final VirtualLoop loop = new VirtualLoop();

  /** Lambda: what it cannot run is refused at once. */
  private final class Worker implements VirtualLoop.Slow {
    private final IdentityHashMap<TaskCall, String> refused = new IdentityHashMap<>();
    private int running;
    private int most;
    private int refusals;

    @Override
    public Duration latency(TaskCall call) {
      if (loop.now().isBefore(READY)) {
        refused.put(call, "Lambda.SnapStartNotReadyException");
      } else if (call.stateName().equals("Scan slice") && running == ROOM) {
        refused.put(call, "Lambda.TooManyRequestsException");
      }
      if (refused.containsKey(call)) {
        refusals++;
        return Duration.ofMillis(20);
      }
      if (!call.stateName().equals("Scan slice")) {
        return Duration.ofSeconds(1);
      }
      most = Math.max(most, ++running);
      return SLICE;
    }

    @Override
    public JsonNode call(TaskCall call) throws TaskFailure {
      String error = refused.remove(call);
      if (error != null) {
        throw new TaskFailure(error, "refused");
      }
      JsonNode request = call.arguments().get("Payload");
      if (request.has("wake")) {
        return json(ScriptedRun.WOKEN);
      }
      running--;
      ObjectNode answer = Json.MAPPER.createObjectNode();
      ObjectNode payload = answer.putObject("Payload");
      payload.set("segment", request.get("segment"));
      if (!request.has("cursor")) {
        payload.putObject("cursor").putObject("id").put("S", "x");
      }
      payload.putObject("tally").put("scanned", 1);
      payload.putObject("segmentTally").put("scanned", 1);
      return answer;
    }
  }

  @Test
  void run_snapshotNotReadyAndThenRoomForAQuarter_failsNoSegment() {
    var worker = new Worker();
    Engine engine =
        Engine.builder(home)
            .loop(loop)
            .random(new Random(7))
            .identities(() -> "1")
            .objects(new FolderObjectStore(home.resolve("buckets")))
            .task("lambda:invoke", worker)
            .task(
                "aws-sdk:",
                call ->
                    json(
                        call.stateName().equals("Describe the table")
                            ? "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"KeySchema\":"
                                + " [{\"AttributeName\": \"id\", \"KeyType\": \"HASH\"}]}}"
                            : "{}"))
            .task(
                "aws-sdk:s3:listObjectsV2",
                BuiltInTasks.listObjects(new FolderObjectStore(home.resolve("buckets"))))
            .build();
    ObjectNode request =
        (ObjectNode)
            json(
                """
                {"version": 1, "runId": "r1", "tableName": "Cities", "migration": "m1",
                 "direction": "up", "mode": "apply", "sliceSeconds": 240, "guard": "read-set",
                 "itemFailuresAllowed": 0, "toleratedFailurePercentage": 0, "parameters": {}}
                """);
    request.put("totalSegments", SEGMENTS).put("maxConcurrency", SEGMENTS);

    Execution execution =
        engine.start(Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS), "r1", request);
    loop.runUntil(() -> execution.status() != ExecutionStatus.RUNNING);

    assertThat(execution.cause()).isEmpty();
    assertThat(execution.mapRuns().get(0).failed()).isZero();
    assertThat(execution.mapRuns().get(0).succeeded()).isEqualTo(SEGMENTS);
    assertThat(worker.most).as("slices at once").isEqualTo(ROOM);
    assertThat(worker.refusals).as("what was refused").isGreaterThan(SEGMENTS);
  }

  /** FULL jitter draws each wait between 0 and its interval: half of it in the middle. */
  @Test
  void retrier_ofARefusalForWantOfRoom_waitsForTwentyMinutesAndMoreInTheMiddle() {
    JsonNode scan =
        json(Definitions.text(Definitions.MIGRATE_TABLE))
            .at("/States/Migrate segments/ItemProcessor/States/Scan slice/Retry");
    var found = new ArrayList<JsonNode>();
    for (JsonNode one : scan) {
      if (one.get("ErrorEquals").toString().contains("Lambda.TooManyRequestsException")) {
        found.add(one);
      }
    }
    assertThat(found).hasSize(1);
    JsonNode retrier = found.get(0);
    assertThat(retrier.get("ErrorEquals").toString()).contains("Lambda.SnapStartNotReadyException");
    assertThat(retrier.get("JitterStrategy").asText()).isEqualTo("FULL");
    double interval = retrier.get("IntervalSeconds").asDouble();
    double seconds = 0;
    for (int i = 0; i < retrier.get("MaxAttempts").asInt(); i++) {
      seconds += Math.min(interval, retrier.get("MaxDelaySeconds").asDouble()) / 2;
      interval *= retrier.get("BackoffRate").asDouble();
    }
    assertThat(seconds).isGreaterThanOrEqualTo(20.0 * 60);
  }
}
