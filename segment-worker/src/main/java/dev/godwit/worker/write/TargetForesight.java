package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.PageSource;
import java.util.List;
import java.util.function.Function;

/**
 * Foresees what would become of items that are to be put into a target: it reads what is there at
 * their keys, and remembers what it has let pass. Two items that would come to one key are told,
 * even where the run would let the second overwrite the first.
 *
 * <p>Used by one slice, from one thread.
 */
final class TargetForesight implements Foresight {
  private final Arrivals arrivals;
  private final ChangeWriter writer;
  private final ActionWriter actionWriter;
  private final TargetReads reads;

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
    this.reads = new TargetReads(arrivals, byKey);
  }

  @Override
  public int see(List<Decision> decisions) {
    return arrivals.isOverwriting() ? decisions.size() : reads.look(decisions);
  }

  @Override
  public Tally takeTally() {
    return reads.takeTally();
  }

  @Override
  public Rehearsed of(Decision.Wanted wanted) {
    var refused = Foresight.ofActions(wanted, actionWriter);
    if (refused.isPresent()) {
      return Rehearsed.Failed.of(wanted.item(), refused.get());
    }
    return TargetReads.copy(wanted)
        .map(copy -> ofCopy(wanted, copy))
        .orElseGet(() -> new Rehearsed.Done(wanted, Counter.LEFT_OUT));
  }

  private Rehearsed ofCopy(Decision.Wanted wanted, PlannedWrite.Copy copy) {
    var refused = writer.foresee(copy);
    if (refused.isPresent()) {
      return Rehearsed.Failed.of(wanted.item(), refused.get());
    }
    var other = arrivals.origin(copy).filter(origin -> !origin.equals(arrivals.originOf(copy)));
    var present = reads.at(copy);
    if (other.isPresent() && !present.filter(item -> TargetReads.isSame(copy, item)).isPresent()) {
      return Rehearsed.Failed.of(wanted.item(), arrivals.collision(copy, other.get()));
    }
    if (present.isEmpty() || arrivals.mayReplace(copy, present.get())) {
      arrivals.arrived(copy);
      reads.arrived(copy);
      return new Rehearsed.Done(wanted, Counter.PUT);
    }
    return arrivals
        .refusal(copy, present.get())
        .<Rehearsed>map(why -> Rehearsed.Failed.of(wanted.item(), why))
        .orElseGet(() -> new Rehearsed.Done(wanted, Counter.THERE_ALREADY));
  }
}
