package dev.godwit.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.RateOrder;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Canary;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.RunSettings;
import dev.godwit.run.Tally;
import dev.godwit.run.ledger.LedgerKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Runs with a canary, with the real definitions and worker and a real DynamoDB Local. */
class CanaryRunsTest {
  private static final String TABLE = "Birds";
  private static final String ID = "20261126-canary";
  private static final int SEGMENTS = 8;
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  private static final RunObserver UNHEARD =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}
      };

  @TempDir Path folder;
  private final List<RunLifecycle> open = Collections.synchronizedList(new ArrayList<>());

  /** How often the transform was asked about each item, by its id. */
  private final ConcurrentMap<String, Integer> asked = new ConcurrentHashMap<>();

  @BeforeEach
  void fill() {
    DYNAMO_DB.createTable(TABLE, "id");
    for (int i = 0; i < 200; i++) {
      var id = AttributeValue.fromS("bird-" + i);
      CLIENT.putItem(put -> put.tableName(TABLE).item(Map.of("id", id)));
    }
  }

  @AfterEach
  void close() {
    open.forEach(RunLifecycle::close);
    CLIENT
        .listTables()
        .tableNames()
        .forEach(t -> CLIENT.deleteTable(delete -> delete.tableName(t)));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private record TestMigration(ItemTransform up) implements Migration {
    @Override
    public String id() {
      return ID;
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "For a test";
    }
  }

  private RunLifecycle runs(ItemTransform transform) {
    var migration =
        new TestMigration(
            (item, context) -> {
              asked.merge(item.string("id"), 1, Integer::sum);
              return transform.apply(item, context);
            });
    var runs =
        EmbeddedEngines.lifecycle(
            folder,
            RunSource.given(
                new Whereabouts(
                    DynamoDbConnection.local(DYNAMO_DB.endpoint()),
                    LedgerTable.OF_MACHINES,
                    () -> Migrations.of(List.of(migration))),
                Optional.empty()),
            Integer.MAX_VALUE);
    open.add(runs);
    return runs;
  }

  private RunEnding run(RunRequest request, ItemTransform transform) {
    return runs(transform).run(request, UNHEARD, new StopSignal());
  }

  private static RunRequest request(Canary canary, Object... changes) {
    var settings =
        new RunSettings(
            SEGMENTS,
            4,
            240,
            new Guard.ReadSet(),
            0,
            0,
            OptionalInt.empty(),
            OptionalInt.empty(),
            Map.of());
    var json = RunRequestJson.write(settings.request("r", TABLE, ID, Direction.UP, Mode.APPLY));
    var fields = json.putObject("canary").put("segments", canary.segments());
    if (canary.waits()) {
      fields.put("wait", true);
    }
    fields
        .put("againPerHundred", canary.againPerHundred())
        .put("conflictsPerHundred", canary.conflictsPerHundred())
        .put("throttlesPerHundred", canary.throttlesPerHundred())
        .put("growthBytesPerItem", canary.growthBytesPerItem());
    for (int i = 0; i < changes.length; i += 2) {
      json.putPOJO((String) changes[i], changes[i + 1]);
    }
    return RunRequestJson.read(json.toString());
  }

  private static ItemTransform marking(UnaryOperator<Item> change) {
    return (item, context) ->
        item.has("done") ? Change.keep() : Change.replace(change.apply(item).with("done", true));
  }

  private static final ItemTransform GOOD = marking(item -> item);

  private static Map<String, Map<String, AttributeValue>> contents() {
    var contents = new HashMap<String, Map<String, AttributeValue>>();
    CLIENT
        .scanPaginator(scan -> scan.tableName(TABLE).consistentRead(true))
        .items()
        .forEach(item -> contents.put(Objects.requireNonNull(item.get("id")).s(), item));
    return contents;
  }

  private static long done() {
    return contents().values().stream().filter(item -> item.containsKey("done")).count();
  }

  private static Map<String, AttributeValue> ledger(LedgerKey key) {
    return CLIENT
        .getItem(
            get ->
                get.tableName(LedgerTable.OF_MACHINES)
                    .consistentRead(true)
                    .key(
                        Map.of(
                            LedgerKey.PARTITION, AttributeValue.fromS(key.partition()),
                            LedgerKey.SORT, AttributeValue.fromS(key.sort()))))
        .item();
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(item.getOrDefault(name, AttributeValue.fromN("0")).n());
  }

  @Test
  void run_aGoodTransform_migratesTheCanaryAndThenAll_andCountsEachItemOnce() {
    var ending = run(request(Canary.of(2)), GOOD);

    assertThat(ending.status()).as(ending.toString()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(done()).isEqualTo(200);
    var canary = ledger(LedgerKey.canary("r"));
    long inCanary = number(canary, "scanned");
    assertThat(inCanary).isBetween(1L, 199L);
    assertThat(number(canary, "written")).isEqualTo(inCanary);
    assertThat(number(canary, "checked")).isEqualTo(inCanary);
    assertThat(number(canary, "again")).isZero();
    assertThat(number(canary, "growthBytes")).isEqualTo(inCanary * "done".length() + inCanary);
    assertThat(asked.values().stream().filter(times -> times == 2)).hasSize((int) inCanary);
    assertThat(asked).hasSize(200);
    assertThat(ending.tally().count(Counter.SCANNED)).isEqualTo(200);
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(200);
    assertThat(number(ledger(LedgerKey.run("r")), "scanned"))
        .as("what is looked at again is not counted again")
        .isEqualTo(200);
    assertThat(ending.segments()).isEqualTo(new SegmentCounts(8, 8, 0));
    var report = runs(GOOD).report("r");
    assertThat(RunTexts.of(report))
        .contains("2 of 8 segments, passed: " + inCanary + " scanned, " + inCanary + " written, 0");
    assertThat(JsonReport.of(report))
        .contains(
            "\"canary\":{\"segments\":2,\"phase\":\"passed\",\"segmentsDone\":2,\"scanned\":"
                + inCanary);
  }

  @Test
  void run_aTransformThatDoesNotKeepWhatItHasWritten_endsAtTheGate() {
    ItemTransform again =
        (item, context) -> Change.replace(item.with("times", item.has("times") ? 2 : 1));
    var request = request(Canary.of(2), "keepBeforeImages", true);

    var ending = run(request, again);

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.samples()).as("what it would change again").isNotEmpty();
    long written = number(ledger(LedgerKey.canary("r")), "written");
    assertThat(ending.error().orElseThrow())
        .contains(
            "Godwit.CanaryRefused",
            "on, " + written + " of " + written + " items again",
            "were not begun",
            "To put back what was written: godwit undo r");
    assertThat(contents().values().stream().filter(item -> item.containsKey("times")))
        .as("written once, and not again by the look")
        .hasSize((int) written)
        .allSatisfy(
            item -> assertThat(Objects.requireNonNull(item.get("times")).n()).isEqualTo("1"));
    var runs = runs(again);
    assertThat(RunTexts.of(runs.state("r")))
        .contains("2 of 8 segments, refused: ", written + " would change again");
    assertThatThrownBy(() -> runs.redrive("r", false, UNHEARD, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("its canary was refused")
        .hasMessageContaining("Start a new run");
    assertThat(runs.undoable("r").images()).hasValue(written);
    assertThat(new Ledger(CLIENT, LedgerTable.OF_MACHINES).lease(TABLE).holder()).isEmpty();
  }

  @Test
  void run_aTransformWhoseItemsFail_failsInTheCanary_andItsRedriveGoesOnThere() {
    var broken = new boolean[] {true};
    ItemTransform failing =
        (item, context) -> {
          if (broken[0]) {
            throw new IllegalStateException("no");
          }
          return GOOD.apply(item, context);
        };

    var ending = run(request(Canary.of(2)), failing);

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.error().orElseThrow()).contains("ItemFailuresExceeded");
    assertThat(asked.size()).isLessThan(200);
    broken[0] = false;
    var redriven = runs(failing).redrive("r", false, UNHEARD, new StopSignal());
    assertThat(redriven.status()).as(redriven.toString()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(done()).isEqualTo(200);
    assertThat(redriven.segments()).isEqualTo(new SegmentCounts(8, 8, 0));
  }

  @Test
  void run_itemsOfTheCanaryThatFailWithinTheAllowance_stayOnRecord_andDoNotHoldTheRun() {
    ItemTransform some =
        (item, context) -> {
          if (item.string("id").endsWith("7")) {
            throw new IllegalStateException("no");
          }
          return GOOD.apply(item, context);
        };

    var ending = run(request(Canary.of(4), "itemFailuresAllowed", 100), some);

    assertThat(ending.status()).as(ending.toString()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.FAILED)).isEqualTo(20);
    assertThat(runs(some).report("r").failures().values()).containsExactly(20L);
    var canary = ledger(LedgerKey.canary("r"));
    assertThat(number(canary, "again")).isPositive().isEqualTo(number(canary, "failed"));
  }

  @Test
  void run_itemsThatGrowMoreThanIsAllowed_endsAtTheGate() {
    var ending = run(request(Canary.of(2)), marking(item -> item.with("text", "x".repeat(2000))));

    assertThat(ending.error().orElseThrow())
        .contains("items grew by 2009 bytes on average (allowed: growth=1024)");
    assertThat(done()).isEqualTo(number(ledger(LedgerKey.canary("r")), "written"));
  }

  @Test
  void run_thatWaits_isPausedBehindTheCanary_alsoWhenItIsStoppedAndRedriven() throws Exception {
    var request = request(Canary.of(2).thatWaits());
    var stop = new StopSignal();
    var first = CompletableFuture.supplyAsync(() -> runs(GOOD).run(request, UNHEARD, stop));
    var looking = runs(GOOD);
    awaitGate(looking, first);
    long inCanary = number(ledger(LedgerKey.canary("r")), "scanned");
    assertThat(done()).isEqualTo(inCanary);
    assertThat(looking.state("r").advice().orElseThrow()).contains("'godwit resume r'");
    assertThat(looking.state("r").segments().succeeded()).isEqualTo(2);
    assertThat(JsonReport.of(looking.state("r"))).contains("\"phase\":\"waiting\"");

    stop.stop();
    assertThat(first.get().status()).isEqualTo(RunStatus.ABORTED);
    var redriven =
        CompletableFuture.supplyAsync(
            () -> runs(GOOD).redrive("r", false, UNHEARD, new StopSignal()));
    awaitGate(looking, redriven);
    assertThat(done()).as("a redrive does not open the gate").isEqualTo(inCanary);

    looking.change("r", RateOrder.RESUME);

    var ending = redriven.get();
    assertThat(ending.status()).as(ending.toString()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(done()).isEqualTo(200);
    assertThat(ending.segments()).isEqualTo(new SegmentCounts(8, 8, 0));
    assertThat(looking.state("r").rate().orElseThrow().changes())
        .extracting(change -> change.what())
        .containsExactly("paused", "resumed");
  }

  private static void awaitGate(RunLifecycle looking, CompletableFuture<RunEnding> run) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(CommandFailed.class) // it is not there yet
        .until(
            () ->
                run.isDone()
                    || looking.state("r").advice().filter(CanaryRunsTest::isOfGate).isPresent());
    assertThat(run).isNotDone();
  }

  private static boolean isOfGate(String advice) {
    return advice.contains("Its canary has passed, and it waits at the gate");
  }
}
