package dev.godwit.cli.sample;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.migration.Item;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The entries that one index has of a table's items, and what changing them takes.
 *
 * <p>DynamoDB developer guide, "Using Global Secondary Indexes in DynamoDB", provisioned throughput
 * considerations, write capacity units (for local ones the same stands in "Local secondary
 * indexes"): an entry that comes takes one write, one that goes takes one, one whose key changes
 * takes two, to remove it and to put it anew, one of which something else changes takes one, and
 * what is not in the index takes none. Each is of the entry's size, of which a KB begun is a unit.
 * Read 2026-11-26.
 */
final class IndexEntries {
  private static final double BYTES = 1024;

  private final List<String> keys;

  /** What entries have; absent for everything. */
  private final Optional<List<String>> attributes;

  IndexEntries(IndexFacts index, List<String> tableKeys) {
    this.keys = index.keys();
    var names = new LinkedHashSet<>(index.keys());
    names.addAll(tableKeys);
    names.addAll(index.projected());
    this.attributes =
        index.projection() == IndexFacts.Projection.ALL
            ? Optional.empty()
            : Optional.of(new ArrayList<>(names));
  }

  /** What becomes of an entry. */
  enum Fate {
    /** There was none, and there is one. */
    ADDED,
    /** Its key, or that of its item, is another: it is removed and put anew. */
    MOVED,
    /** There is none any more. */
    REMOVED,
    /** Something else of it is another. */
    REWRITTEN,
    /** It stays as it is, or there is none. */
    UNTOUCHED
  }

  /**
   * What becomes of an entry, and what that takes.
   *
   * @param units of writes, as of a write that is in no transaction
   */
  record Effect(Fate fate, double units) {
    static final Effect NONE = new Effect(Fate.UNTOUCHED, 0);
  }

  /**
   * What a write does to the entry of its item.
   *
   * @param before the item as it is; empty if there is none
   * @param after the item as it will be; empty if there is none
   * @param isMoved whether it gets another key in the table
   */
  Effect effect(Optional<Item> before, Optional<Item> after, boolean isMoved) {
    var was = before.flatMap(this::entry);
    var is = after.flatMap(this::entry);
    if (was.isEmpty() && is.isEmpty()) {
      return Effect.NONE;
    }
    if (was.isEmpty()) {
      return new Effect(Fate.ADDED, units(is.get()));
    }
    if (is.isEmpty()) {
      return new Effect(Fate.REMOVED, units(was.get()));
    }
    var difference = is.get().differenceFrom(was.get());
    if (isMoved || keys.stream().anyMatch(difference.set()::contains)) {
      return new Effect(Fate.MOVED, units(was.get()) + units(is.get()));
    }
    return difference.isEmpty()
        ? Effect.NONE
        : new Effect(Fate.REWRITTEN, Math.max(units(was.get()), units(is.get())));
  }

  /** An item without all keys of an index is not in it. */
  private Optional<Item> entry(Item item) {
    if (!keys.stream().allMatch(item::stores)) {
      return Optional.empty();
    }
    return Optional.of(attributes.map(item::only).orElse(item));
  }

  private static double units(Item entry) {
    return Math.max(1, Math.ceil(entry.sizeBytes() / BYTES));
  }
}
