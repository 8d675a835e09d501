package dev.godwit.testkit;

import dev.godwit.migration.Item;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** What a write asks of the item that is stored. */
@FunctionalInterface
public interface Condition {
  /**
   * Whether the write may be done.
   *
   * @param stored what is stored under the key; empty when there is no such item
   */
  boolean holds(Optional<Item> stored);

  /** The write is done whatever is stored. */
  static Condition always() {
    return stored -> true;
  }

  /** There must be an item. */
  static Condition exists() {
    return Optional::isPresent;
  }

  /** There must be no item. */
  static Condition absent() {
    return Optional::isEmpty;
  }

  /**
   * There must be an item, and each of {@code names} must hold what it holds in {@code seen}, or be
   * absent as it is there.
   */
  static Condition stillAs(Item seen, Collection<String> names) {
    var copy = StoredItem.of(seen.only(names));
    var guarded = Set.copyOf(names);
    return stored -> {
      var expected = copy.fresh();
      return stored.isPresent()
          && guarded.stream().allMatch(name -> stored.get().find(name).equals(expected.find(name)));
    };
  }
}
