package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.run.Counter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;

/**
 * Kills the process of a run, as {@code kill -9} does, again and again, and goes on each time.
 *
 * <p>For the long proof: {@code -Dgodwit.kills=20 -Dgodwit.kill.items=200000}.
 */
class KilledRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLS = Integer.getInteger("godwit.kills", 3);
  private static final int ITEMS = Integer.getInteger("godwit.kill.items", 3000);
  private static final long SEED = Long.getLong("godwit.seed", 20261120);

  @TempDir Path folder;

  @Test
  void redrive_afterKillsAtRandomMoments_leavesWhatOneCleanRunLeaves() throws Exception {
    var random = new Random(SEED);
    try (var dynamoDb = LocalDynamoDb.inMemory();
        var client = dynamoDb.client()) {
      var tasks = Tasks.fill(dynamoDb, client, "Tasks", ITEMS);
      provision(client, 5, 7);
      var arguments =
          new ArrayList<>(
              List.of(
                  "run",
                  "--local",
                  "--table=Tasks",
                  "--migration=" + Tasks.MIGRATION,
                  "--run-id=r",
                  "--segments=24",
                  "--max-concurrency=4",
                  "--slice-seconds=1",
                  "--prewarm",
                  "--prewarm-rcu=50",
                  "--prewarm-wcu=60",
                  "--region=us-east-1",
                  "--endpoint-url=" + dynamoDb.endpoint()));
      // Slow on purpose: there must be something left to kill, whatever the machine.
      arguments.add("--write-units-per-second=" + Math.max(400, ITEMS / (KILLS * 10)));
      var begin = List.copyOf(arguments);
      var ledger = new Ledger(client, LedgerTable.OF_MACHINES);
      int kills = 0;
      for (int round = 0; round < KILLS; round++) {
        long before = tasks.migrated();
        double counted = counted(ledger);
        var process = GodwitProcess.start(folder, round == 0 ? begin : List.of("redrive", "r"));
        awaitMoreThan(counted, ledger, process);
        Thread.sleep(random.nextInt(600));
        assertThat(capacity(client)).as("capacity while it runs").containsExactly(50L, 60L);
        if (process.isAlive()) {
          kills++;
        }
        process.kill();
        assertThat(tasks.migrated())
            .as("written when killed, seed %d: %s", SEED, process.told())
            .isBetween(before, (long) ITEMS);
      }
      assertThat(kills).as("kills that met a running process (seed %d)", SEED).isEqualTo(KILLS);

      var last = GodwitProcess.start(folder, List.of("redrive", "r", "--output=json"));
      assertThat(last.await()).as(last.told()).isZero();
      assertThat(tasks.contents()).as("seed %d", SEED).isEqualTo(tasks.clean());

      JsonNode report = report();
      assertThat(report.path("status").asText()).isEqualTo("SUCCEEDED");
      assertThat(report.at("/segments/succeeded").asInt()).isEqualTo(24);
      JsonNode tally = report.path("tally");
      assertThat(tally.path("scanned").asLong()).as("scanned: %s", tally).isEqualTo(ITEMS);
      assertThat(tally.path("updated").asLong() + tally.path("kept").asLong())
          .as("updated and kept: %s", tally)
          .isEqualTo(ITEMS);
      assertThat(tally.path("failed").asLong()).isZero();

      assertThat(ledger.lease("Tasks").holder()).as("the lease").isEmpty();
      assertThat(ledger.run("r").orElseThrow().status()).isEqualTo("SUCCEEDED");
      assertThat(ledger.history("Tasks"))
          .singleElement()
          .satisfies(entry -> assertThat(entry.state()).isEqualTo("applied"));
      assertThat(capacity(client)).as("capacity restored").containsExactly(5L, 7L);
    }
  }

  @Test
  void redrive_ofAFileIntoATargetAfterAKill_putsEachItemOnce() throws Exception {
    int items = Math.max(1500, ITEMS / 2);
    var text = new StringBuilder();
    for (int i = 0; i < items; i++) {
      text.append("{\"id\":\"task-").append(i).append("\",\"rank\":").append(i).append("}\n");
    }
    try (var out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("tasks.jsonl.gz")))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    try (var dynamoDb = LocalDynamoDb.inMemory();
        var client = dynamoDb.client()) {
      dynamoDb.createTable("Tasks", "id");
      var process =
          GodwitProcess.start(
              folder,
              List.of(
                  "run",
                  "--local",
                  "--table=Tasks",
                  "--target=Tasks",
                  "--migration=" + Tasks.MIGRATION,
                  "--source=tasks.jsonl.gz",
                  "--source-format=json",
                  "--run-id=r",
                  "--segments=2",
                  "--slice-seconds=1",
                  "--write-units-per-second=" + items / 5,
                  "--region=us-east-1",
                  "--endpoint-url=" + dynamoDb.endpoint()));
      var ledger = new Ledger(client, LedgerTable.OF_MACHINES);
      awaitMoreThan(0, ledger, process);
      assertThat(process.isAlive()).as(process.told()).isTrue();
      process.kill();

      var last = GodwitProcess.start(folder, List.of("redrive", "r", "--output=json"));
      assertThat(last.await()).as(last.told()).isZero();

      assertThat(Tasks.over(client, "Tasks").migrated()).isEqualTo(items);
      JsonNode tally = report().path("tally");
      assertThat(tally.path("scanned").asLong()).as("scanned: %s", tally).isEqualTo(items);
      assertThat(tally.path("put").asLong() + tally.path("thereAlready").asLong())
          .as("put, or there: %s", tally)
          .isEqualTo(items);
    }
  }

  private static void provision(DynamoDbClient client, long readUnits, long writeUnits) {
    client.updateTable(
        update ->
            update
                .tableName("Tasks")
                .billingMode(BillingMode.PROVISIONED)
                .provisionedThroughput(
                    throughput ->
                        throughput.readCapacityUnits(readUnits).writeCapacityUnits(writeUnits)));
  }

  /** The table's read and write units. */
  private static List<Long> capacity(DynamoDbClient client) {
    var throughput =
        client
            .describeTable(describe -> describe.tableName("Tasks"))
            .table()
            .provisionedThroughput();
    return List.of(throughput.readCapacityUnits(), throughput.writeCapacityUnits());
  }

  /**
   * So that each round gets somewhere before it is killed. The ledger is asked, for one item: a
   * count of the whole table would keep DynamoDB Local from answering the run.
   */
  private static void awaitMoreThan(double counted, Ledger ledger, GodwitProcess process) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () ->
                assertThat(counted(ledger) > counted || !process.isAlive())
                    .as("more than %s scanned, or ended: %s", counted, process.told())
                    .isTrue());
  }

  private static double counted(Ledger ledger) {
    return ledger.run("r").map(run -> run.counted().amount(Counter.SCANNED)).orElse(0.0);
  }

  private JsonNode report() throws Exception {
    var report = GodwitProcess.start(folder, List.of("report", "r", "--output=json"));
    assertThat(report.await()).as(report.told()).isZero();
    return JSON.readTree(report.told().lines().findFirst().orElseThrow());
  }

  @Test
  void folder_ofARun_keepsNoCredentials() throws Exception {
    try (var dynamoDb = LocalDynamoDb.inMemory();
        var client = dynamoDb.client()) {
      Tasks.fill(dynamoDb, client, "Tasks", 5);
      var run =
          GodwitProcess.start(
              folder,
              List.of(
                  "run",
                  "--local",
                  "--table=Tasks",
                  "--migration=" + Tasks.MIGRATION,
                  "--run-id=r",
                  "--region=us-east-1",
                  "--endpoint-url=" + dynamoDb.endpoint()));
      assertThat(run.await()).as(run.told()).isZero();
      assertThat(Files.readString(folder.resolve(".godwit/runs/r.json")))
          .isEqualTo(
              "{\"endpoint\":\""
                  + dynamoDb.endpoint()
                  + "\",\"region\":\"us-east-1\",\"ledger\":\"godwit-ledger\",\"migrationsJars\":[]}");
    }
  }
}
