package dev.godwit.migration;

import java.util.ArrayList;
import java.util.List;

/**
 * What a transform wants done about one item: keep it, replace it or delete it, and perhaps actions
 * on other tables.
 *
 * <p>Actions are carried out before the item's own write, and at least once: a page that is
 * interrupted is replayed, and a conflicting write is decided again. Deferred actions wait until
 * every segment of the run has been read, so that what they insert is not scanned again by the same
 * run.
 */
public sealed interface Change {
  /** To be carried out before the item's own write. */
  List<Action> actions();

  /** To be carried out after the last segment has been read. */
  List<Action> deferred();

  /** Leaves the item as it is, which costs no write. */
  static Change keep() {
    return new Keep(List.of(), List.of());
  }

  /**
   * Makes the stored item equal to {@code item}. Only attributes that differ are written. An item
   * with another key is moved: the new one is put and the old one deleted in one transaction.
   */
  static Change replace(Item item) {
    return new Replace(item, List.of(), List.of());
  }

  /** Deletes the item. */
  static Change delete() {
    return new Delete(List.of(), List.of());
  }

  /** Leaves the item as it is and does {@code action} after the last segment has been read. */
  static Change later(Action action) {
    return keep().andLater(action);
  }

  /** This change, and {@code action} before the item's own write. */
  default Change and(Action action) {
    return withActions(joined(actions(), action), deferred());
  }

  /** This change, and {@code action} after the last segment has been read. */
  default Change andLater(Action action) {
    return withActions(actions(), joined(deferred(), action));
  }

  /** This change with other actions. */
  Change withActions(List<Action> actions, List<Action> deferred);

  private static List<Action> joined(List<Action> actions, Action action) {
    var joined = new ArrayList<>(actions);
    joined.add(action);
    return joined;
  }

  /** Leave the item as it is. */
  record Keep(List<Action> actions, List<Action> deferred) implements Change {
    public Keep {
      actions = List.copyOf(actions);
      deferred = List.copyOf(deferred);
    }

    @Override
    public Change withActions(List<Action> actions, List<Action> deferred) {
      return new Keep(actions, deferred);
    }
  }

  /** Make the stored item equal to {@code item}. */
  record Replace(Item item, List<Action> actions, List<Action> deferred) implements Change {
    public Replace {
      actions = List.copyOf(actions);
      deferred = List.copyOf(deferred);
    }

    @Override
    public Change withActions(List<Action> actions, List<Action> deferred) {
      return new Replace(item, actions, deferred);
    }
  }

  /** Delete the item. */
  record Delete(List<Action> actions, List<Action> deferred) implements Change {
    public Delete {
      actions = List.copyOf(actions);
      deferred = List.copyOf(deferred);
    }

    @Override
    public Change withActions(List<Action> actions, List<Action> deferred) {
      return new Delete(actions, deferred);
    }
  }
}
