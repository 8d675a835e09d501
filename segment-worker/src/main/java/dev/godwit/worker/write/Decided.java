package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decisions about the items of a page, as far as time allowed.
 *
 * @param decisions one for each item from the first on; at least one, if the page has any
 * @param page the page
 */
record Decided(List<Decision> decisions, Page page) {
  static Decided of(Page page, Decider decider, Deadline deadline) {
    var decisions = new ArrayList<Decision>(page.items().size());
    for (Item item : page.items()) {
      if (!decisions.isEmpty() && deadline.isPast()) {
        break;
      }
      decisions.add(decider.decide(item));
    }
    return new Decided(decisions, page);
  }

  /** The first {@code number} of these. */
  Decided first(int number) {
    return new Decided(decisions.subList(0, number), page);
  }

  /**
   * Where to go on when {@code finished} items are done: after the last of them.
   *
   * @param cursor where the page starts
   * @return absent when they were the last of the segment
   */
  Optional<Item> next(int finished, Decider decider, Optional<Item> cursor) {
    if (finished == page.items().size()) {
      return page.next();
    }
    return finished == 0
        ? cursor
        : Optional.of(decider.cursorAfter(page.items().get(finished - 1)));
  }
}
