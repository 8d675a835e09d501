package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.record.BeforeImage;
import java.util.List;

/**
 * Tells of items, one after the other, what would become of them, and writes nothing. Used from one
 * thread.
 */
public final class ItemRehearsal {
  private final Decider decider;
  private final Foresight foresight;

  private ItemRehearsal(Decider decider, Foresight foresight) {
    this.decider = decider;
    this.foresight = foresight;
  }

  /** One of a run with these writers, which are asked what they would refuse. */
  public static ItemRehearsal of(Decider decider, ChangeWriter writer, ActionWriter actionWriter) {
    return of(decider, new InPlaceForesight(decider, writer, actionWriter));
  }

  /** One that tells what {@code foresight} does. */
  static ItemRehearsal of(Decider decider, Foresight foresight) {
    return new ItemRehearsal(decider, foresight);
  }

  /** One that takes every change for one that can be made. */
  static ItemRehearsal ofChanges(Decider decider) {
    return of(decider, Foresight.ofEverything());
  }

  /** Learns that these items are there, before any of them is changed. */
  public void see(List<Item> items) {
    foresight.see(items.stream().<Decision>map(Decision.Wanted::keep).toList());
  }

  /**
   * Learns of the decisions about a page.
   *
   * @return about how many of them, from the first on, it can tell; fewer than all when time ran
   *     out
   */
  int look(List<Decision> decisions) {
    return foresight.see(decisions);
  }

  /** What looking has cost since the last call. */
  Tally takeTally() {
    return foresight.takeTally();
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
    if (decision instanceof Decision.Gone gone) {
      return new Rehearsed.Done(Decision.Wanted.keep(gone.item()), decider.whenGone());
    }
    return foresight.of((Decision.Wanted) decision);
  }

  /** What would be kept of an item before {@code write}, where a run keeps before-images. */
  public BeforeImage imageOf(PlannedWrite write) {
    return decider.planner().imageOf(write);
  }
}
