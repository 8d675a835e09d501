package dev.godwit.worker.undo;

import dev.godwit.migration.Item;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.write.Decider;
import dev.godwit.worker.write.WritePlanner;
import java.util.List;
import java.util.function.Function;

/**
 * What a slice works with that takes back a run's writes to one segment.
 *
 * @param pages what is now at the places that the run has written to
 * @param decider what is to become of that
 */
public record Undo(PageSource pages, Decider decider) {
  /**
   * Takes back the run {@code run}.
   *
   * @param byKey reads items by their keys, those that are there
   */
  public static Undo of(
      String run,
      RunRecords records,
      WritePlanner planner,
      Function<List<Item>, PageSource> byKey) {
    var pages = new UndoPages(records, run, byKey);
    return new Undo(pages, new UndoDecider(pages, planner));
  }
}
