package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Source;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.MeteredDynamoDb;
import dev.godwit.worker.dynamodb.MeteredDynamoDb.Answered;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.pace.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole slices on a clock of the test's own, one after the other, as their units are metered. */
class PacedSlicesTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int SLICE_SECONDS = 60;
  private static final int MIXED = 1_009;
  private static final int ENDLESS = 1_000_000;
  private static final double BUDGET = 100;

  private static final ItemTransform KEEP = (item, context) -> Change.keep();
  private static final ItemTransform MARK =
      (item, context) -> Change.replace(item.with("marked", true));

  private final InMemoryRecords records = new InMemoryRecords();
  private Timer timer = new FakeTimer();
  private MeteredDynamoDb metered = new MeteredDynamoDb(ENDLESS, Duration.ofMillis(10), timer);
  private DynamoDbDatabase database =
      new DynamoDbDatabase(metered.client(), false, PageListener.NONE, timer);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void run_twoSlicesInARow_writeNoMoreThanTheBudgetInAnySecondAndUseIt() {
    var slice = slice().writeUnitsPerSecond(BUDGET);
    var answers = inTwoSlices(MARK, slice, "BatchExecuteStatement");

    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
    assertThat(unitsPerSecond(answers)).isGreaterThanOrEqualTo(0.95 * BUDGET);
  }

  @Test
  void run_twoSlicesInARow_readNoMoreThanTheBudgetInAnySecondAndUseIt() {
    var slice = slice().readUnitsPerSecond(BUDGET);
    var answers = inTwoSlices(KEEP, slice, "Scan");

    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
    assertThat(unitsPerSecond(answers)).isGreaterThanOrEqualTo(0.95 * BUDGET);
  }

  /** What they cost by their keys nobody knows before they are read. */
  @TestFactory
  Stream<DynamicTest> run_indexThatHasOnlyKeys_readsNoMoreThanTheBudgetInAnySecondAndUsesIt() {
    var mixed = new Random(1).ints(MIXED, 1, 9).toArray();
    return Stream.of(
            new Keyed("half a unit", item -> 0.5),
            new Keyed("1 unit", item -> 1),
            new Keyed("10 units", item -> 10),
            new Keyed("1 to 8 units", item -> mixed[item % MIXED]),
            new Keyed("half a unit, each twentieth 5", item -> item % 20 == 0 ? 5 : 0.5))
        .flatMap(
            keyed ->
                Stream.of(100, 1_000)
                    .map(
                        budget ->
                            DynamicTest.dynamicTest(
                                keyed.name + ", " + budget + " units per second",
                                () -> assertKeptAndUsed(keyed, budget))));
  }

  /**
   * Items of a table.
   *
   * @param units what the item {@code id} costs
   */
  private record Keyed(String name, IntToDoubleFunction units) {}

  private void assertKeptAndUsed(Keyed keyed, double budget) {
    beginWith(ENDLESS);
    metered.readByKeyFor(keyed.units);
    inTwoSlices(
        KEEP,
        slice().seconds(20).readUnitsPerSecond(budget).source(Source.index(MeteredDynamoDb.INDEX)),
        "Scan");
    var answers = metered.reads();

    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(budget);
    assertThat(unitsPerSecond(answers)).isGreaterThanOrEqualTo(0.8 * budget);
  }

  /** What the first costs says little of what fifty others do; one larger item may be too much. */
  @Test
  void run_indexWhoseFirstItemIsSmall_exceedsTheBudgetByNoMoreThanOneItem() {
    for (double budget : List.of(100.0, 1_000.0)) {
      for (int units : List.of(25, 40, 100)) {
        beginWith(ENDLESS);
        metered.readByKeyFor(item -> item == 0 ? 1 : units);
        inTwoSlices(
            KEEP,
            slice()
                .seconds(5)
                .readUnitsPerSecond(budget)
                .source(Source.index(MeteredDynamoDb.INDEX)),
            "Scan");

        assertThat(mostInAnySecond(metered.reads()))
            .as("one of 1 unit, then of %d, budget %s", units, budget)
            .isLessThanOrEqualTo(budget + units);
      }
    }
  }

  @Test
  void run_shortSlicesOfAnIndexThatHasOnlyKeys_useTheBudgetAndNoMore() {
    metered.readByKeyFor(item -> item < 100 ? 1 : 8);
    var slice =
        slice().seconds(4).readUnitsPerSecond(1_000).source(Source.index(MeteredDynamoDb.INDEX));
    var worker = worker(KEEP);
    for (int i = 0; i < 30; i++) {
      slice.after(worker.run(slice.request(), deadline(slice)));
    }
    var answers = metered.reads();

    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(1_000);
    assertThat(unitsPerSecond(answers)).isGreaterThanOrEqualTo(0.9 * 1_000);
  }

  @Test
  void run_fileOfKeys_readsNoMoreThanTheBudgetInAnySecondAndUsesIt(@TempDir Path folder)
      throws IOException {
    var keys =
        Files.writeString(
            folder.resolve("keys.jsonl"),
            IntStream.range(0, 3_000)
                .mapToObj(i -> "{\"id\":\"" + i + "\"}\n")
                .collect(Collectors.joining()));
    var source = Source.queryOfKeysIn(new Source.File(keys.toString(), Source.Format.JSON));
    for (Source it : List.of(source, source.ofIndex(MeteredDynamoDb.INDEX))) {
      beginWith(3_000);
      metered.readByKeyFor(item -> 1);
      inTwoSlices(KEEP, slice().seconds(20).readUnitsPerSecond(30).source(it), "Query");
      var answers = metered.reads();

      assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(30);
      assertThat(unitsPerSecond(answers)).isGreaterThanOrEqualTo(0.8 * 30);
    }
  }

  @Test
  void run_manyShortSlicesInARow_useTheBudgetAndNoMore() {
    var worker = worker(MARK);
    for (int segment = 0; segment < 30; segment++) {
      var slice = slice().seconds(4).writeUnitsPerSecond(BUDGET);
      worker.run(slice.request(), deadline(slice));
    }
    var answers = metered.answers("BatchExecuteStatement");

    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
    assertThat(unitsPerSecond(answers)).isGreaterThanOrEqualTo(0.93 * BUDGET);
  }

  /** As Lambda may do: each of them had the share while the other was idle. */
  @Test
  void run_slicesInTwoFunctionsByTurns_writeNoMoreThanTheBudgetInAnySecond() {
    var functions = List.of(worker(MARK), worker(MARK));
    for (int i = 0; i < 10; i++) {
      var slice = slice().seconds(4).writeUnitsPerSecond(BUDGET);
      functions.get(i % 2).run(slice.request(), deadline(slice));
    }
    var answers = metered.answers("BatchExecuteStatement");

    assertThat(answers).isNotEmpty();
    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void run_failedItemsAgain_readsThemWithinTheBudget() {
    beginWith(2_000);
    worker(
            (item, context) -> {
              throw new IllegalStateException("not yet");
            })
        .run(slice().failuresAllowed(ENDLESS));

    worker(KEEP).run(slice().run("again").retryFailuresOf("run").readUnitsPerSecond(BUDGET));

    var answers = metered.answers("BatchGetItem");
    assertThat(answers.stream().mapToDouble(Answered::units).sum()).isEqualTo(1_000);
    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void run_deferredActionsFileByFile_writesThemWithinTheBudget() {
    beginWith(5_000);
    var worker =
        worker(
            (item, context) ->
                Change.later(
                    Action.put("Metered", Item.empty().with("id", "of " + item.string("id")))));
    worker.run(slice());
    assertThat(records.files("deferred-actions")).hasSizeGreaterThan(2);

    for (String file : records.files("deferred")) {
      worker.run(slice().writeUnitsPerSecond(BUDGET).deferred(file));
    }

    var answers = metered.answers("BatchWriteItem");
    assertThat(answers.stream().mapToDouble(Answered::units).sum()).isEqualTo(5_000);
    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
  }

  private List<Answered> inTwoSlices(ItemTransform transform, TestSlice slice, String operation) {
    var worker = worker(transform);
    for (int i = 0; i < 2; i++) {
      var result = worker.run(slice.request(), deadline(slice));
      assertThat(result.cursor()).isPresent();
      slice.after(result);
    }
    return metered.answers(operation);
  }

  private void beginWith(int items) {
    database.close();
    timer = new FakeTimer();
    metered = new MeteredDynamoDb(items, Duration.ofMillis(10), timer);
    database = new DynamoDbDatabase(metered.client(), false, PageListener.NONE, timer);
  }

  private TestWorker worker(ItemTransform transform) {
    return TestWorker.inOneThread(TestMigration.up(transform), database, records, timer);
  }

  private static TestSlice slice() {
    return TestSlice.of("Metered", List.of("id")).seconds(SLICE_SECONDS);
  }

  private Deadline deadline(TestSlice slice) {
    return new SliceDeadline(
        Duration.ofSeconds(slice.request().sliceSeconds()), timer::nanos, () -> Long.MAX_VALUE);
  }

  /** From the start of the first slice to the end of the last. */
  private double unitsPerSecond(List<Answered> answers) {
    return answers.stream().mapToDouble(Answered::units).sum() * SECOND / timer.nanos();
  }

  private static double mostInAnySecond(List<Answered> answers) {
    double most = 0;
    double sum = 0;
    int first = 0;
    for (Answered answer : answers) {
      sum += answer.units();
      while (answers.get(first).nanos() <= answer.nanos() - SECOND) {
        sum -= answers.get(first++).units();
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}
