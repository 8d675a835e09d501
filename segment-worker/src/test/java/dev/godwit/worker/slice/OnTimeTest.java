package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.SlowDynamoDb;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.SliceDeadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever is slow, each slice ends in time and the next goes on: on a clock of the test's own. */
class OnTimeTest {
  private static final Duration FUNCTION = Duration.ofMinutes(5);
  private static final int SLICE_SECONDS = 240;

  /** As often as the state machine tries again what the table does not take. */
  private static final int MOST_RETRIES = 10;

  private static final ItemTransform MARK =
      (item, context) -> item.has("done") ? Change.keep() : Change.replace(item.with("done", true));

  private final FakeTimer timer = new FakeTimer();
  private final InMemoryRecords records = new InMemoryRecords();
  private Duration function = FUNCTION;

  @Test
  void run_smallShareOfTheBudgetAndLargeItems_eachSliceEndsInTimeAndGoesOn() {
    var table = new SlowDynamoDb(8, timer).unitsPerWrite(400);

    var slices = slices(table, MARK, slice().writeUnitsPerSecond(1));

    assertThat(table.done()).isEqualTo(8);
    assertThat(slices).as("an item every 400 s, a slice every 240").hasSizeBetween(12, 15);
    assertThat(total(slices).count(Counter.FAILED)).isZero();
  }

  @Test
  void run_tableThrottlesEverythingForTwentyMinutes_eachSliceEndsInTimeAndGoesOn() {
    var table = new SlowDynamoDb(50, timer).throttledUntil(Duration.ofMinutes(20));

    var slices = slices(table, MARK, slice());

    assertThat(table.done()).isEqualTo(50);
    assertThat(total(slices).count(Counter.UPDATED)).isEqualTo(50);
    assertThat(total(slices).count(Counter.FAILED)).isZero();
  }

  @Test
  void run_tableThrottlesWritesForTwentyMinutes_noItemFails() {
    var table = new SlowDynamoDb(50, timer).writesThrottledUntil(Duration.ofMinutes(20));

    var slices = slices(table, MARK, slice());

    assertThat(table.done()).isEqualTo(50);
    assertThat(total(slices).count(Counter.FAILED)).isZero();
    assertThat(records.files("failures")).isEmpty();
  }

  @Test
  void run_tableBeginsToThrottleAmidASlice_keepsWhatWasDoneAndGoesOn() {
    var table = new SlowDynamoDb(2_000, timer).writeTakes(Duration.ofSeconds(1));
    ItemTransform throttlesFromThere =
        (item, context) -> {
          if (item.string("id").equals(SlowDynamoDb.id(1_000))) {
            table.throttledUntil(Duration.ofMinutes(10));
          }
          return MARK.apply(item, context);
        };

    var slices = slices(table, throttlesFromThere, slice());

    assertThat(table.done()).isEqualTo(2_000);
    assertThat(slices.get(0).tally().count(Counter.UPDATED)).isGreaterThanOrEqualTo(1_000);
    assertThat(total(slices).count(Counter.UPDATED)).isEqualTo(2_000);
  }

  @Test
  void run_oneItemIsThrottledForever_isOnRecordAndTheOthersAreWritten() {
    var table = new SlowDynamoDb(3_000, timer).alwaysThrottling(700);

    var slices = slices(table, MARK, slice().failuresAllowed(1));

    assertThat(table.done()).isEqualTo(2_999);
    assertThat(total(slices).count(Counter.SCANNED)).as("each once").isEqualTo(3_000);
    assertThat(total(slices).count(Counter.FAILED)).isEqualTo(1);
    assertThat(records.lines("failures")).hasSize(1);
    assertThat(records.lines("failures").get(0))
        .contains(SlowDynamoDb.id(700), "\"error\":\"Throttled\"");
  }

  @Test
  void run_transformTakesAFifthOfASecond_eachSliceEndsInTimeAndGoesOn() {
    var table = new SlowDynamoDb(5_000, timer);
    var decided = new ArrayList<String>();
    ItemTransform slow =
        (item, context) -> {
          timer.sleep(Duration.ofMillis(200));
          decided.add(item.string("id"));
          return MARK.apply(item, context);
        };

    var slices = slices(table, slow, slice());

    assertThat(table.done()).isEqualTo(5_000);
    assertThat(total(slices).count(Counter.SCANNED)).isEqualTo(5_000);
    assertThat(slices).as("1,000 s").hasSizeLessThanOrEqualTo(7);
    assertThat(decided).as("little is decided for nothing").hasSizeLessThan(5_500);
  }

  @Test
  void run_dryRunWhoseTransformIsSlow_countsEachItemOnce() {
    var table = new SlowDynamoDb(5_000, timer);
    ItemTransform slow =
        (item, context) -> {
          timer.sleep(Duration.ofMillis(200));
          return MARK.apply(item, context);
        };

    var slices = slices(table, slow, slice().mode(Mode.DRY_RUN));

    assertThat(table.done()).isZero();
    assertThat(total(slices).count(Counter.SCANNED)).isEqualTo(5_000);
    assertThat(total(slices).count(Counter.UPDATED)).isEqualTo(5_000);
  }

  @Test
  void run_transformTakesLongerThanASlice_stillGetsOnItemByItem() {
    function = Duration.ofMinutes(15);
    var table = new SlowDynamoDb(3, timer);
    ItemTransform endless =
        (item, context) -> {
          timer.sleep(Duration.ofSeconds(400));
          return MARK.apply(item, context);
        };

    var slices = slices(table, endless, slice(), Duration.ofSeconds(410));

    assertThat(table.done()).isEqualTo(3);
    assertThat(slices).hasSize(3);
  }

  @Test
  void run_readTakesHalfAMinute_eachSliceEndsInTimeAndGoesOn() {
    var table = new SlowDynamoDb(9_500, timer).readTakes(Duration.ofSeconds(30));

    var slices = slices(table, MARK, slice());

    assertThat(table.done()).isEqualTo(9_500);
    assertThat(slices).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void run_functionHasLessTimeThanASliceWants_answersBeforeItIsStopped() {
    function = Duration.ofSeconds(20);
    var table =
        new SlowDynamoDb(2_500, timer)
            .readTakes(Duration.ofSeconds(3))
            .writeTakes(Duration.ofMillis(300));

    var slices = slices(table, MARK, slice());

    assertThat(table.done()).isEqualTo(2_500);
    assertThat(total(slices).count(Counter.UPDATED)).isEqualTo(2_500);
  }

  @Test
  void run_actionsTakeLongerThanASlice_itemsAreFinishedOneAfterTheOther() {
    var table = new SlowDynamoDb(100, timer);
    ItemTransform acting = (item, context) -> item.has("done") ? Change.keep() : acting(item, 20);

    var slices = slices(table, acting, slice().writeUnitsPerSecond(4));

    assertThat(table.done()).isEqualTo(100);
    assertThat(table.put()).contains(SlowDynamoDb.id(99) + " 19");
    assertThat(slices).as("2,100 units at 4 a second, 525 s").hasSizeBetween(3, 8);
  }

  @Test
  void run_actionsOfOneItemTakeLongerThanASlice_saysWhatHelps() {
    var table = new SlowDynamoDb(1, timer);
    ItemTransform acting = (item, context) -> acting(item, 1_000);
    var worker = worker(table, acting);

    assertThatThrownBy(
            () -> worker.run(slice().writeUnitsPerSecond(1).request(), deadline(timer.nanos())))
        .isInstanceOf(TableUnavailable.class)
        .hasMessageContaining("larger budget");
    assertThat(Duration.ofNanos(timer.nanos())).isLessThan(FUNCTION);
  }

  @Test
  void run_deferredFileOfTenThousandActions_eachSliceEndsInTimeAndGoesOn() {
    var table = new SlowDynamoDb(1, timer);
    var file = "runs/run/deferred-actions/segment-00000/start.jsonl";
    var lines = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      lines
          .append("{\"put\":{\"table\":\"Others\",\"item\":{\"id\":{\"S\":\"")
          .append(SlowDynamoDb.id(i))
          .append("\"}}}}\n");
    }
    records.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));

    var slices = slices(table, MARK, slice().writeUnitsPerSecond(20).deferred(file));

    assertThat(table.put())
        .as("each once, in their order")
        .isEqualTo(IntStream.range(0, 10_000).mapToObj(SlowDynamoDb::id).toList());
    assertThat(slices).as("500 s").hasSizeBetween(3, 4);
    assertThat(total(slices).count(Counter.ACTIONS)).isEqualTo(10_000);
    assertThat(slices.get(0).cursor()).isPresent();
  }

  @Test
  void run_deferredActionsAreThrottledForTwentyMinutes_eachSliceEndsInTimeAndGoesOn() {
    var table = new SlowDynamoDb(1, timer).throttledUntil(Duration.ofMinutes(20));
    var file = "runs/run/deferred-actions/segment-00000/start.jsonl";
    records.write(
        file,
        "{\"put\":{\"table\":\"Others\",\"item\":{\"id\":{\"S\":\"a\"}}}}"
            .getBytes(StandardCharsets.UTF_8));

    slices(table, MARK, slice().deferred(file));

    assertThat(table.put()).containsExactly("a");
  }

  private static Change acting(Item item, int actions) {
    Change change = Change.replace(item.with("done", true));
    for (int i = 0; i < actions; i++) {
      change = change.and(Action.put("Others", item.with("id", item.string("id") + " " + i)));
    }
    return change;
  }

  private List<SliceResult> slices(SlowDynamoDb table, ItemTransform up, TestSlice slice) {
    return slices(table, up, slice, Duration.ofSeconds(SLICE_SECONDS + 5));
  }

  /**
   * Runs slices as the state machine does, to the end of the segment, each of which must end within
   * {@code atMost} and before the function is stopped.
   */
  private List<SliceResult> slices(
      SlowDynamoDb table, ItemTransform up, TestSlice slice, Duration atMost) {
    var worker = worker(table, up);
    var results = new ArrayList<SliceResult>();
    int retries = 0;
    while (results.size() < 100) {
      long began = timer.nanos();
      try {
        var result = worker.run(slice.request(), deadline(began));
        results.add(result);
        retries = 0;
        slice.after(result);
      } catch (TableUnavailable e) {
        assertThat(++retries).as("retries: %s", e).isLessThanOrEqualTo(MOST_RETRIES);
      }
      assertThat(Duration.ofNanos(timer.nanos() - began))
          .as("slice %s", results.size())
          .isLessThan(function)
          .isLessThan(atMost);
      if (retries == 0 && results.get(results.size() - 1).cursor().isEmpty()) {
        return results;
      }
      timer.sleep(Duration.ofSeconds(1));
    }
    throw new AssertionError("It never ends: " + results.get(99));
  }

  private TestWorker worker(SlowDynamoDb table, ItemTransform up) {
    var database = new DynamoDbDatabase(table.client(), false, PageListener.NONE, timer);
    return TestWorker.inOneThread(TestMigration.up(up), database, records, timer);
  }

  private SliceDeadline deadline(long began) {
    return new SliceDeadline(
        Duration.ofSeconds(SLICE_SECONDS),
        timer::nanos,
        () -> function.minusNanos(timer.nanos() - began).toMillis());
  }

  private static TestSlice slice() {
    return TestSlice.of("Slow", List.of("id")).seconds(SLICE_SECONDS);
  }

  private static Tally total(List<SliceResult> slices) {
    return slices.stream().map(SliceResult::tally).reduce(Tally.ZERO, Tally::plus);
  }
}
