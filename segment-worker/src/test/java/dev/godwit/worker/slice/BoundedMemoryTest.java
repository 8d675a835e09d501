package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Guard;
import dev.godwit.run.Tally;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.TargetTable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However long a segment is, a worker holds two pages of it: by counting those of its items that
 * are still reachable, not by measuring a heap.
 */
class BoundedMemoryTest {
  /** As many small items as DynamoDB puts into a page of 1 MB when it may. */
  private static final int MOST_OF_A_SCAN = 15_000;

  private static final int ITEMS_OF_TWO_PAGES = 2_000;

  /** What may happen to items: kept, written, put elsewhere now and later, failed. */
  private static final ItemTransform ANYTHING =
      (item, context) ->
          switch (item.number("n").intValue() % 500) {
            case 0 -> Change.replace(item.with("marked", true));
            case 1 -> Change.keep().and(Action.put("Others", item));
            case 2 -> Change.later(Action.put("Others", item));
            case 3 -> throw new IllegalStateException("failed");
            case 4 -> Change.delete();
            default -> Change.keep();
          };

  @ParameterizedTest
  @ValueSource(ints = {10_000, 50_000})
  void run_segmentOfAnyLength_holdsTheItemsOfTwoPages(int items) {
    var segment = new LongSegment(items);
    var most = new AtomicLong();
    var worker =
        TestWorker.inOneThread(
            TestMigration.up(ANYTHING),
            segment,
            new InMemoryRecords(),
            (number, page) -> most.accumulateAndGet(segment.reachable(), Math::max));

    var tally = worker.run(TestSlice.of("Long", List.of("id")).failuresAllowed(items)).tally();

    assertThat(tally.count(Counter.SCANNED)).isEqualTo(items);
    assertThat(most.get()).as("items reachable when a page was done").isPositive();
    assertThat(most.get()).isLessThanOrEqualTo(ITEMS_OF_TWO_PAGES);
  }

  /** A segment whose items are made when they are read, and are then only watched. */
  private static final class LongSegment implements Database {
    private final int items;
    private final InMemoryDatabase tables =
        new InMemoryDatabase()
            .with("Long", InMemoryTable.withKeys("id"))
            .with("Others", InMemoryTable.withKeys("id"));
    private final List<WeakReference<Item>> made = new ArrayList<>();

    LongSegment(int items) {
      this.items = items;
    }

    long reachable() {
      System.gc();
      made.removeIf(item -> item.refersTo(null));
      return made.size();
    }

    @Override
    public PageSource segment(
        String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
      return this::page;
    }

    private Optional<Page> page(Optional<Item> cursor, OptionalInt limit) {
      int from = cursor.map(key -> 1 + Integer.parseInt(key.string("id"))).orElse(0);
      int to = Math.min(items, from + Math.min(MOST_OF_A_SCAN, limit.orElse(MOST_OF_A_SCAN)));
      var page = new ArrayList<Item>();
      for (int i = from; i < to; i++) {
        var item = key(i).with("n", i);
        made.add(new WeakReference<>(item));
        page.add(item);
      }
      return Optional.of(
          new Page(
              page,
              page.size(),
              to < items ? Optional.of(key(to - 1)) : Optional.empty(),
              1,
              Tally.ZERO));
    }

    private static Item key(int number) {
      return Item.empty().with("id", Integer.toString(number));
    }

    @Override
    public ReadAccess readAccess(String table, Optional<String> index, Deadline deadline) {
      throw new AssertionError("Nobody asks");
    }

    @Override
    public PageSource items(String table, List<Item> keys, Pace pace) {
      return tables.items(table, keys, pace);
    }

    @Override
    public ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline) {
      return tables.changes(table, keys, guard, deadline);
    }

    @Override
    public TargetTable target(Target target, Deadline deadline) {
      return tables.target(target, deadline);
    }

    @Override
    public ActionWriter actions(Deadline deadline) {
      return tables.actions(deadline);
    }
  }
}
