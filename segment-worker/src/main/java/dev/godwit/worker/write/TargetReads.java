package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What is in a run's target at the keys of the page that was looked at last. Used by one slice. */
final class TargetReads {
  private final Arrivals arrivals;
  private final Function<List<Item>, PageSource> byKey;
  private final Map<Item, Item> there = new HashMap<>();
  private Tally cost = Tally.ZERO;

  /**
   * @param byKey reads items of the target by their keys, those that are there
   */
  TargetReads(Arrivals arrivals, Function<List<Item>, PageSource> byKey) {
    this.arrivals = arrivals;
    this.byKey = byKey;
  }

  /** What {@code decision} would put, if anything. */
  static Optional<PlannedWrite.Copy> copy(Decision decision) {
    return decision instanceof Decision.Wanted wanted
            && wanted.write().orElse(null) instanceof PlannedWrite.Copy copy
        ? Optional.of(copy)
        : Optional.empty();
  }

  /**
   * Looks at the keys to which {@code decisions} would put something.
   *
   * @return for how many of them, from the first on, there was time
   */
  int look(List<Decision> decisions) {
    there.clear();
    var wanted = new LinkedHashSet<Item>();
    decisions.forEach(decision -> copy(decision).map(arrivals::keyOf).ifPresent(wanted::add));
    var keys = List.copyOf(wanted);
    var unread = new HashSet<>(keys.subList(read(keys), keys.size()));
    int told = 0;
    while (told < decisions.size()
        && copy(decisions.get(told)).map(arrivals::keyOf).filter(unread::contains).isEmpty()) {
      told++;
    }
    return told;
  }

  /** Reads what is at {@code keys}; answers for how many, from the first on, there was time. */
  private int read(List<Item> keys) {
    if (keys.isEmpty()) {
      return 0;
    }
    var source = byKey.apply(keys);
    Optional<Item> cursor = Optional.empty();
    do {
      Optional<Page> read = source.read(cursor, OptionalInt.empty());
      if (read.isEmpty()) {
        return cursor.map(last -> keys.indexOf(last) + 1).orElse(0);
      }
      cost = cost.plus(read.get().tally());
      read.get().items().forEach(item -> there.put(item.only(keys.get(0).names()), item));
      cursor = read.get().next();
    } while (cursor.isPresent());
    return keys.size();
  }

  /** What is at the key of {@code copy}. */
  Optional<Item> at(PlannedWrite.Copy copy) {
    return Optional.ofNullable(there.get(arrivals.keyOf(copy)));
  }

  /** From now on, {@code copy} is taken for being there. */
  void arrived(PlannedWrite.Copy copy) {
    there.put(arrivals.keyOf(copy), copy.result());
  }

  /** What looking has cost since the last call. */
  Tally takeTally() {
    var taken = cost;
    cost = Tally.ZERO;
    return taken;
  }

  /** Whether {@code there} is what {@code copy} would put. */
  static boolean isSame(PlannedWrite.Copy copy, Item there) {
    return copy.result().differenceFrom(there).isEmpty();
  }
}
