package dev.godwit.worker.write;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Counter;
import java.util.Optional;

/**
 * Decides as the transform of a migration does that puts its items into another table: what it
 * keeps is put there as it is, what it replaces as the replacement, what it deletes is left out.
 *
 * <p>Used by one slice, from one thread.
 */
public final class TargetDecider implements Decider {
  private final TransformDecider transform;
  private final Arrivals arrivals;

  /**
   * A decider for one slice.
   *
   * @param planner knows the keys of the table that is read
   */
  public TargetDecider(
      ItemTransform transform, TransformContext context, WritePlanner planner, TargetTable target) {
    this.transform = new TransformDecider(transform, context, planner, TargetDecider::plan);
    this.arrivals = new Arrivals(planner, target);
  }

  private static Optional<PlannedWrite> plan(Item item, Change change) {
    if (change instanceof Change.Delete) {
      return Optional.empty();
    }
    return Optional.of(
        new PlannedWrite.Copy(
            item, change instanceof Change.Replace replace ? replace.item() : item));
  }

  @Override
  public WritePlanner planner() {
    return transform.planner();
  }

  @Override
  public Decision decide(Item item) {
    var decision = transform.decide(item);
    if (decision instanceof Decision.Wanted wanted
        && wanted.write().orElse(null) instanceof PlannedWrite.Copy copy) {
      var unfit = arrivals.unfit(copy);
      if (unfit.isPresent()) {
        return new Decision.Failed(item, unfit.get().error(), unfit.get().message());
      }
    }
    return decision;
  }

  @Override
  public Counter whenNotWritten() {
    return Counter.LEFT_OUT;
  }

  @Override
  public Optional<Arrivals> arrivals() {
    return Optional.of(arrivals);
  }
}
