package dev.godwit.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.TaskFailure;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.Settling;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.report.RunTexts;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.RunHook;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.SourceJson;
import dev.godwit.run.Tally;
import dev.godwit.run.TargetJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Runs with the real definitions, the real worker and a real DynamoDB Local. */
class EmbeddedEngineTest {
  private static final String RAISED_ARN =
      "arn:aws:states:local:000000000000:execution:migrate-table:r-raised";
  private static final String TABLE = "Birds";
  private static final String ID = "20261120-test";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  @TempDir Path folder;
  private final List<RunLifecycle> open = new ArrayList<>();

  @AfterEach
  void closeRuns() {
    open.forEach(RunLifecycle::close);
  }

  @BeforeEach
  void createTable() {
    DYNAMO_DB.createTable(TABLE, "id");
  }

  @AfterEach
  void deleteTables() {
    for (String table : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(table)); // the ledger too: ids are used again
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  @Test
  void run_manyPagesPerSegment_offersEveryItemOnceAndWritesIt() {
    // 3 segments of about 1.3 MB: more than one page each.
    fill(40, 100_000);
    var offered = new ConcurrentHashMap<String, Integer>();
    var ending =
        run(
            request("r-pages", 3),
            (item, context) -> {
              offered.merge(item.string("id"), 1, Integer::sum);
              return Change.replace(item.with("run", context.runId()));
            });
    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.segments()).isEqualTo(new SegmentCounts(3, 3, 0));
    assertThat(ending.tally().count(Counter.SCANNED)).isEqualTo(40);
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(40);
    assertThat(offered).hasSize(40).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
    assertThat(contents().values())
        .hasSize(40)
        .allSatisfy(item -> assertThat(item).containsEntry("run", AttributeValue.fromS("r-pages")));
  }

  @Test
  void run_slicesOfOneSecond_goOnAtTheirCursorsAndAddUp() {
    fill(60, 100_000);
    var seen = Collections.synchronizedList(new ArrayList<String>());
    var ending =
        run(
            request("r-slices", 2, "sliceSeconds", 1),
            (item, context) -> {
              seen.add(item.string("id"));
              Thread.sleep(30);
              return Change.replace(item.with("done", true));
            });
    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(Set.copyOf(seen))
        .hasSize(60); // one may come again, where time ran out before it was written
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(60);
  }

  @Test
  void run_withAFilterThatLeavesPagesEmpty_seesEveryItemThatPasses() {
    fill(40, 100_000);
    var offered = Collections.synchronizedList(new ArrayList<String>());
    var migration =
        new TestMigration(
            (item, context) -> {
              offered.add(item.string("id"));
              return Change.replace(item.with("found", true));
            },
            Optional.of(
                new ScanFilter("id = :id", Map.of(), Map.of(":id", Value.string("item-00013")))));
    var ending = run(request("r-filter", 1), migration, new StopSignal());
    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(offered).containsExactly("item-00013");
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(1);
  }

  @Test
  void run_again_updatesNothing() {
    fill(50, 10);
    ItemTransform once =
        (item, context) ->
            item.has("done") ? Change.keep() : Change.replace(item.with("done", true));
    assertThat(run(request("r-first", 4), once).tally().count(Counter.UPDATED)).isEqualTo(50);
    var second = run(request("r-second", 4), once);
    assertThat(second.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(second.tally().count(Counter.UPDATED)).isZero();
    assertThat(second.tally().count(Counter.KEPT)).isEqualTo(50);
  }

  @Test
  void run_dry_countsAndWritesNothing() {
    fill(50, 10);
    var before = contents();
    var ending =
        run(
            request("r-dry", 4, "mode", "dry-run"),
            (item, context) -> Change.replace(item.with("done", true)));
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(50);
    assertThat(ending.samples())
        .hasSize(20)
        .allSatisfy(
            sample -> assertThat(sample.after()).contains(sample.before().with("done", true)));
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void run_oneSegmentFails_theOthersEndAtTheItemInHand() {
    fill(400, 10);
    var failing = new AtomicReference<Thread>();
    var offeredElsewhere = new AtomicInteger();
    var ending =
        run(
            request("r-others", 2),
            (item, context) -> {
              var here = Thread.currentThread();
              if (failing.compareAndSet(null, here) || here.equals(failing.get())) {
                throw new IllegalStateException("all of one segment");
              }
              offeredElsewhere.incrementAndGet();
              Thread.sleep(50);
              return Change.replace(item.with("done", true));
            });
    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(offeredElsewhere).as("of about 200").hasValueLessThan(150);
    assertThat(contents().values())
        .filteredOn(item -> item.containsKey("done"))
        .as("what was offered is written")
        .hasSize(offeredElsewhere.get());
  }

  @Test
  void run_aTransformThatThrows_keepsARecordAndFailsTheRun() throws IOException {
    fill(20, 10);
    var ending =
        run(
            request("r-throws", 2),
            (item, context) -> {
              if (item.string("id").equals("item-00007")) {
                throw new IllegalStateException("seven");
              }
              return Change.replace(item.with("done", true));
            });
    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.segments().failed()).isEqualTo(1);
    assertThat(ending.tally().count(Counter.FAILED)).isEqualTo(1);
    assertThat(ending.error().orElseThrow())
        .contains("dev.godwit.worker.ItemFailuresExceeded")
        .contains("java.lang.IllegalStateException")
        .contains(folder.toString());
    assertThat(failureRecords(ending))
        .singleElement()
        .asString()
        .contains("java.lang.IllegalStateException")
        .contains("item-00007");
    assertThat(contents().get("item-00007")).doesNotContainKey("done");
  }

  @Test
  void run_aTransformThatAnswersNull_withinWhatIsAllowed_keepsARecordAndSucceeds()
      throws IOException {
    fill(20, 10);
    var ending =
        run(
            request("r-null", 2, "itemFailuresAllowed", 1),
            (item, context) ->
                item.string("id").equals("item-00007")
                    ? nothing()
                    : Change.replace(item.with("done", true)));
    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.FAILED)).isEqualTo(1);
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(19);
    assertThat(failureRecords(ending)).singleElement().asString().contains("item-00007");
  }

  @Test
  void run_retryingFailures_offersOnlyTheItemsThatFailedBefore() {
    fill(40, 100);
    run(
        request("r-first", 4, "itemFailuresAllowed", 40),
        (item, context) -> {
          if (item.string("id").endsWith("7")) {
            throw new IllegalStateException("not yet");
          }
          return Change.replace(item.with("done", true));
        });
    var offered = ConcurrentHashMap.<String>newKeySet();

    var ending =
        run(
            request("r-retry", 3, "retryFailures", "r-first"),
            (item, context) -> {
              offered.add(item.string("id"));
              return Change.replace(item.with("done", true));
            });

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.SCANNED)).isEqualTo(4);
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(4);
    assertThat(offered).hasSize(4).allMatch(id -> id.endsWith("7"));
    assertThat(contents().values()).hasSize(40).allMatch(item -> item.containsKey("done"));
  }

  @Test
  void run_retryingFailuresOfARunThatLeftNone_isRefusedAndStartsNothing() {
    fill(4, 100);

    assertThatThrownBy(
            () ->
                run(
                    request("r-retry", 1, "retryFailures", "r-mistyped"),
                    (item, context) -> Change.delete()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("There are no failure records of the run r-mistyped under " + folder)
        .hasMessageContaining("'godwit runs' lists the runs");

    assertThat(engine(new TestMigration((item, context) -> Change.keep())).newestFirst()).isEmpty();
  }

  @Test
  void run_deferredActions_areCarriedOutOnceTheScanIsOverAndAreNotScanned() {
    fill(30, 100);
    var offered = ConcurrentHashMap.<String>newKeySet();

    var ending =
        run(
            request("r-deferred", 4),
            (item, context) -> {
              var id = item.string("id");
              offered.add(id);
              return Change.later(Action.putIfAbsent(TABLE, Item.empty().with("id", "copy-" + id)));
            });

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(offered).hasSize(30).noneMatch(id -> id.startsWith("copy-"));
    assertThat(ending.tally().count(Counter.DEFERRED)).isEqualTo(30);
    assertThat(contents()).hasSize(60);
  }

  @Test
  void run_finishedSegments_areCountedInTheRateDocumentOnce() {
    fill(30, 100);

    run(
        request("r-counted", 70),
        (item, context) ->
            Change.later(
                Action.putIfAbsent(TABLE, Item.empty().with("id", "copy-" + item.string("id")))));

    var rate =
        CLIENT
            .getItem(
                get ->
                    get.tableName(LedgerTable.OF_MACHINES)
                        .key(
                            Map.of(
                                "pk", AttributeValue.fromS("RUN#r-counted"),
                                "sk", AttributeValue.fromS("RATE"))))
            .item();
    assertThat(rate)
        .as("segments 3 and 67, and 63")
        .containsEntry("scanned-3", AttributeValue.fromN("2"))
        .containsEntry("scanned-63", AttributeValue.fromN("1"));
    assertThat(sum(rate, "scanned-")).isEqualTo(70);
    assertThat(sum(rate, "actions-")).isBetween(1L, 30L);
  }

  private static long sum(Map<String, AttributeValue> rate, String prefix) {
    return rate.entrySet().stream()
        .filter(attribute -> attribute.getKey().startsWith(prefix))
        .mapToLong(attribute -> Long.parseLong(attribute.getValue().n()))
        .sum();
  }

  @Test
  void run_deferredActionsRefusedWithinWhatIsAllowed_areCountedAndReported() {
    fill(30, 100);

    var ending = run(request("r-refused", 4, "itemFailuresAllowed", 5), REFUSED_LATER);

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.SCANNED)).isEqualTo(30);
    assertThat(ending.tally().count(Counter.FAILED)).isEqualTo(3);
    assertThat(ending.tally().count(Counter.ACTIONS)).isEqualTo(27);
    var report = report("r-refused");
    assertThat(report.exact().count(Counter.FAILED)).isEqualTo(3);
    assertThat(report.failures().values()).containsExactly(3L);
    assertThat(report.failureFiles())
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Path.of(file)).exists())
        .allSatisfy(file -> assertThat(file).contains("/r-refused/failed-actions/segment-"));
    assertThat(report.failedActions()).isEmpty();
  }

  @Test
  void run_moreDeferredActionsRefusedThanAllowed_failsAndReportsThem() {
    fill(30, 100);

    var ending = run(request("r-refused", 1), REFUSED_LATER);

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.tally().count(Counter.FAILED)).isEqualTo(3);
    assertThat(ending.tally().count(Counter.ACTIONS)).isEqualTo(27);
    assertThat(ending.error().orElseThrow())
        .contains("3 deferred actions of segment 0 were refused")
        .contains("a redrive sends the same actions again");
    var report = report("r-refused");
    assertThat(report.failedSegments()).isEmpty();
    assertThat(report.failedActions())
        .singleElement()
        .satisfies(
            failed -> {
              assertThat(failed.file()).isEqualTo("runs/r-refused/deferred/segment-00000.jsonl");
              assertThat(failed.error()).isEqualTo("dev.godwit.worker.ItemFailuresExceeded");
            });
    assertThat(report.failures().values()).containsExactly(3L);
    assertThat(report.failureFiles()).hasSize(1);
    assertThat(RunTexts.of(report)).contains("deferred actions").contains("failed-actions/");
    assertThat(JsonReport.of(report)).contains("\"failedActions\":[{\"file\":\"runs/r-refused/");
  }

  /** Of three items in thirty, asks later for what DynamoDB refuses: a number as the key. */
  private static final ItemTransform REFUSED_LATER =
      (item, context) -> {
        var copy = Item.empty();
        return Change.later(
            Action.put(
                TABLE,
                item.string("id").endsWith("7")
                    ? copy.with("id", 7)
                    : copy.with("id", "copy-" + item.string("id"))));
      };

  private RunReport report(String runId) {
    return engine(new TestMigration((item, context) -> Change.keep())).report(runId);
  }

  @Test
  void run_failedScan_carriesOutNoDeferredAction() {
    fill(30, 100);

    var ending =
        run(
            request("r-failed", 4),
            (item, context) -> {
              if (item.string("id").endsWith("7")) {
                throw new IllegalStateException("poisoned");
              }
              return Change.later(
                  Action.putIfAbsent(TABLE, Item.empty().with("id", "copy-" + item.string("id"))));
            });

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(contents()).hasSize(30);
  }

  @Test
  void run_stopped_endsAtPageBoundaries_andTheNextRunFinishesTheRest() {
    fill(60, 100_000);
    var stop = new StopSignal();
    var offered = new AtomicInteger();
    ItemTransform transform =
        (item, context) -> {
          if (offered.incrementAndGet() == 3) {
            stop.stop();
          }
          return item.has("done") ? Change.keep() : Change.replace(item.with("done", true));
        };
    var stopped = run(request("r-stopped", 2), new TestMigration(transform), stop);
    assertThat(stopped.status()).isEqualTo(RunStatus.ABORTED);
    long done = contents().values().stream().filter(item -> item.containsKey("done")).count();
    assertThat(done).isPositive().isLessThan(60);
    assertThat(stopped.tally().count(Counter.UPDATED)).isEqualTo(done);

    var rest = run(request("r-rest", 2), transform);
    assertThat(rest.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(rest.tally().count(Counter.UPDATED)).isEqualTo(60 - done);
  }

  @Test
  void redrive_ofAStoppedRun_finishesItAndAddsUpTheWholeRun() {
    fill(60, 100_000);
    var stop = new StopSignal();
    var offered = new AtomicInteger();
    ItemTransform transform =
        (item, context) -> {
          if (offered.incrementAndGet() == 3) {
            stop.stop();
          }
          return Change.replace(item.with("done", true));
        };
    var request = request("r-redriven", 3);
    assertThat(run(request, new TestMigration(transform), stop).status())
        .isEqualTo(RunStatus.ABORTED);

    var engine = engine(new TestMigration(transform));
    assertThat(engine.state("r-redriven").request()).isEqualTo(request);
    var ending = engine.redrive("r-redriven", false, UNHEARD, new StopSignal());
    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.segments()).isEqualTo(new SegmentCounts(3, 3, 0));
    assertThat(ending.tally().count(Counter.SCANNED)).as("of the whole run").isEqualTo(60);
    assertThat(contents().values()).allSatisfy(item -> assertThat(item).containsKey("done"));

    assertThatThrownBy(() -> engine.redrive(request.runId(), false, UNHEARD, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("has succeeded");
  }

  @Test
  void redrive_ofAStoppedRunWithATarget_putsTheRestAndAddsUpTheWholeRun() {
    fill(60, 100_000);
    DYNAMO_DB.createTable("Birds-2", "number:N");
    var stop = new StopSignal();
    var offered = new AtomicInteger();
    ItemTransform transform =
        (item, context) -> {
          if (offered.incrementAndGet() == 3) {
            stop.stop();
          }
          var number = Integer.parseInt(item.string("id").substring("item-".length()));
          return Change.replace(item.with("number", number).without("payload"));
        };
    var target = RunRequestJson.write(RunRequestJson.read(REQUEST)).objectNode();
    target.put("tableName", "Birds-2").put("put", "if-absent");
    var request = request("r-into", 3, "target", target);
    assertThat(run(request, new TestMigration(transform), stop).status())
        .isEqualTo(RunStatus.ABORTED);

    var engine = engine(new TestMigration(transform));
    assertThat(engine.state("r-into").request()).isEqualTo(request);
    var ending = engine.redrive("r-into", false, UNHEARD, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.SCANNED)).as("of the whole run").isEqualTo(60);
    assertThat(ending.tally().count(Counter.PUT) + ending.tally().count(Counter.THERE_ALREADY))
        .isEqualTo(60);
    assertThat(CLIENT.scan(scan -> scan.tableName("Birds-2")).items())
        .hasSize(60)
        .allSatisfy(item -> assertThat(item).containsKey("id").doesNotContainKey("payload"));
    assertThat(contents().values())
        .as("the table that is read")
        .hasSize(60)
        .allSatisfy(item -> assertThat(item).containsKey("payload"));
    assertThatThrownBy(() -> engine.undoable("r-into"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("has put items into Birds-2");
  }

  @Test
  void redrive_ofAStoppedRunOfItemsThatAreMade_makesTheRestIntoItsOwnTable() {
    fill(2, 10);
    var stop = new StopSignal();
    var made = new AtomicInteger();
    var migration =
        new MadeBirds(
            (item, context) -> {
              if (made.incrementAndGet() == 5) {
                stop.stop();
              }
              return Change.keep();
            });

    assertThat(run(request("r-made", 3), migration, stop).status()).isEqualTo(RunStatus.ABORTED);
    var ending = engine(migration).redrive("r-made", false, UNHEARD, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.SCANNED)).as("of the whole run").isEqualTo(5000);
    assertThat(ending.tally().count(Counter.PUT) + ending.tally().count(Counter.THERE_ALREADY))
        .isEqualTo(5000);
    assertThat(contents()).hasSize(5002);
    assertThat(new Ledger(CLIENT, LedgerTable.OF_MACHINES).history(TABLE))
        .singleElement()
        .satisfies(entry -> assertThat(entry.state()).isEqualTo("applied"));
  }

  @Test
  void redrive_ofAStoppedRunOfAFile_putsTheRestAndAddsUpTheWholeRun() throws IOException {
    fill(1, 10);
    var lines = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      lines.append("{\"Item\":{\"id\":{\"S\":\"read-").append(i).append("\"}}}\n");
    }
    var file = folder.resolve("birds.jsonl");
    Files.writeString(file, lines.append("{\n"));
    var stop = new StopSignal();
    var offered = new AtomicInteger();
    ItemTransform transform =
        (item, context) -> {
          if (offered.incrementAndGet() == 5) {
            stop.stop();
          }
          return Change.keep();
        };
    var source = SourceJson.write(Source.file(file.toString()));
    var target = TargetJson.write(Target.table(TABLE));
    var asked = RunRequestJson.write(request("r-file", 3)).put("itemFailuresAllowed", 1);
    asked.set("source", source);
    asked.set("target", target);
    var request = RunRequestJson.read(asked.toString());
    var migration = new TestMigration(transform);
    assertThat(run(request, migration, stop).status()).isEqualTo(RunStatus.ABORTED);

    var ending = engine(migration).redrive("r-file", false, UNHEARD, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.SCANNED)).as("of the whole run").isEqualTo(3001);
    assertThat(ending.tally().count(Counter.FAILED)).isEqualTo(1);
    assertThat(contents()).hasSize(3001);

    var again = request("r-again", 3, "source", source);
    var changed = engine(new TestMigration((item, context) -> Change.keep()));
    Files.writeString(file, "{\"id\":{\"S\":\"other\"}}\n");
    assertThat(changed.run(again, UNHEARD, new StopSignal()).tally().count(Counter.SCANNED))
        .as("a run of its own reads the file as it is now")
        .isEqualTo(1);
  }

  @Test
  void redrive_ofARunWhoseFileHasChanged_saysSo() throws IOException {
    fill(3, 10);
    var file = folder.resolve("birds.jsonl");
    Files.writeString(file, "{\"id\":{\"S\":\"item-00000\"}}\n");
    var request = request("r-changed", 1, "source", SourceJson.write(Source.file(file.toString())));
    var failing =
        new TestMigration(
            (item, context) -> {
              throw new IllegalStateException("not yet");
            });
    assertThat(run(request, failing, new StopSignal()).status()).isEqualTo(RunStatus.FAILED);

    Files.writeString(file, "{\"id\":{\"S\":\"item-00001\"}}\n{}\n");
    var ending = engine(failing).redrive("r-changed", false, UNHEARD, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.error().orElseThrow()).contains("has changed since the run began");
  }

  /** Makes 5,000 birds. */
  private record MadeBirds(ItemTransform up) implements ForATest {
    @Override
    public Source source() {
      return Source.generator(
          (shard, shards, position, context) ->
              LongStream.iterate(shard + position * shards, n -> n < 5000, n -> n + shards)
                  .mapToObj(n -> Item.empty().with("id", "made-" + n))
                  .iterator());
    }
  }

  @Test
  void run_withATargetThatIsNotThere_failsBeforeItTakesTheTable() {
    fill(1, 10);
    var target = RunRequestJson.write(RunRequestJson.read(REQUEST)).objectNode();
    target.put("tableName", "Nowhere");

    var ending = run(request("r-nowhere", 1, "target", target), (item, context) -> Change.keep());

    assertThat(ending.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ending.error().orElseThrow()).contains("Nowhere");
    assertThat(new Ledger(CLIENT, LedgerTable.OF_MACHINES).run("r-nowhere")).isEmpty();
  }

  @Test
  void redrive_ofAFailedRunWhoseTransformIsMended_succeeds() {
    fill(20, 10);
    var request = request("r-mended", 2);
    assertThat(
            run(
                    request,
                    (item, context) -> {
                      throw new IllegalStateException("broken");
                    })
                .status())
        .isEqualTo(RunStatus.FAILED);
    var ending =
        engine(new TestMigration((item, context) -> Change.replace(item.with("x", 1))))
            .redrive(request.runId(), true, UNHEARD, new StopSignal());
    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(contents().values()).allSatisfy(item -> assertThat(item).containsKey("x"));
  }

  @Test
  void redrive_ofARunWhoseHookAfterwardsIsMended_callsThatAndReadsNothingAgain() {
    fill(20, 10);
    var order = Collections.synchronizedList(new ArrayList<String>());
    var broken = new AtomicBoolean(true);
    var migration =
        new Hooked(
            (item, context) -> {
              order.add("item");
              return Change.replace(item.with("x", 1));
            },
            run -> order.add("before " + run.runId() + " over " + run.tableName()),
            run -> {
              order.add("after");
              if (broken.get()) {
                throw new IOException("no room");
              }
            });

    var failed = run(request("r-hooks", 2), migration, new StopSignal());

    assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
    assertThat(failed.error().orElseThrow()).contains("no room", "All items are done");
    assertThat(order).first().isEqualTo("before r-hooks over " + TABLE);
    assertThat(order.subList(1, 21)).containsOnly("item");
    assertThat(order.subList(21, order.size())).hasSize(4).containsOnly("after");

    broken.set(false);
    order.clear();
    var ending = engine(migration).redrive("r-hooks", false, UNHEARD, new StopSignal());

    assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending.tally().count(Counter.UPDATED)).as("of the whole run").isEqualTo(20);
    assertThat(order).containsExactly("after");
  }

  @Test
  void run_dryOrVerifying_callsNoHook() {
    fill(5, 10);
    var called = new AtomicInteger();
    var migration =
        new Hooked(
            (item, context) -> Change.keep(),
            run -> called.incrementAndGet(),
            run -> called.incrementAndGet());

    run(request("r-dry-hooks", 1, "mode", "dry-run"), migration, new StopSignal());
    run(request("r-verify-hooks", 1, "mode", "verify"), migration, new StopSignal());

    assertThat(called).hasValue(0);
  }

  @Test
  void redrive_whileItIsBeingSettled_isRefused() throws IOException {
    fill(5, 10);
    var request = request("r-settling", 1);
    run(request, failing());
    forgetSettlement("settle-r-settling-0");
    var asked = new CountDownLatch(1);
    try (var settling =
        Engine.builder(folder)
            .task(
                "aws-sdk:",
                call -> {
                  awaitIgnoringInterrupts(asked);
                  throw new TaskFailure("DynamoDb.SdkClientException", "gone");
                })
            .build()) {
      settling.start(
          Definitions.settleRun(EngineTasks.substitutions(LedgerTable.OF_MACHINES)),
          "settle-r-settling-0",
          settling.statusChangeEvent("r-settling"));
      assertThatThrownBy(
              () ->
                  engine(new TestMigration(failing()))
                      .redrive(request.runId(), true, UNHEARD, new StopSignal()))
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("The run r-settling has ended, and its books are being closed");
    } finally {
      asked.countDown();
    }
  }

  @Test
  void settle_whoseCapacityAwsRefusesToLower_endsAndSaysWhy() throws IOException {
    var outcome = settledWhereLoweringFails("DynamoDb.LimitExceededException", "four a day");

    assertThat(outcome.failure()).as("all else is settled").isEmpty();
    assertThat(outcome.capacityNotRestored()).contains("AWS refused (four a day)");
  }

  @Test
  void settle_byWhoMayNotLowerTheCapacity_saysWhatToAllow() throws IOException {
    var outcome = settledWhereLoweringFails("DynamoDb.AccessDeniedException", "not authorized");

    assertThat(outcome.capacityNotRestored())
        .contains("you may not do that: allow dynamodb:UpdateTable (not authorized)");
  }

  private Settling.Outcome settledWhereLoweringFails(String error, String cause)
      throws IOException {
    fill(5, 10);
    run(request("r-raised", 1), failing());
    forgetSettlement("settle-r-raised-0");
    var ending =
        new Settling.Ending(
            RAISED_ARN,
            "r-raised",
            RunStatus.FAILED,
            Instant.now(),
            "",
            "",
            0,
            "{\"runId\": \"r-raised\"}");
    return new EmbeddedSettling(
            () -> refusingToLower(error, cause),
            LedgerTable.OF_MACHINES,
            Optional.of(folder),
            EmbeddedSettling.Patience.REAL)
        .settle(ending, Optional::empty);
  }

  @Test
  void newestFirst_withRunsThatCannotBeRead_tellsThemAsSuchAndListsTheOthers() throws IOException {
    fill(5, 10);
    for (String id : List.of("r-good", "r-damaged", "r-unreadable")) {
      run(request(id, 1), (item, context) -> Change.keep());
    }
    var executions = folder.resolve("executions");
    Files.writeString(executions.resolve("r-damaged/execution.json"), "{\"name\": \"r-dam");
    Files.delete(executions.resolve("r-unreadable/execution.json"));
    Files.createDirectory(executions.resolve("r-unreadable/execution.json"));

    var runs = engine(new TestMigration((item, context) -> Change.keep()));

    assertThat(runs.newestFirst())
        .extracting(listed -> listed.runId() + " " + listed.status())
        .containsExactlyInAnyOrder(
            "r-damaged DAMAGED", "r-unreadable UNREADABLE", "r-good SUCCEEDED");
    assertThat(RunTexts.ofRuns(runs.newestFirst())).contains("DAMAGED").contains("r-good");
    assertThat(runs.holder(TABLE)).as("other commands go on too").isEmpty();
  }

  private static EngineTasks refusingToLower(String error, String cause) {
    return new EngineTasks() {
      @Override
      public Engine.Builder on(Engine.Builder builder) {
        return builder.task("aws-sdk:", call -> refusingToLower(call.resource(), error, cause));
      }

      @Override
      public void close() {}
    };
  }

  private static JsonNode refusingToLower(String resource, String error, String cause)
      throws TaskFailure, IOException {
    if (resource.endsWith(":getItem")) {
      return JSON.readTree(
          """
          {"Item": {"tableName": {"S": "Birds"}, "migration": {"S": "m"}, "direction": {"S": "up"},
            "executionArn": {"S": "%s"},
            "mode": {"S": "apply"}, "fence": {"N": "1"}, "status": {"S": "RUNNING"}, "capacityBefore": {"S":
              "{\\"table\\": {\\"readUnits\\": 1, \\"writeUnits\\": 1}, \\"indexes\\": [], \\"scaling\\": [], \\"raisedTo\\": {\\"readUnits\\": 9, \\"writeUnits\\": 9}}"}}}"""
              .formatted(RAISED_ARN));
    }
    if (resource.endsWith(":describeTable")) {
      return JSON.readTree(
          """
          {"Table": {"TableStatus": "ACTIVE",
            "ProvisionedThroughput": {"ReadCapacityUnits": 9, "WriteCapacityUnits": 9}}}""");
    }
    if (resource.endsWith(":updateTable")) {
      throw new TaskFailure(error, cause);
    }
    return JSON.readTree("{}");
  }

  private static ItemTransform failing() {
    return (item, context) -> {
      throw new IllegalStateException("spoiled");
    };
  }

  private static void awaitIgnoringInterrupts(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forgetSettlement(String name) throws IOException {
    try (var files = Files.walk(folder.resolve("executions").resolve(name))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void redrive_whileAnotherRunHoldsTheTable_isRefusedAndNamesIt() {
    fill(5, 10);
    var failed = request("r-failed", 1);
    ItemTransform broken =
        (item, context) -> {
          throw new IllegalStateException("broken");
        };
    run(failed, broken);
    var refusals = new ArrayList<String>();
    run(
        request("r-other", 1),
        (item, context) -> {
          try {
            engine(new TestMigration(broken)).redrive("r-failed", false, UNHEARD, new StopSignal());
          } catch (CommandFailed e) {
            refusals.add(e.getMessage());
          }
          return Change.keep();
        });
    assertThat(refusals)
        .hasSize(5)
        .allSatisfy(told -> assertThat(told).contains("the run r-other"));
  }

  @Test
  void redrive_atAnotherEndpoint_isRefusedBecauseItsLedgerDoesNotKnowTheRun() {
    fill(5, 10);
    var request = request("r-elsewhere", 1);
    ItemTransform broken =
        (item, context) -> {
          throw new IllegalStateException("broken");
        };
    run(request, broken);
    try (var elsewhere = LocalDynamoDb.inMemory()) {
      elsewhere.createTable(TABLE, "id");
      elsewhere.createTable("godwit-ledger", "pk", "sk");
      var engine = engine(new TestMigration(broken), elsewhere, Integer.MAX_VALUE);
      assertThatThrownBy(() -> engine.redrive(request.runId(), false, UNHEARD, new StopSignal()))
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("does not know the run r-elsewhere");
    }
  }

  @Test
  void run_whileAnotherHoldsTheTable_failsAtOnceAndNamesTheHolder() {
    fill(5, 10);
    var inner = new ArrayList<RunEnding>();
    var first = new AtomicInteger();
    run(
        request("r-holder", 1),
        (item, context) -> {
          if (first.getAndIncrement() == 0) {
            inner.add(run(request("r-late", 1), (other, late) -> Change.delete()));
          }
          return Change.keep();
        });
    assertThat(inner.get(0).status()).isEqualTo(RunStatus.FAILED);
    assertThat(inner.get(0).error().orElseThrow())
        .contains("Godwit.TableIsTaken")
        .contains("r-holder")
        .contains("Nothing was changed")
        .doesNotContain("The first failure");
    assertThat(inner.get(0).advice().orElseThrow())
        .contains("godwit stop r-holder")
        .doesNotContain("redrive");
    assertThat(contents()).hasSize(5);

    assertThat(run(request("r-after", 1), (item, context) -> Change.keep()).status())
        .as("the lease was released")
        .isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void run_moreSegmentsThanItems_isDone() {
    fill(3, 10);
    var ending = run(request("r-many", 200), (item, context) -> Change.replace(item.with("x", 1)));
    assertThat(ending.segments()).isEqualTo(new SegmentCounts(200, 200, 0));
    assertThat(ending.tally().count(Counter.UPDATED)).isEqualTo(3);
  }

  @Test
  void run_moreSegmentsAtATimeThanFit_asksForThoseThatFit_soThatTheBudgetIsSharedOverThem() {
    fill(3, 10);
    var adjusted = new ArrayList<String>();
    var engine = engine(new TestMigration((item, context) -> Change.keep()), DYNAMO_DB, 2);
    var observer =
        new RunObserver() {
          @Override
          public void pageDone(Tally page) {}

          @Override
          public void segmentsAre(SegmentCounts counts) {}

          @Override
          public void adjusted(String how) {
            adjusted.add(how);
          }
        };

    engine.run(request("r-crowd", 4), observer, new StopSignal());
    assertThat(engine.state("r-crowd").request().maxConcurrency()).isEqualTo(2);
    assertThat(adjusted)
        .singleElement()
        .asString()
        .contains("Running 2 segments at a time, not 4: no more fit into this process's memory");

    engine.run(request("r-pair", 2), observer, new StopSignal());
    assertThat(adjusted).as("two segments fit").hasSize(1);
  }

  @Test
  void run_reportsEveryPageAndTheSegments() {
    fill(30, 10);
    var sum = new Tally.Sum();
    var last = new ArrayList<SegmentCounts>();
    engine(new TestMigration((item, context) -> Change.replace(item.with("x", 1))))
        .run(
            request("r-observed", 3),
            new RunObserver() {
              @Override
              public synchronized void pageDone(Tally page) {
                sum.add(page);
              }

              @Override
              public void segmentsAre(SegmentCounts counts) {
                last.add(counts);
              }
            },
            new StopSignal());
    assertThat(sum.total().count(Counter.UPDATED)).isEqualTo(30);
    assertThat(last.get(last.size() - 1)).isEqualTo(new SegmentCounts(3, 3, 0));
  }

  private RunEnding run(RunRequest request, ItemTransform transform) {
    return run(request, new TestMigration(transform), new StopSignal());
  }

  private RunEnding run(RunRequest request, Migration migration, StopSignal stop) {
    return engine(migration).run(request, UNHEARD, stop);
  }

  private RunLifecycle engine(Migration migration) {
    return engine(migration, DYNAMO_DB, Integer.MAX_VALUE);
  }

  private RunLifecycle engine(Migration migration, LocalDynamoDb dynamoDb, int slicesThatFit) {
    var runs =
        EmbeddedEngines.lifecycle(
            folder,
            RunSource.given(
                new Whereabouts(
                    DynamoDbConnection.local(dynamoDb.endpoint()),
                    LedgerTable.OF_MACHINES,
                    () -> Migrations.of(List.of(migration))),
                Optional.empty()),
            slicesThatFit);
    open.add(runs);
    return runs;
  }

  private static RunRequest request(String runId, int segments, Object... changes) {
    var json = RunRequestJson.write(RunRequestJson.read(REQUEST));
    json.put("runId", runId).put("totalSegments", segments);
    for (int i = 0; i < changes.length; i += 2) {
      json.putPOJO((String) changes[i], changes[i + 1]);
    }
    return RunRequestJson.read(json.toString());
  }

  private static final RunObserver UNHEARD =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}
      };

  private static final String REQUEST =
      """
      {"version":1,"runId":"r","tableName":"Birds","migration":"20261120-test","direction":"up",\
      "mode":"apply","totalSegments":1,"maxConcurrency":4,"sliceSeconds":240,"guard":"read-set",\
      "itemFailuresAllowed":0,"toleratedFailurePercentage":0,"parameters":{}}""";

  private static void fill(int items, int bytes) {
    var payload = AttributeValue.fromS("x".repeat(bytes));
    var writes =
        IntStream.range(0, items)
            .mapToObj(
                i ->
                    WriteRequest.builder()
                        .putRequest(
                            PutRequest.builder()
                                .item(
                                    Map.of(
                                        "id",
                                        AttributeValue.fromS(
                                            String.format(Locale.ROOT, "item-%05d", i)),
                                        "payload",
                                        payload))
                                .build())
                        .build())
            .toList();
    for (int from = 0; from < items; from += 25) {
      var batch = writes.subList(from, Math.min(items, from + 25));
      CLIENT.batchWriteItem(write -> write.requestItems(Map.of(TABLE, batch)));
    }
  }

  private static Map<String, Map<String, AttributeValue>> contents() {
    var contents = new HashMap<String, Map<String, AttributeValue>>();
    CLIENT
        .scanPaginator(scan -> scan.tableName(TABLE).consistentRead(true))
        .items()
        .forEach(item -> contents.put(Objects.requireNonNull(item.get("id")).s(), item));
    return contents;
  }

  private static List<String> failureRecords(RunEnding ending) throws IOException {
    try (var files = Files.walk(Path.of(ending.resultsLocation(), "failures"))) {
      var lines = new ArrayList<String>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
      return lines;
    }
  }

  @SuppressWarnings("NullAway") // user code may do this
  private static Change nothing() {
    return null;
  }

  /** Any table's. */
  private interface ForATest extends Migration {
    @Override
    default String id() {
      return ID;
    }

    @Override
    default String table() {
      return "*";
    }

    @Override
    default String description() {
      return "For a test";
    }
  }

  private record Hooked(ItemTransform up, RunHook before, RunHook after) implements ForATest {
    @Override
    public Optional<RunHook> beforeRun() {
      return Optional.of(before);
    }

    @Override
    public Optional<RunHook> afterRun() {
      return Optional.of(after);
    }
  }

  private record TestMigration(ItemTransform up, Optional<ScanFilter> filter) implements ForATest {
    TestMigration(ItemTransform up) {
      this(up, Optional.empty());
    }
  }
}
