package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import java.time.Duration;
import java.util.Optional;

/** Does with one page what the run's mode says. Used from one thread. */
public interface PageHandler {
  /**
   * Handles the items of {@code page}, in their order and as many as there is time for; at least
   * one when nothing is in its way.
   *
   * @param cursor where the page starts; names its records
   * @param deciding how long the transform may be asked, but for the first item
   * @param deadline when the page has to end
   * @throws dev.godwit.worker.WorkerException when the page has to be replayed
   */
  Handled handle(Page page, Optional<Item> cursor, Duration deciding, Deadline deadline);

  /**
   * What became of a page.
   *
   * @param tally what was counted; items beyond {@code finished} are in it if they were written,
   *     because whoever reads them again will find nothing left to do
   * @param finished how many items, from the first on, are done: written, kept or on record
   * @param next where to go on: after the last of these; where the page starts, when there are
   *     none; absent when they are the last of the segment
   * @param firstError the error of the first failure record; absent when there is none
   * @param trouble why the first item is not done though it was tried; absent when it is done, or
   *     had to wait for its turn only
   */
  record Handled(
      Tally tally,
      int finished,
      Optional<Item> next,
      Optional<String> firstError,
      Optional<TableUnavailable> trouble) {}
}
