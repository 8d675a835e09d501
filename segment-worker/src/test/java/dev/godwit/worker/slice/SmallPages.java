package dev.godwit.worker.slice;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Guard;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.Partition;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.TargetTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A database whose pages hold few items, so that a small table has many of them.
 *
 * @param afterReading done between reading a page and answering it
 */
public record SmallPages(Database database, int items, Runnable afterReading) implements Database {
  /** Nothing is done after reading. */
  public SmallPages(Database database, int items) {
    this(database, items, () -> {});
  }

  @Override
  public PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return small(database.segment(table, segment, totalSegments, filter, pace));
  }

  @Override
  public ReadAccess readAccess(String table, Optional<String> index, Deadline deadline) {
    var found = database.readAccess(table, index, deadline);
    return new ReadAccess() {
      @Override
      public Access access() {
        return found.access();
      }

      @Override
      public PageSource segment(
          int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
        return small(found.segment(segment, totalSegments, filter, pace));
      }

      @Override
      public Function<Partition, PageSource> partitions(Optional<ScanFilter> filter, Pace pace) {
        return found.partitions(filter, pace).andThen(pages -> small(pages));
      }
    };
  }

  @Override
  public PageSource items(String table, List<Item> keys, Pace pace) {
    return small(database.items(table, keys, pace));
  }

  @Override
  public ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline) {
    return database.changes(table, keys, guard, deadline);
  }

  @Override
  public TargetTable target(Target target, Deadline deadline) {
    return database.target(target, deadline);
  }

  @Override
  public ActionWriter actions(Deadline deadline) {
    return database.actions(deadline);
  }

  private PageSource small(PageSource source) {
    return (cursor, limit) -> {
      var page = source.read(cursor, OptionalInt.of(Math.min(items, limit.orElse(items))));
      afterReading.run();
      return page;
    };
  }
}
