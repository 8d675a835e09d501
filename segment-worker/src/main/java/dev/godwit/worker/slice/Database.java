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

/** Where tables are. Thread-safe. */
public interface Database {
  /** The pages of one segment of {@code table}; none is read before {@code pacer} lets it. */
  PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pacer pacer);

  /**
   * The items of {@code table} with these keys, those that are still there, as they are when a page
   * is read.
   */
  PageSource items(String table, List<Item> keys, Pacer pacer);

  /**
   * A writer of guarded changes to {@code table}.
   *
   * @param keys its key attributes, partition key first
   */
  ChangeWriter changes(String table, List<String> keys, Guard guard);

  /** A writer of actions on any table. */
  ActionWriter actions();
}
