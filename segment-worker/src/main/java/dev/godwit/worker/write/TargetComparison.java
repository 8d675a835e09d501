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
  private final Arrivals arrivals;
  private final TargetReads reads;
  private final boolean newerIsRight;

  /**
   * @param byKey reads items of the target by their keys, those that are there
   * @param newerIsRight whether a newer item, which the run's rule leaves there, is as it should be
   */
  TargetComparison(
      Arrivals arrivals, Function<List<Item>, PageSource> byKey, boolean newerIsRight) {
    this.arrivals = arrivals;
    this.reads = new TargetReads(arrivals, byKey);
    this.newerIsRight = newerIsRight;
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
            || (newerIsRight && arrivals.refusal(copy, there.get()).isEmpty())
        ? new Rehearsed.Done(wanted, Counter.THERE_ALREADY)
        : new Rehearsed.Done(wanted, Counter.DIFFERENT, there.get());
  }

  @Override
  public Tally takeTally() {
    return reads.takeTally();
  }
}
