package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.PageSource;
import java.util.List;
import java.util.function.Function;

/**
 * Holds a run's target against what the transform makes of each item that is read: is it there, and
 * exactly so? Whether it could be put does not matter.
 *
 * <p>Used by one slice, from one thread.
 */
final class TargetComparison implements Foresight {
  private final TargetReads reads;

  /**
   * @param byKey reads items of the target by their keys, those that are there
   */
  TargetComparison(Arrivals arrivals, Function<List<Item>, PageSource> byKey) {
    this.reads = new TargetReads(arrivals, byKey);
  }

  @Override
  public int see(List<Decision> decisions) {
    return reads.look(decisions);
  }

  @Override
  public Rehearsed of(Decision.Wanted wanted) {
    return TargetReads.copy(wanted)
        .map(copy -> ofCopy(wanted, copy))
        .orElseGet(() -> new Rehearsed.Done(wanted, Counter.LEFT_OUT));
  }

  private Rehearsed.Done ofCopy(Decision.Wanted wanted, PlannedWrite.Copy copy) {
    var there = reads.at(copy);
    if (there.isEmpty()) {
      return new Rehearsed.Done(wanted, Counter.PUT, Item.empty());
    }
    return TargetReads.isSame(copy, there.get())
        ? new Rehearsed.Done(wanted, Counter.THERE_ALREADY)
        : new Rehearsed.Done(wanted, Counter.DIFFERENT, there.get());
  }

  @Override
  public Tally takeTally() {
    return reads.takeTally();
  }
}
