package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.MeteredDynamoDb;
import dev.godwit.worker.dynamodb.MeteredDynamoDb.Answered;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.pace.Timer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole slices on a clock of the test's own, one after the other, as their units are metered. */
class PacedSlicesTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int SLICE_SECONDS = 60;
  private static final int ENDLESS = 1_000_000;
  private static final double BUDGET = 100;

  private static final ItemTransform KEEP = (item, context) -> Change.keep();
  private static final ItemTransform MARK =
      (item, context) -> Change.replace(item.with("marked", true));

  private final Timer timer = new FakeTimer();
  private final InMemoryRecords records = new InMemoryRecords();
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

  @Test
  void run_manyShortSlicesInARow_useTheBudgetAndNoMore() {
    var worker = worker(MARK);
    for (int segment = 0; segment < 30; segment++) {
      worker.run(
          slice().seconds(4).writeUnitsPerSecond(BUDGET).request(),
          new SliceDeadline(Duration.ofSeconds(4), timer::nanos, () -> Long.MAX_VALUE));
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
      functions
          .get(i % 2)
          .run(
              slice().seconds(4).writeUnitsPerSecond(BUDGET).request(),
              new SliceDeadline(Duration.ofSeconds(4), timer::nanos, () -> Long.MAX_VALUE));
    }
    var answers = metered.answers("BatchExecuteStatement");

    assertThat(answers).isNotEmpty();
    assertThat(mostInAnySecond(answers)).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void run_failedItemsAgain_readsThemWithinTheBudget() {
    shrinkTo(2_000);
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
    shrinkTo(5_000);
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
      var result = worker.run(slice.request(), deadline());
      assertThat(result.cursor()).isPresent();
      slice.after(result);
    }
    return metered.answers(operation);
  }

  private void shrinkTo(int items) {
    database.close();
    metered = new MeteredDynamoDb(items, Duration.ofMillis(10), timer);
    database = new DynamoDbDatabase(metered.client(), false, PageListener.NONE, timer);
  }

  private TestWorker worker(ItemTransform transform) {
    return TestWorker.inOneThread(TestMigration.up(transform), database, records, timer);
  }

  private static TestSlice slice() {
    return TestSlice.of("Metered", List.of("id")).seconds(SLICE_SECONDS);
  }

  private Deadline deadline() {
    return new SliceDeadline(Duration.ofSeconds(SLICE_SECONDS), timer::nanos, () -> Long.MAX_VALUE);
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
