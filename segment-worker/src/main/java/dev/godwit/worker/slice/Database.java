package dev.godwit.worker.slice;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Guard;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.TargetTable;
import java.util.List;
import java.util.Optional;

/** Where tables are. Thread-safe. */
public interface Database {
  /** The pages of one segment of {@code table}; none is read before {@code pace} lets it. */
  PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace);

  /**
   * The same, with all that was written before it is read, for twice the units: for who is to judge
   * what has just been written. The same where no read is stale.
   */
  default PageSource segmentAsWritten(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return segment(table, segment, totalSegments, filter, pace);
  }

  /**
   * {@code table}, or an index of it, looked at now.
   *
   * @param deadline no request waits beyond it before it is tried again
   * @throws dev.godwit.worker.WorkerException when it is not there, may not be looked at, or is not
   *     complete yet
   */
  ReadAccess readAccess(String table, Optional<String> index, Deadline deadline);

  /**
   * The items of {@code table} with these keys, those that are still there, as they are when a page
   * is read.
   */
  PageSource items(String table, List<Item> keys, Pace pace);

  /**
   * A writer of guarded changes to {@code table}.
   *
   * @param keys its key attributes, partition key first
   * @param deadline no request waits beyond it before it is tried again
   */
  ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline);

  /**
   * The table that a run puts its items into, looked at now.
   *
   * @param deadline no request waits beyond it before it is tried again
   * @throws dev.godwit.worker.WorkerException when it is not there or may not be looked at
   */
  TargetTable target(Target target, Deadline deadline);

  /**
   * A writer of actions on any table.
   *
   * @param deadline no request waits beyond it before it is tried again
   */
  ActionWriter actions(Deadline deadline);
}
