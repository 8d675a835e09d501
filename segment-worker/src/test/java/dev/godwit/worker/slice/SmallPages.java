package dev.godwit.worker.slice;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.run.Guard;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A database whose pages hold few items, so that a small table has many of them. */
public record SmallPages(Database database, int items) implements Database {
  @Override
  public PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pacer pacer) {
    return small(database.segment(table, segment, totalSegments, filter, pacer));
  }

  @Override
  public PageSource items(String table, List<Item> keys, Pacer pacer) {
    return small(database.items(table, keys, pacer));
  }

  @Override
  public ChangeWriter changes(String table, List<String> keys, Guard guard) {
    return database.changes(table, keys, guard);
  }

  @Override
  public ActionWriter actions() {
    return database.actions();
  }

  private PageSource small(PageSource source) {
    return (cursor, limit) ->
        source.read(cursor, OptionalInt.of(Math.min(items, limit.orElse(items))));
  }
}
