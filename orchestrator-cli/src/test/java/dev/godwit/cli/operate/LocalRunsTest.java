package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.folder.RunsFolder;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;

/** Commands about runs on this machine, over a real DynamoDB Local. */
class LocalRunsTest {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static int tables;

  @TempDir Path folder;
  private String table = "";

  @BeforeEach
  void nameTable() {
    table = "Tasks" + ++tables;
  }

  @AfterEach
  void deleteTables() {
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name)); // the ledger too: ids are used again
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  /** What a command has said, and its exit code. */
  private record Said(int exit, String out, String err) {}

  private Said godwit(String... arguments) {
    var screen = TestScreen.plain();
    var all = new ArrayList<>(List.of(arguments));
    all.add("--results=" + folder.resolve(".godwit"));
    int exit =
        new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
            .execute(all.toArray(String[]::new));
    return new Said(exit, screen.out(), screen.err());
  }

  private List<String> runArguments(String runId, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--local",
                "--table=" + table,
                "--migration=" + Tasks.MIGRATION,
                "--run-id=" + runId,
                "--region=us-east-1",
                "--endpoint-url=" + DYNAMO_DB.endpoint()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Said run(String runId, String... more) {
    return godwit(runArguments(runId, more).toArray(String[]::new));
  }

  private Ledger ledger() {
    return new Ledger(CLIENT, LedgerTable.OF_MACHINES);
  }

  @Test
  void commands_afterARunThatSucceeded_tellOfItWithoutFlags() {
    Tasks.fill(DYNAMO_DB, CLIENT, table, 30);
    assertThat(run("good", "--segments=3").exit()).isZero();

    var status = godwit("status", "good");
    assertThat(status.exit()).isZero();
    assertThat(status.out())
        .contains("SUCCEEDED")
        .contains("3 of 3 succeeded")
        .contains("30 scanned, 0 kept, 30 updated");

    var report = godwit("report", "good", "--output=json");
    assertThat(report.out()).contains("\"tally\":{\"scanned\":30,\"kept\":0,\"updated\":30");

    assertThat(godwit("runs").out()).contains("good").contains(table).contains("SUCCEEDED");
    assertThat(godwit("runs", "--table=Other").out()).isEmpty();
    assertThat(godwit("runs", "--output=json").out().lines())
        .singleElement()
        .asString()
        .startsWith("{\"runId\":\"good\",\"tableName\":\"" + table + "\"");

    assertThat(godwit("history", "--table=" + table).out())
        .contains(Tasks.MIGRATION)
        .contains("applied")
        .contains("good");

    var watch = godwit("watch", "good", "--output=json");
    assertThat(watch.exit()).isZero();
    assertThat(watch.out().lines())
        .extracting(line -> line.replaceFirst("\"at\":\"[^\"]*\"", "").substring(0, 22))
        .containsExactly(
            "{\"event\":\"watching\",,\"",
            "{\"event\":\"state\",,\"sta",
            "{\"event\":\"rate\",,\"maxC",
            "{\"event\":\"progress\",,\"",
            "{\"event\":\"ended\",,\"run");
    assertThat(watch.out()).contains("\"status\":\"SUCCEEDED\"").contains("\"updated\":30");
  }

  @ParameterizedTest
  @CsvSource({
    "--write-units-per-second=0, must be at least 1; not 0",
    "--read-units-per-second=-5, must be at least 1; not -5",
    "--write-units-per-second=many, many",
    "--write-units-per-second=10, There is no run nothing in",
  })
  void set_whatCannotBe_saysSoInASentence(String option, String sentence) {
    var said = godwit("set", "nothing", option);
    assertThat(said.exit()).as(said.err()).isEqualTo(2);
    assertThat(said.err()).contains(sentence.replace(';', ','));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status|nothing|There is no run nothing in",
        "report|nothing|There is no run nothing in",
        "watch|nothing|There is no run nothing in",
        "stop|nothing|There is no run nothing in",
        "redrive|nothing|There is no run nothing in",
        "status|../etc|give a run's id, 1 to 64 letters, digits, - and _, not '../etc'",
        "redrive|good|The run good has succeeded; there is nothing to go on with",
        "stop|good|The run good has ended already: SUCCEEDED at",
        "pause|nothing|There is no run nothing in",
        "resume|nothing|There is no run nothing in",
        "pause|good|The run good has ended: SUCCEEDED at",
        "set|nothing|Say what is to change",
      })
  void commands_thatCannotBeDone_saySoInASentence(String command, String run, String sentence) {
    if (run.equals("good")) {
      Tasks.fill(DYNAMO_DB, CLIENT, table, 3);
      assertThat(run("good", "--segments=1").exit()).isZero();
    }
    var said = godwit(command, run);
    assertThat(said.exit()).as(said.err()).isEqualTo(2);
    assertThat(said.err()).contains(sentence);
    assertThat(said.err().lines())
        .as("nothing but that")
        .hasSize(said.err().contains("--help") ? 2 : 1);
    assertThat(said.out()).isEmpty();
  }

  @Test
  void run_underTheIdOfAnEarlierOne_isRefusedAndChangesNoFile() throws IOException {
    Tasks.fill(DYNAMO_DB, CLIENT, table, 3);
    assertThat(run("good", "--segments=1").exit()).isZero();
    new RunsFolder(folder.resolve(".godwit")).askToStop("good");
    var before = keptFiles();
    assertThat(before).containsKeys("runs/good.json", "runs/good.stop");

    var again =
        godwit(
            runArguments("good", "--segments=1").stream()
                .map(argument -> argument.replace("--region=us-east-1", "--region=eu-west-1"))
                .toArray(String[]::new));
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.err()).contains("There was a run good before").contains("--run-id");
    assertThat(keptFiles()).as("nothing was changed").isEqualTo(before);
  }

  /** The content of every file that is kept of runs, by its name. */
  private Map<String, String> keptFiles() throws IOException {
    var home = folder.resolve(".godwit");
    var contents = new TreeMap<String, String>();
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            home.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  @Test
  void report_ofAFailedRun_namesSegmentsAndErrorsAndShowsNoItem() throws Exception {
    DYNAMO_DB.createTable("Cities" + table, "id");
    putCity("spoiled", "secret-north");
    putCity("fine", "48.1");
    var failed = runCities("bad");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err())
        .contains("The first failure was dev.godwit.worker.ItemFailuresExceeded: ")
        .contains("'godwit report bad'");
    assertThat(ledger().lease("Cities" + table).holder()).as("freed by the settlement").isEmpty();

    var report = godwit("report", "bad");
    assertThat(report.exit()).isZero();
    assertThat(report.out())
        .contains("FAILED")
        .contains("dev.godwit.worker.ItemFailuresExceeded")
        .contains("1 of java.lang.NumberFormatException")
        .contains("failures/segment-")
        .contains("godwit redrive bad");
    var json = godwit("report", "bad", "--output=json");
    assertThat(json.out()).contains("\"failures\":{\"java.lang.NumberFormatException\":1}");

    putCity("spoiled", "12.5");
    var redriven = godwit("redrive", "bad", "--output=json");
    assertThat(redriven.exit()).as(redriven.err()).isZero();
    assertThat(redriven.out())
        .contains("\"status\":\"SUCCEEDED\"")
        .contains("\"scanned\":2,")
        .contains("\"failed\":0}");
    assertThat(ledger().run("bad").orElseThrow().status()).isEqualTo("SUCCEEDED");
    assertThat(ledger().run("bad").orElseThrow().error()).isEmpty();
    assertThat(ledger().lease("Cities" + table).holder()).isEmpty();

    var mended = godwit("report", "bad", "--output=json");
    assertThat(mended.out()).contains("\"failures\":{},\"failureFiles\":[]");
    var retried = runCities("again", "--retry-failures=bad");
    assertThat(retried.exit()).isEqualTo(2);
    assertThat(retried.err()).contains("There are no failure records of the run bad");
  }

  @Test
  void run_inWhichItemsFailWithinTheAllowance_isPartialUntilTheyAreOfferedAgain() {
    DYNAMO_DB.createTable("Cities" + table, "id");
    putCity("spoiled", "secret-north");
    putCity("fine", "48.1");
    var some = runCities("some", "--item-failures-allowed=1");
    assertThat(some.exit()).as(some.err()).isZero();
    assertThat(some.out().lines())
        .last()
        .asString()
        .contains("still to do", "1 items, which failed", "--retry-failures some");
    assertThat(godwit("history", "--table=Cities" + table).out())
        .containsPattern("20261120-city-coordinates +partial +1 +2");

    putCity("spoiled", "12.5");
    var again = runCities("again", "--retry-failures=some");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.out()).doesNotContain("still to do");
    assertThat(godwit("history", "--table=Cities" + table).out())
        .containsPattern("20261120-city-coordinates +applied +0 +2");
  }

  @Test
  void run_verifyOfItemsThatCannotBeDecided_isNotVerifiedWhateverIsAllowed() {
    DYNAMO_DB.createTable("Cities" + table, "id");
    putCity("spoiled", "secret-north");
    putCity("also spoiled", "secret-south");

    assertThat(runCities("strict", "--verify").exit()).isEqualTo(1);
    var lenient = runCities("lenient", "--verify", "--item-failures-allowed=2");
    assertThat(lenient.exit()).isEqualTo(1);
    assertThat(lenient.out()).contains("SUCCEEDED").containsPattern("failed +2\n");
    assertThat(lenient.err()).contains("Not verified: of 2 items nobody knows");
  }

  private Said runCities(String runId, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--local",
                "--table=Cities" + table,
                "--migration=20261120-city-coordinates",
                "--run-id=" + runId,
                "--segments=4",
                "--region=us-east-1",
                "--endpoint-url=" + DYNAMO_DB.endpoint()));
    arguments.addAll(List.of(more));
    return godwit(arguments.toArray(String[]::new));
  }

  private void putCity(String id, String latitude) {
    CLIENT.putItem(
        put ->
            put.tableName("Cities" + table)
                .item(
                    Map.of(
                        "id", AttributeValue.fromS(id),
                        "lat", AttributeValue.fromS(latitude),
                        "lng", AttributeValue.fromS("11.5"))));
  }

  @Test
  void redrive_whileAnotherRunHasTheTable_isRefusedAndChangesNothing() {
    DYNAMO_DB.createTable("Cities" + table, "id");
    putCity("spoiled", "north");
    assertThat(runCities("bad").exit()).isEqualTo(1);
    takeTable("Cities" + table, "other");

    var refused = godwit("redrive", "bad");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err())
        .contains("The table Cities" + table + " is held by the run other since 2026-11-20");
    assertThat(ledger().run("bad").orElseThrow().status()).isEqualTo("FAILED");
    assertThat(ledger().lease("Cities" + table).holder().orElseThrow().runId()).isEqualTo("other");
  }

  private static void takeTable(String name, String runId) {
    CLIENT.putItem(
        put ->
            put.tableName(LedgerTable.OF_MACHINES)
                .item(
                    Map.of(
                        "pk", AttributeValue.fromS("TABLE#" + name),
                        "sk", AttributeValue.fromS("LEASE"),
                        "runId", AttributeValue.fromS(runId),
                        "executionArn",
                            AttributeValue.fromS(
                                "arn:aws:states:local:000000000000:execution:migrate-table:"
                                    + runId),
                        "fence", AttributeValue.fromN("1"),
                        "since", AttributeValue.fromS("2026-11-20T08:00:00Z"))));
  }

  private Said release(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "release",
                "--table=" + table,
                "--region=us-east-1",
                "--endpoint-url=" + DYNAMO_DB.endpoint()));
    arguments.addAll(List.of(more));
    return godwit(arguments.toArray(String[]::new));
  }

  @Test
  void release_ofARunWhoseFolderIsLost_restoresCapacityAndFreesTheTable() {
    ensureLedger();
    createProvisioned(50);
    takeTable(table, "lost");
    putLostRun(
        Map.of(
            "capacityBefore",
            AttributeValue.fromS(
                "{\"table\":{\"readUnits\":5,\"writeUnits\":7},\"indexes\":[],\"scaling\":[],"
                    + "\"raisedTo\":{\"readUnits\":50,\"writeUnits\":50}}")));

    assertThat(run("next", "--segments=1").err())
        .contains("is being migrated by the run lost")
        .contains("If that is lost: 'godwit release --table " + table + "'.");
    var look = release();
    assertThat(look.exit()).as(look.err()).isZero();
    assertThat(look.out())
        .contains("lost, since 2026-11-20T08:00:00Z")
        .contains("not known in")
        .contains("raised by that run; it was {\"table\":{\"readUnits\":5");
    assertThat(look.err())
        .contains("Nothing was changed.")
        .contains("'godwit release --table " + table + " --run lost'");
    assertThat(ledger().lease(table).holder()).isPresent();

    var wrong = release("--run=other");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("is held by the run lost since").contains("not by other");
    assertThat(ledger().lease(table).holder()).isPresent();

    var released = release("--run=lost");
    assertThat(released.exit()).as(released.err()).isZero();
    assertThat(released.out()).contains("The table " + table + " is free");
    assertThat(ledger().lease(table).holder()).isEmpty();
    var record = ledger().run("lost").orElseThrow();
    assertThat(record.status()).isEqualTo("ABORTED");
    assertThat(record.error()).contains("Released");
    assertThat(record.capacityBefore()).as("for a redrive, which may raise again").isPresent();
    assertThat(ledger().history(table)).isEmpty();
    var throughput =
        CLIENT.describeTable(describe -> describe.tableName(table)).table().provisionedThroughput();
    assertThat(throughput.readCapacityUnits()).isEqualTo(5);
    assertThat(throughput.writeCapacityUnits()).isEqualTo(7);

    var again = release("--run=lost");
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.err()).contains("The table " + table + " is free; nothing was changed");
    assertThat(release().err()).contains("The table " + table + " is free.");
  }

  @Test
  void release_ofALeaseWithoutARecord_removesIt() {
    ensureLedger();
    takeTable(table, "ghost");
    assertThat(release("--run=ghost", "--output=json").out())
        .contains("{\"tableName\":\"" + table + "\",\"released\":\"ghost\"}");
    assertThat(ledger().lease(table).holder()).isEmpty();
    assertThat(ledger().run("ghost")).isEmpty();
  }

  private static void ensureLedger() {
    LedgerTable.ensure(DynamoDbConnection.local(DYNAMO_DB.endpoint()), LedgerTable.OF_MACHINES);
  }

  private void createProvisioned(long units) {
    DYNAMO_DB.createTable(table, "id");
    CLIENT.updateTable(
        update ->
            update
                .tableName(table)
                .billingMode(BillingMode.PROVISIONED)
                .provisionedThroughput(
                    throughput -> throughput.readCapacityUnits(units).writeCapacityUnits(units)));
  }

  /** As the ledger has a run that began, and of which nobody has heard since. */
  private void putLostRun(Map<String, AttributeValue> more) {
    var item = new HashMap<>(more);
    item.put("pk", AttributeValue.fromS("RUN#lost"));
    item.put("sk", AttributeValue.fromS("RUN"));
    item.put("runId", AttributeValue.fromS("lost"));
    item.put("tableName", AttributeValue.fromS(table));
    item.put("migration", AttributeValue.fromS(Tasks.MIGRATION));
    item.put("direction", AttributeValue.fromS("up"));
    item.put("mode", AttributeValue.fromS("apply"));
    item.put(
        "executionArn",
        AttributeValue.fromS("arn:aws:states:local:000000000000:execution:migrate-table:lost"));
    item.put("request", AttributeValue.fromS("{\"runId\":\"lost\"}"));
    item.put("status", AttributeValue.fromS("RUNNING"));
    item.put("startedAt", AttributeValue.fromS("2026-11-20T08:00:00Z"));
    item.put("fence", AttributeValue.fromN("1"));
    CLIENT.putItem(put -> put.tableName(LedgerTable.OF_MACHINES).item(item));
  }

  @Test
  void run_startedTwiceAtTheSameInstant_exactlyOneGoesOn() throws Exception {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 200);
    var start = new CyclicBarrier(2);
    var pool = Executors.newFixedThreadPool(2);
    try {
      var runs = new ArrayList<Callable<Said>>();
      for (String runId : List.of("one", "two")) {
        runs.add(
            () -> {
              start.await();
              return run(runId, "--segments=4", "--write-units-per-second=100");
            });
      }
      var said = new ArrayList<Said>();
      for (var future : pool.invokeAll(runs)) {
        said.add(future.get());
      }
      assertThat(said).extracting(Said::exit).containsExactlyInAnyOrder(0, 1);
      int loser = said.get(0).exit() == 1 ? 0 : 1;
      var winner = loser == 0 ? "two" : "one";
      assertThat(said.get(loser).err())
          .contains("Godwit.TableIsTaken")
          .contains("is being migrated by the run " + winner)
          .contains("godwit watch " + winner);
      assertThat(said.get(loser).out()).contains("scanned      0");
      assertThat(tasks.contents()).isEqualTo(tasks.clean());
      assertThat(ledger().lease(table).holder()).isEmpty();
      assertThat(ledger().history(table))
          .singleElement()
          .satisfies(entry -> assertThat(entry.runId()).isEqualTo(winner));

      var redrive = godwit("redrive", loser == 0 ? "one" : "two");
      assertThat(redrive.exit()).isEqualTo(2);
      assertThat(redrive.err()).contains("never began");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void stop_ofARunInAnotherProcess_endsItAtPageBoundaries_andRedriveFinishesIt() throws Exception {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 1500);
    var process = slowRun("slow");
    assertThat(godwit("redrive", "slow").err()).contains("The run slow is running");
    var release = release("--run=slow");
    assertThat(release.exit()).isEqualTo(2);
    assertThat(release.err()).contains("The run slow is running. Watch it: 'godwit watch slow'");

    var stopped = godwit("stop", "slow");
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    assertThat(stopped.out()).contains("ABORTED").contains("godwit redrive slow");
    assertThat(process.await()).as(process.told()).isEqualTo(130);
    assertThat(process.told()).contains("Stopping: the pages that are being written");
    long written = tasks.migrated();
    assertThat(written).isBetween(1L, 1499L);
    assertThat(ledger().lease(table).holder()).isEmpty();
    assertThat(ledger().run("slow").orElseThrow().status()).isEqualTo("ABORTED");

    assertThat(godwit("redrive", "slow").exit()).isZero();
    assertThat(tasks.contents()).isEqualTo(tasks.clean());
    assertThat(ledger().lease(table).holder()).isEmpty();
  }

  @Test
  void pause_ofARunInAnotherProcess_letsItWait_andStopAndRedriveFinishIt() throws Exception {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 3000);
    var process = slowRun("waits");
    var set = godwit("set", "waits", "--write-units-per-second=200");
    assertThat(set.exit()).as(set.err()).isZero();
    assertThat(set.out()).contains("200 write units per second", "200 instead of 150");

    var paused = godwit("pause", "waits");
    assertThat(paused.exit()).as(paused.err()).isZero();
    assertThat(paused.out()).contains("RUNNING, paused", "'godwit resume waits'");
    var before = new AtomicLong(-1);
    Awaitility.await()
        .pollInterval(Duration.ofSeconds(3))
        .atMost(Duration.ofMinutes(1))
        .until(() -> before.getAndSet(tasks.migrated()) == tasks.migrated());
    assertThat(process.isAlive()).as(process.told()).isTrue();

    var stopped = godwit("stop", "waits");
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    assertThat(process.await()).as(process.told()).isEqualTo(130);
    assertThat(tasks.migrated()).isBetween(1L, 2999L);
    assertThat(ledger().lease(table).holder()).isEmpty();
    assertThat(godwit("resume", "waits").err()).contains("The run waits has ended: ABORTED");

    var redriven = godwit("redrive", "waits");
    assertThat(redriven.exit()).as(redriven.err()).isZero();
    assertThat(redriven.err()).contains("It was paused, and goes on now.");
    assertThat(tasks.contents()).isEqualTo(tasks.clean());
    assertThat(godwit("report", "waits").out())
        .contains(": paused", ": resumed", "200 write units per second");
  }

  private GodwitProcess slowRun(String runId) throws Exception {
    var process =
        GodwitProcess.start(
            folder,
            runArguments(
                runId, "--segments=30", "--max-concurrency=2", "--write-units-per-second=150"));
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !process.isAlive() || scannedSome());
    assertThat(process.isAlive()).as(process.told()).isTrue();
    return process;
  }

  private boolean scannedSome() {
    return CLIENT.scan(scan -> scan.tableName(table)).items().stream()
        .anyMatch(item -> item.containsKey("completed"));
  }

  @Test
  void killedRun_holdsItsTableUntilItIsStopped_andCanStillBeRedriven() throws Exception {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 1500);
    slowRun("dead").kill();

    assertThat(godwit("runs").out()).contains("KILLED");
    var status = godwit("status", "dead");
    assertThat(status.out()).contains("KILLED").contains("godwit redrive dead");
    assertThat(godwit("watch", "dead").exit()).isEqualTo(1);

    var next = run("next", "--segments=4");
    assertThat(next.exit()).isEqualTo(1);
    assertThat(next.err())
        .contains("is being migrated by the run dead")
        .contains("The process of the run dead died.")
        .contains("godwit redrive dead")
        .contains("godwit stop dead");

    assertThat(release().out()).contains("KILLED");
    var release = release("--run=dead");
    assertThat(release.exit()).isEqualTo(2);
    assertThat(release.err()).contains("End it and free its table: 'godwit stop dead'");
    assertThat(ledger().lease(table).holder()).isPresent();

    var stopped = godwit("stop", "dead");
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    assertThat(ledger().lease(table).holder()).as("the lease of the dead run").isEmpty();
    assertThat(ledger().run("dead").orElseThrow().status()).isEqualTo("ABORTED");

    assertThat(godwit("redrive", "dead").exit()).isZero();
    assertThat(tasks.contents()).isEqualTo(tasks.clean());
    assertThat(run("after", "--segments=4").exit()).isZero();
  }
}
