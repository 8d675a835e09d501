package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
      var run = new KillableRun(folder, ledger);
      int kills = 0;
      for (int round = 0; round < KILLS; round++) {
        long before = tasks.migrated();
        double scanned = run.scanned();
        var process = GodwitProcess.start(folder, round == 0 ? begin : List.of("redrive", "r"));
        run.awaitMoreThan(scanned, process);
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

      run.redrive();
      assertThat(tasks.contents()).as("seed %d", SEED).isEqualTo(tasks.clean());

      JsonNode report = run.report();
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
