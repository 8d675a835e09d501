package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Guard;
import dev.godwit.run.Tally;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.MeteredDynamoDb;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.record.FolderRecordStore;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.TargetTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a slice, nothing of it goes on, and what it was lent comes back. */
class SliceEndTest {
  private static final Item ITEM = Item.empty().with("id", "a");

  @Test
  void run_pageFailsWhileTheNextIsReadAhead_callsThatBackAndWaitsForIt() {
    var reading = new CountDownLatch(1);
    var isOver = new AtomicBoolean();
    ItemTransform fails =
        (item, context) -> {
          reading.await();
          throw new IllegalStateException("no");
        };
    var worker =
        TestWorker.threaded(
            TestMigration.up(fails), new HeldBack(reading, isOver), new InMemoryRecords());

    assertThatThrownBy(() -> worker.run(TestSlice.of("Birds", List.of("id"))))
        .isInstanceOf(ItemFailuresExceeded.class);

    assertThat(isOver).as("the read of the next page").isTrue();
  }

  @Test
  void run_partOfTheSliceCannotBeMade_givesItsPacersBack() {
    var timer = new FakeTimer();
    var records = new Unlisted();
    try (var database =
        new DynamoDbDatabase(
            new MeteredDynamoDb(5, Duration.ofMillis(10), timer).client(),
            false,
            PageListener.NONE,
            timer)) {
      var worker =
          TestWorker.inOneThread(
              TestMigration.up((item, context) -> Change.keep()), database, records, timer);
      worker.run(slice());
      var before = timer.nanos();

      assertThatThrownBy(() -> worker.run(slice().retryFailuresOf("earlier")))
          .isInstanceOf(TableUnavailable.class);
      worker.run(slice());

      assertThat(Duration.ofNanos(timer.nanos() - before))
          .as("a new pacer begins with a second in which it sends nothing")
          .isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void run_transformLeavesItsThreadInterrupted_keepsRecordsAndGoesOn(@TempDir Path folder) {
    var table = InMemoryTable.withKeys("id").filledWith(List.of(ITEM, ITEM.with("id", "b")));
    ItemTransform interrupts =
        (item, context) -> {
          Thread.currentThread().interrupt();
          throw new InterruptedException("as it came");
        };
    var worker =
        TestWorker.inOneThread(
            TestMigration.up(interrupts),
            new InMemoryDatabase().with("Birds", table),
            new FolderRecordStore(folder));

    var result = worker.run(TestSlice.of("Birds", List.of("id")).failuresAllowed(2));

    assertThat(Thread.interrupted()).isFalse();
    assertThat(result.cursor()).isEmpty();
    assertThat(new FolderRecordStore(folder).list("runs/run/failures/")).isNotEmpty();
  }

  @Test
  void run_recordsOfASlice_areKeptByItsDeadline() {
    var deadlines = new ArrayList<Deadline>();
    var records =
        new Unlisted() {
          @Override
          public RecordStore until(Deadline deadline) {
            deadlines.add(deadline);
            return this;
          }
        };
    var table = InMemoryTable.withKeys("id").filledWith(List.of(ITEM));
    var worker =
        TestWorker.inOneThread(
            TestMigration.up((item, context) -> Change.keep()),
            new InMemoryDatabase().with("Birds", table),
            records);

    worker.run(TestSlice.of("Birds", List.of("id")).request(), () -> Duration.ofSeconds(7));

    assertThat(deadlines)
        .singleElement()
        .satisfies(it -> assertThat(it.left()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void close_threadsOfAWorker_areLetGo() {
    var readers = Executors.newCachedThreadPool();
    var senders = Executors.newFixedThreadPool(1);

    new Threads(readers, senders, 1).close();

    assertThat(readers.isShutdown()).isTrue();
    assertThat(senders.isShutdown()).isTrue();
  }

  private static TestSlice slice() {
    return TestSlice.of("Metered", List.of("id")).readUnitsPerSecond(100).writeUnitsPerSecond(100);
  }

  /** A results location that cannot be listed. */
  private static class Unlisted implements RecordStore {
    private final InMemoryRecords records = new InMemoryRecords();

    @Override
    public void write(String key, byte[] content) {
      records.write(key, content);
    }

    @Override
    public byte[] read(String key) {
      return records.read(key);
    }

    @Override
    public List<String> list(String prefix) {
      throw new TableUnavailable("not now", null);
    }

    @Override
    public String address(String key) {
      return records.address(key);
    }
  }

  /** A page of one item, and one that is held back until its time is over. */
  private record HeldBack(CountDownLatch reading, AtomicBoolean isOver) implements Database {
    @Override
    public PageSource segment(
        String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
      return (cursor, limit) -> {
        if (cursor.isEmpty()) {
          return Optional.of(new Page(List.of(ITEM), 1, Optional.of(ITEM), 1, Tally.ZERO));
        }
        reading.countDown();
        while (!pace.deadline().isPast()) {
          Thread.onSpinWait();
        }
        isOver.set(true);
        return Optional.empty();
      };
    }

    @Override
    public ReadAccess readAccess(String table, Optional<String> index, Deadline deadline) {
      throw new AssertionError("Nobody asks");
    }

    @Override
    public PageSource items(String table, List<Item> keys, Pace pace) {
      throw new AssertionError("Nobody asks");
    }

    @Override
    public ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline) {
      return new InMemoryDatabase()
          .with("Birds", InMemoryTable.withKeys("id"))
          .changes("Birds", keys, guard, deadline);
    }

    @Override
    public TargetTable target(Target target, Deadline deadline) {
      return new InMemoryDatabase().target(target, deadline);
    }

    @Override
    public ActionWriter actions(Deadline deadline) {
      return new InMemoryDatabase().actions(deadline);
    }
  }
}
