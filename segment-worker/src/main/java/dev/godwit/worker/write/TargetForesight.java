package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
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

/**
 * Foresees what would become of items that are to be put into a target: it reads what is there at
 * their keys, and remembers what it has let pass. Two items that would come to one key are told, even
 * where the run would let the second overwrite the first.
 *
 * <p>Used by one slice, from one thread.
 */
final class TargetForesight implements Foresight {
  private final Arrivals arrivals;
  private final ChangeWriter writer;
  private final ActionWriter actionWriter;
  private final Function<List<Item>, PageSource> byKey;

  /** What is at the keys of the page, or would be by now. */
  private final Map<Item, Item> there = new HashMap<>();

  private Tally cost = Tally.ZERO;

  /**
   * @param byKey reads items of the target by their keys, those that are there
   */
  TargetForesight(
      Arrivals arrivals,
      ChangeWriter writer,
      ActionWriter actionWriter,
      Function<List<Item>, PageSource> byKey) {
    this.arrivals = arrivals;
    this.writer = writer;
    this.actionWriter = actionWriter;
    this.byKey = byKey;
  }

  @Override
  public int see(List<Decision> decisions) {
    there.clear();
    if (arrivals.isOverwriting()) {
      return decisions.size();
    }
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

  private static Optional<PlannedWrite.Copy> copy(Decision decision) {
    return decision instanceof Decision.Wanted wanted
            && wanted.write().orElse(null) instanceof PlannedWrite.Copy copy
        ? Optional.of(copy)
        : Optional.empty();
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

  @Override
  public Tally takeTally() {
    var taken = cost;
    cost = Tally.ZERO;
    return taken;
  }

  @Override
  public Rehearsed of(Decision.Wanted wanted) {
    var refused = Foresight.ofActions(wanted, actionWriter);
    if (refused.isPresent()) {
      return Rehearsed.Failed.of(wanted.item(), refused.get());
    }
    return copy(wanted)
        .map(copy -> ofCopy(wanted, copy))
        .orElseGet(() -> new Rehearsed.Done(wanted, Counter.LEFT_OUT));
  }

  private Rehearsed ofCopy(Decision.Wanted wanted, PlannedWrite.Copy copy) {
    var refused = writer.foresee(copy);
    if (refused.isPresent()) {
      return Rehearsed.Failed.of(wanted.item(), refused.get());
    }
    var other =
        arrivals.origin(copy).filter(origin -> !origin.equals(arrivals.originOf(copy)));
    var key = arrivals.keyOf(copy);
    var present = Optional.ofNullable(there.get(key));
    if (other.isPresent() && !present.filter(item -> isSame(copy, item)).isPresent()) {
      return Rehearsed.Failed.of(wanted.item(), arrivals.collision(copy, other.get()));
    }
    if (present.isEmpty() || arrivals.mayReplace(copy, present.get())) {
      arrivals.arrived(copy);
      there.put(key, copy.result());
      return new Rehearsed.Done(wanted, Counter.PUT);
    }
    return arrivals
        .refusal(copy, present.get())
        .<Rehearsed>map(why -> Rehearsed.Failed.of(wanted.item(), why))
        .orElseGet(() -> new Rehearsed.Done(wanted, Counter.THERE_ALREADY));
  }

  private static boolean isSame(PlannedWrite.Copy copy, Item there) {
    return copy.result().differenceFrom(there).isEmpty();
  }
}
