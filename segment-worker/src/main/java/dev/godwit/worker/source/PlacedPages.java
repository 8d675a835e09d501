package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.worker.page.PageSource;
import java.util.Optional;

/** Pages of items whose places are no keys of the table. Used by one slice. */
public interface PlacedPages extends PageSource {
  /** Where to go on after {@code item}, an object of the page that was read last. */
  Item cursorAfter(Item item);

  /** Where {@code item} is from, for people; empty when it is of no page that was read last. */
  Optional<String> from(Item item);

  /** Why {@code item} stands for something that is no item; empty when it is one. */
  Optional<String> damage(Item item);

  /** Whether {@code item} stands for one that is known not to be there any more. */
  default boolean isGone(Item item) {
    return false;
  }

  @Override
  default boolean mayReadAhead() {
    return false;
  }
}
