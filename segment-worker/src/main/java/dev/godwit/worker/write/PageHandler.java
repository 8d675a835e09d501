package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import java.util.Optional;

/** Does with one page what the run's mode says. Used from one thread. */
public interface PageHandler {
  /**
   * Handles the items of {@code page}, all of them unless the deadline passes after the first.
   *
   * @param cursor where the page starts; names its records
   * @throws dev.godwit.worker.WorkerException when the page has to be replayed
   */
  Handled handle(Page page, Optional<Item> cursor, Deadline deadline);

  /**
   * What became of a page.
   *
   * @param next where the following page starts; absent after the last
   * @param firstError the error of the first failure record; absent when there is none
   */
  record Handled(Tally tally, Optional<Item> next, Optional<String> firstError) {}
}
