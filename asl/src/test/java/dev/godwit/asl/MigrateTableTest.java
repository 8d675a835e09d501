package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateTableTest {
  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "Partition", "aws",
          "WorkerFunction", "worker",
          "LedgerTable", "godwit-ledger",
          "ResultsBucket", "results",
          "NotificationTopic", "");

  @TempDir Path home;

  @Test
  void run_segmentsOfSeveralSlices_feedsEachCursorBackAndWritesTheResults() throws Exception {
    var slices = new ConcurrentHashMap<Integer, Integer>();
    FolderObjectStore buckets = new FolderObjectStore(home.resolve("buckets"));
    try (Engine engine =
        Engine.builder(home)
            .task("lambda:invoke", call -> slice(call, slices))
            .task(
                "aws-sdk:dynamodb:",
                call ->
                    Json.parse(
                        "{\"Table\":{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}}"))
            .objects(buckets)
            .build()) {
      JsonNode request =
          Json.parse(
              """
              {"version": 1, "runId": "r1", "tableName": "Cities", "migration": "m1",
               "direction": "up", "mode": "apply", "totalSegments": 20, "maxConcurrency": 4,
               "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
               "toleratedFailurePercentage": 0, "writeUnitsPerSecond": 1000, "parameters": {}}
              """);
      Execution run = engine.start(Definitions.migrateTable(SUBSTITUTIONS), "r1", request).await();
      assertThat(run.cause()).isEmpty();
      assertThat(run.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(slices).hasSize(20).allSatisfy((segment, n) -> assertThat(n).isEqualTo(3));
      MapRunCounts counts = run.mapRuns().get(0);
      assertThat(counts.succeeded()).isEqualTo(20);
      String key = run.output().orElseThrow().at("/ResultWriterDetails/Key").asText();
      assertThat(key).startsWith("runs/r1/").endsWith("/manifest.json");
      JsonNode manifest = Json.MAPPER.readTree(buckets.file("results", key).toFile());
      JsonNode results =
          Json.MAPPER.readTree(
              buckets
                  .file("results", manifest.at("/ResultFiles/SUCCEEDED/0/Key").asText())
                  .toFile());
      assertThat(results).hasSize(20);
    }
  }

  /** A worker whose segments take three slices of ten items each. */
  private static JsonNode slice(TaskCall call, Map<Integer, Integer> slices) {
    JsonNode request = call.arguments().get("Payload");
    assertThat(request.get("writeUnitsPerSecond").intValue()).isEqualTo(250);
    assertThat(request.get("keys")).hasSize(1);
    int segment = request.get("segment").intValue();
    int page = request.at("/cursor/page/N").asInt(0) + 1;
    slices.merge(segment, 1, Integer::sum);
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload.put("segment", segment);
    if (page < 3) {
      payload.putObject("cursor").putObject("page").put("N", String.valueOf(page));
    }
    payload.putObject("tally").put("scanned", 10);
    payload
        .putObject("segmentTally")
        .put("scanned", request.at("/segmentTally/scanned").asInt(0) + 10);
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set("Payload", payload);
    return answer;
  }
}
