package dev.godwit.worker.source;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.worker.write.Arrivals;
import dev.godwit.worker.write.Decider;
import dev.godwit.worker.write.Decision;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import dev.godwit.worker.write.WritePlanner;
import java.util.List;
import java.util.Optional;

/**
 * Decides as another, about items that do not come from the run's table. Used by one slice.
 *
 * @param pages that they are from
 * @param inPlace what the run's table takes as an item, if it is changed in place
 * @param wholeDeletes whether a delete is made only of what is exactly as it was decided about: for
 *     its before-image is that
 */
public record SourceDecider(
    Decider decider, PlacedPages pages, Optional<ItemLimits> inPlace, boolean wholeDeletes)
    implements Decider {
  @Override
  public Decision decide(Item item) {
    var damage = pages.damage(item);
    if (damage.isPresent()) {
      return new Decision.Failed(item, DamagedText.ERROR, damage.get());
    }
    if (pages.isGone(item)) {
      return new Decision.Gone(item);
    }
    var unfit = inPlace.flatMap(limits -> limits.ofTableKeys(item));
    if (unfit.isPresent()) {
      return new Decision.Failed(item, unfit.get().error(), unfit.get().message());
    }
    var decision = decider.decide(item);
    return wholeDeletes ? whole(decision) : decision;
  }

  private Decision whole(Decision decision) {
    if (decision instanceof Decision.Wanted wanted
        && wanted.write().orElse(null) instanceof PlannedWrite.Delete) {
      List.copyOf(wanted.item().names()).forEach(wanted.item()::find);
      return new Decision.Wanted(
          wanted.item(),
          planner().plan(wanted.item(), Change.delete()),
          wanted.actions(),
          wanted.deferred());
    }
    return decision;
  }

  @Override
  public Decision gone(Item item) {
    return decider.gone(item);
  }

  @Override
  public Counter whenGone() {
    return Counter.GONE;
  }

  @Override
  public Optional<String> from(Item item) {
    return pages.from(item);
  }

  @Override
  public Item cursorAfter(Item item) {
    return pages.cursorAfter(item);
  }

  @Override
  public boolean mayComeFree(Outcome.Refused refused) {
    return decider.mayComeFree(refused);
  }

  @Override
  public Counter whenNotWritten() {
    return decider.whenNotWritten();
  }

  @Override
  public Optional<Arrivals> arrivals() {
    return decider.arrivals();
  }

  @Override
  public WritePlanner planner() {
    return decider.planner();
  }
}
