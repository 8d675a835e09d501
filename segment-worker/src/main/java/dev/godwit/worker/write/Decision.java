package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import java.util.List;
import java.util.Optional;

/** What is to be done about one item. */
public sealed interface Decision {
  /** The item that was decided about. */
  Item item();

  /**
   * The transform has answered.
   *
   * @param write what to do with the item itself; absent to keep it
   * @param actions to be carried out before that
   * @param deferred to be kept safe before that, and carried out after the scan
   */
  record Wanted(
      Item item, Optional<PlannedWrite> write, List<Action> actions, List<Action> deferred)
      implements Decision {
    /** Whether nothing is to be done. */
    boolean isNothing() {
      return write.isEmpty() && actions.isEmpty() && deferred.isEmpty();
    }

    /** Nothing is to be done. */
    public static Wanted keep(Item item) {
      return new Wanted(item, Optional.empty(), List.of(), List.of());
    }
  }

  /** The item is known not to be there any more. */
  record Gone(Item item) implements Decision {}

  /** The transform threw, or wants what cannot be. */
  record Failed(Item item, String error, String message) implements Decision {}
}
