package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.worker.record.BeforeImage;
import java.util.List;
import java.util.Optional;

/**
 * Tells of items, one after the other, what would become of them, and writes nothing. Used from one
 * thread.
 */
public final class ItemRehearsal {
  private final Decider decider;
  private final Optional<Foresight> foresight;

  private ItemRehearsal(Decider decider, Optional<Foresight> foresight) {
    this.decider = decider;
    this.foresight = foresight;
  }

  /** One of a run with these writers, which are asked what they would refuse. */
  public static ItemRehearsal of(Decider decider, ChangeWriter writer, ActionWriter actionWriter) {
    return new ItemRehearsal(decider, Optional.of(new Foresight(decider, writer, actionWriter)));
  }

  /** One that takes every change for one that can be made. */
  static ItemRehearsal ofChanges(Decider decider) {
    return new ItemRehearsal(decider, Optional.empty());
  }

  /** Learns that these items are there, before any of them is changed. */
  public void see(List<Item> items) {
    foresight.ifPresent(it -> it.see(items));
  }

  /** What would become of {@code item}. Never throws for what user code does. */
  public Rehearsed of(Item item) {
    return of(decider.decide(item));
  }

  /** What would become of an item that is decided about. */
  Rehearsed of(Decision decision) {
    if (decision instanceof Decision.Failed failed) {
      return new Rehearsed.Failed(failed.item(), failed.error(), failed.message(), false);
    }
    var wanted = (Decision.Wanted) decision;
    var refused = foresight.flatMap(it -> it.of(wanted));
    if (refused.isPresent()) {
      return new Rehearsed.Failed(
          wanted.item(), refused.get().error(), refused.get().message(), true);
    }
    return new Rehearsed.Done(wanted);
  }

  /** What would be kept of an item before {@code write}, where a run keeps before-images. */
  public BeforeImage imageOf(PlannedWrite write) {
    return decider.planner().imageOf(write);
  }
}
