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
 * @param next where the following page starts: after the last item decided about; absent when that
 *     ended the segment
 */
record Decided(List<Decision> decisions, Optional<Item> next) {
  static Decided of(Page page, Decider decider, Deadline deadline) {
    var decisions = new ArrayList<Decision>(page.items().size());
    for (Item item : page.items()) {
      if (!decisions.isEmpty() && deadline.isPast()) {
        return new Decided(
            decisions, Optional.of(decider.keyOf(decisions.get(decisions.size() - 1).item())));
      }
      decisions.add(decider.decide(item));
    }
    return new Decided(decisions, page.next());
  }
}
