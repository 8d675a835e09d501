package dev.godwit.worker.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.lambdalocal.Answer;
import dev.godwit.lambdalocal.LambdaEnvironment;
import dev.godwit.migration.Item;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.lambda.layer.AddColour;
import dev.godwit.worker.lambda.layer.SlowlyCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWorkerJarIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PLENTY = Duration.ofSeconds(60);

  @TempDir Path folder;
  private LocalDynamoDb server;
  private LocalTable birds;
  private FakeBucket bucket;
  private Path layer;

  @BeforeEach
  void start() throws IOException {
    server = LocalDynamoDb.inMemory();
    birds = LocalTable.create(server, "Birds", "id");
    bucket = new FakeBucket();
    layer = LayerJar.of(folder.resolve("migrations.jar"), AddColour.class, SlowlyCount.class);
  }

  @AfterEach
  void stop() {
    bucket.close();
    server.close();
  }

  @Test
  void checkpoint_reached_isPrimedAndHasTouchedNothing() throws Exception {
    try (var environment = environment("one")) {
      assertThat(environment.log()).contains("Primed in").doesNotContain("Priming failed");
      assertThat(bucket.objects()).isEmpty();
    }
  }

  @Test
  void invoke_firstAfterRestoreAndWarm_migratesWithEitherMigrationOfTheLayer() throws Exception {
    fill(30);
    try (var environment = environment("one")) {
      environment.restore();

      var first = environment.invoke(request(environment, 0, 1, "20261120-add-colour"), PLENTY);
      assertThat(first.isError()).as(first.body()).isFalse();
      assertThat(tally(first, "updated")).isEqualTo(30);
      assertThat(JSON.readTree(first.body()).has("cursor")).isFalse();

      var warm = environment.invoke(request(environment, 0, 1, "20261120-add-colour"), PLENTY);
      assertThat(tally(warm, "kept")).isEqualTo(30);

      var other = environment.invoke(request(environment, 0, 1, "20261120-slowly-count"), PLENTY);
      assertThat(tally(other, "updated")).isEqualTo(30);
    }
    assertThat(birds.all()).hasSize(30).allMatch(item -> item.has("colour") && item.has("counted"));
  }

  /** CloudWatch makes metrics of such a line by itself, so all of it is named here. */
  @Test
  void invoke_sliceDone_tellsItsFiguresInTheEmbeddedMetricFormat() throws Exception {
    fill(3);
    try (var environment = environment("one")) {
      environment.restore();
      assertThat(metrics(environment)).as("told by priming").isEmpty();

      environment.invoke(request(environment, 0, 1, "20261120-add-colour"), PLENTY);
      environment.invoke(request(environment, 0, 1, "20261120-add-colour"), PLENTY);

      var lines = metrics(environment);
      assertThat(lines).hasSize(2);
      var told = lines.get(0).at("/_aws/CloudWatchMetrics");
      assertThat(told).hasSize(1);
      assertThat(told.at("/0/Namespace").asText()).isEqualTo("Godwit");
      assertThat(told.at("/0/Dimensions")).hasSize(1);
      assertThat(told.at("/0/Dimensions/0"))
          .extracting(JsonNode::asText)
          .containsExactlyInAnyOrder("Table", "Migration", "Mode");
      assertThat(told.at("/0/Metrics"))
          .extracting(metric -> metric.get("Name").asText())
          .containsExactlyInAnyOrder(
              "ItemsScanned",
              "ItemsUpdated",
              "ItemsDeleted",
              "ItemsPut",
              "ItemsFailed",
              "Conflicts",
              "Throttles",
              "ReadUnits",
              "WriteUnits",
              "SegmentsDone");
      assertThat(lines.get(0).get("Table").asText()).isEqualTo("Birds");
      assertThat(lines.get(0).get("Migration").asText()).isEqualTo("20261120-add-colour");
      assertThat(lines.get(0).get("Mode").asText()).isEqualTo("apply");
      assertThat(lines.get(0).get("runId").asText()).isEqualTo("run-1");
      assertThat(lines).extracting(line -> line.get("ItemsScanned").asInt()).containsExactly(3, 3);
      assertThat(lines).extracting(line -> line.get("ItemsUpdated").asInt()).containsExactly(3, 0);
      assertThat(lines).extracting(line -> line.get("ItemsFailed").asInt()).containsExactly(0, 0);
      assertThat(lines).extracting(line -> line.get("SegmentsDone").asInt()).containsExactly(1, 1);
      assertThat(lines.get(0).get("WriteUnits").asDouble()).isEqualTo(3);
    }
  }

  @Test
  void invoke_badRequest_answersTheNameThatDefinitionsKnow() throws Exception {
    try (var environment = environment("one")) {
      environment.restore();

      var unknown = environment.invoke(request(environment, 0, 1, "20261120-no-such"), PLENTY);

      assertThat(unknown.isError()).isTrue();
      assertThat(JSON.readTree(unknown.body()).get("errorType").asText())
          .isEqualTo(BadSliceRequest.class.getName());
      assertThat(unknown.body()).contains("20261120-add-colour");
    }
  }

  @Test
  void invoke_itemFails_leavesARecordInTheBucketAndNamesTheError() throws Exception {
    fill(3);
    birds.put(Item.empty().with("id", "bad").with("poison", true));
    try (var environment = environment("one")) {
      environment.restore();

      var failed = environment.invoke(request(environment, 0, 1, "20261120-add-colour"), PLENTY);

      assertThat(failed.isError()).isTrue();
      assertThat(JSON.readTree(failed.body()).get("errorType").asText())
          .isEqualTo(ItemFailuresExceeded.class.getName());
      assertThat(bucket.objects().entrySet())
          .anySatisfy(
              record -> {
                assertThat(record.getKey())
                    .startsWith("/results/runs/run-1/failures/segment-00000/0000-")
                    .endsWith("-start-end.jsonl");
                assertThat(record.getValue())
                    .contains("\"bad\"", "poisoned", "java.lang.IllegalStateException");
              });
    }
  }

  /** That it answers before its time is over is shown by OnTimeTest, on a clock of its own. */
  @Test
  void invoke_functionTimeRunsShort_returnsItsCursorAndGoesOnFromIt() throws Exception {
    fill(400);
    try (var environment = environment("one")) {
      environment.restore();
      var timeout = Duration.ofSeconds(6);
      long scanned = 0;
      var request = (ObjectNode) JSON.readTree(request(environment, 0, 1, "20261120-slowly-count"));
      int slices = 0;
      do {
        var answer = environment.invoke(request.toString(), timeout);
        assertThat(answer.isError()).as(answer.body()).isFalse();
        scanned += tally(answer, "scanned");
        slices++;
        request.set("cursor", JSON.readTree(answer.body()).get("cursor"));
      } while (request.get("cursor") != null && !request.get("cursor").isNull());

      assertThat(slices).isGreaterThan(1);
      assertThat(scanned).isEqualTo(400);
    }
    assertThat(birds.all()).hasSize(400).allMatch(item -> item.has("counted"));
  }

  @Test
  void invoke_environmentsSideBySide_migrateTheirSegments() throws Exception {
    fill(200);
    int environments = 3;
    var pool = Executors.newFixedThreadPool(environments);
    try {
      var tasks = new ArrayList<Callable<Long>>();
      for (int i = 0; i < environments; i++) {
        int segment = i;
        tasks.add(
            () -> {
              try (var environment = environment("environment" + segment)) {
                environment.restore();
                return tally(
                    environment.invoke(
                        request(environment, segment, environments, "20261120-add-colour"), PLENTY),
                    "updated");
              }
            });
      }
      long updated = 0;
      for (var result : pool.invokeAll(tasks)) {
        updated += result.get();
      }
      assertThat(updated).isEqualTo(200);
    } finally {
      pool.shutdownNow();
    }
    assertThat(birds.all()).hasSize(200).allMatch(item -> item.has("colour"));
  }

  private static List<JsonNode> metrics(LambdaEnvironment environment) throws IOException {
    var lines = new ArrayList<JsonNode>();
    for (String line : environment.log().lines().toList()) {
      if (line.startsWith("{") && line.contains("\"_aws\"")) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  private void fill(int items) {
    for (int i = 0; i < items; i++) {
      birds.put(Item.empty().with("id", "bird-" + i));
    }
  }

  private LambdaEnvironment environment(String name) throws IOException, InterruptedException {
    return WorkerEnvironment.start(
        Files.createDirectories(folder.resolve(name)),
        List.of(layer),
        Map.of(
            "RESULTS_BUCKET", "results",
            "AWS_ENDPOINT_URL_DYNAMODB", server.endpoint().toString(),
            "AWS_ENDPOINT_URL_S3", bucket.endpoint(),
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local"));
  }

  /** The worker is asked for its code first, as a run does. */
  private static String request(
      LambdaEnvironment environment, int segment, int totalSegments, String migration)
      throws IOException, InterruptedException {
    var wake =
        """
        {"wake":{"runId":"run-1","tableName":"Birds","migration":"20261120-add-colour","direction":"up"}}""";
    var code = JSON.readTree(environment.invoke(wake, PLENTY).body()).get("code").asText();
    return """
        {"runId":"run-1","startedAt":"2026-11-20T09:30:00Z","tableName":"Birds","keys":["id"],"migration":"%s",
        "direction":"up","mode":"apply","guard":"read-set","segment":%d,"totalSegments":%d,"sliceSeconds":240,
        "itemFailuresAllowed":0,"parameters":{"reason":"test","dry":false},"code":"%s"}"""
        .formatted(migration, segment, totalSegments, code);
  }

  private static long tally(Answer answer, String counter) throws IOException {
    JsonNode result = JSON.readTree(answer.body());
    assertThat(answer.isError()).as(answer.body()).isFalse();
    return result.get("tally").get(counter).asLong();
  }
}
