package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Recall;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAhead;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Every item of a segment is offered, however its pages fall. */
class PagesTest extends SliceFixture {
  private static final TestMigration MARK =
      TestMigration.up((item, context) -> Change.replace(item.with("marked", true)));

  @Test
  void run_segmentOfManyMegabytes_migratesThePagesPastTheFirst() {
    for (int i = 0; i < 60; i++) {
      table().put(item(i).with("large", new byte[60_000]));
    }

    var result = worker(MARK).run(slice());

    assertThat(result.cursor()).isEmpty();
    assertThat(result.tally().count(Counter.UPDATED)).isEqualTo(60);
    assertThat(result.tally().amount(Counter.READ_UNITS))
        .as("60 items of 60 KB at half a unit for 4 KB")
        .isGreaterThan(400);
    assertThat(contents().values()).hasSize(60).allMatch(item -> item.bool("marked"));
    assertThat(contents().values())
        .as("what the transform never saw")
        .allMatch(item -> item.binary("large").length == 60_000);
  }

  @Test
  void run_severalSegments_offerEachItemOnce() {
    fill(200);
    var offered = new ConcurrentHashMap<String, Integer>();
    var worker =
        worker(
            (item, context) -> {
              offered.merge(item.string("id"), 1, Integer::sum);
              return Change.keep();
            });

    for (int segment = 0; segment < 7; segment++) {
      worker.run(slice().segment(segment, 7));
    }

    assertThat(offered).hasSize(200).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
  }

  @Test
  void run_filterLeavesPagesEmpty_goesOnToThoseThatAreNot() {
    fill(100);
    var filter =
        new ScanFilter(
            "#n IN (:one, :other)",
            Map.of("#n", "n"),
            Map.of(":one", Value.number(7), ":other", Value.number(93)));
    var worker = TestWorker.threaded(MARK.filter(filter), new SmallPages(database(), 3), records());

    var tally = worker.run(slice()).tally();

    assertThat(tally.count(Counter.SCANNED)).isEqualTo(2);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(2);
    assertThat(contents().values().stream().filter(item -> item.has("marked")))
        .extracting(item -> item.number("n").intValue())
        .containsExactly(7, 93);
  }

  @Test
  void run_filterUsesTheRunsStart_offersWhatItLeaves() {
    fill(100);
    var migration =
        new Migration() {
          @Override
          public String id() {
            return MARK.id();
          }

          @Override
          public String table() {
            return MARK.table();
          }

          @Override
          public String description() {
            return MARK.description();
          }

          @Override
          public ItemTransform up() {
            return MARK.up();
          }

          @Override
          public Optional<ScanFilter> filter(TransformContext context) {
            var minute = context.startedAt().atZone(ZoneOffset.UTC).getMinute();
            return Optional.of(
                new ScanFilter("#n = :n", Map.of("#n", "n"), Map.of(":n", Value.number(minute))));
          }
        };

    var tally = TestWorker.threaded(migration, database(), records()).run(slice()).tally();

    assertThat(tally.count(Counter.SCANNED)).isEqualTo(1);
    assertThat(stored(30).has("marked")).as("the run began at half past nine").isTrue();
  }

  @Test
  void run_deadlineNearAfterEachPage_endsThereAndTheNextSliceGoesOn() {
    fill(50);
    var firstPage = new FirstPage();
    var worker = TestWorker.threaded(MARK, new SmallPages(database(), 8), records(), firstPage);
    var slice = slice();
    var tally = Tally.ZERO;
    SliceResult result;
    int slices = 0;
    do {
      result = worker.run(slice.request(), firstPage.deadline());
      assertThat(result.tally().count(Counter.SCANNED)).isBetween(0L, 8L);
      tally = tally.plus(result.tally());
      slice.after(result);
      slices++;
    } while (result.cursor().isPresent());

    assertThat(slices).isGreaterThanOrEqualTo(7);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(50);
    assertThat(result.segmentTally()).isEqualTo(tally);
    assertThat(contents().values()).allMatch(item -> item.has("marked"));
  }

  @Test
  void run_eachPageOutlastsItsSlice_stillMakesProgressItemByItem() {
    fill(20);
    var worker = worker(MARK);
    var slice = slice();
    SliceResult result;
    int slices = 0;
    do {
      result = worker.run(slice.request(), () -> Duration.ZERO);
      assertThat(result.tally().count(Counter.SCANNED)).isLessThanOrEqualTo(1);
      slice.after(result);
      slices++;
    } while (result.cursor().isPresent() && slices < 100);

    assertThat(result.segmentTally().count(Counter.UPDATED)).isEqualTo(20);
    assertThat(contents().values()).allMatch(item -> item.has("marked"));
  }

  @Test
  void run_nothingInTheSegment_isFinished() {
    var result = worker(MARK).run(slice());

    assertThat(result.cursor()).isEmpty();
    assertThat(result.tally().count(Counter.SCANNED)).isZero();
  }

  @Test
  void readAhead_startedForTheNextPage_readsItOnceAndHoldsOneAtMost() {
    List<String> reads = new ArrayList<>();
    PageSource source =
        (cursor, limit) -> {
          int page = cursor.map(it -> it.number("n").intValue()).orElse(0);
          reads.add("page " + page);
          return Optional.of(new Page(List.of(), 0, Optional.of(item(page + 1)), 0, Tally.ZERO));
        };
    var ahead = new ReadAhead(source, Runnable::run, new Recall(Deadline.NEVER));

    var first = ahead.read(Optional.empty(), OptionalInt.empty()).orElseThrow();
    ahead.start(first.next().orElseThrow(), OptionalInt.empty());
    assertThat(reads).containsExactly("page 0", "page 1");
    ahead.read(first.next(), OptionalInt.empty());
    assertThat(reads).as("it was there already").containsExactly("page 0", "page 1");
    ahead.start(item(7), OptionalInt.empty());
    ahead.read(Optional.of(item(2)), OptionalInt.empty());
    assertThat(reads)
        .as("another page than the one read ahead is read itself")
        .containsExactly("page 0", "page 1", "page 7", "page 2");
  }
}
