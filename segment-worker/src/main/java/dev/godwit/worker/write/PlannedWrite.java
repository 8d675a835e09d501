package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import java.util.List;

/** One write to the table under migration, or to the run's target, decided and not sent yet. */
public sealed interface PlannedWrite {
  /** The item as it was scanned. */
  Item scanned();

  /** What must still hold. */
  Condition condition();

  /**
   * Sets and removes attributes.
   *
   * @param result the whole item as it shall be
   * @param difference the attributes to set, with {@code result}'s values, and to remove
   */
  record Update(Item scanned, Item result, Item.Difference difference, Condition condition)
      implements PlannedWrite {}

  /** Deletes the item. */
  record Delete(Item scanned, Condition condition) implements PlannedWrite {}

  /**
   * Gives the item another key: puts {@code result} where nothing is and deletes what was scanned,
   * or neither. Its condition covers every scanned attribute, because all of them are written anew;
   * where these are more than an expression holds, what the run's guard asks for.
   */
  record Move(Item scanned, Item result, Condition condition) implements PlannedWrite {}

  /**
   * Puts {@code result} where nothing is.
   *
   * @param scanned the key at which no item was found
   */
  record Put(Item scanned, Item result) implements PlannedWrite {
    @Override
    public Condition condition() {
      return NOTHING;
    }
  }

  /**
   * Puts {@code result} into the run's target, as its rule for what is there says.
   *
   * @param scanned the item as it was read from the run's own table
   */
  record Copy(Item scanned, Item result) implements PlannedWrite {
    @Override
    public Condition condition() {
      return NOTHING;
    }
  }

  /** Of a write that compares no attribute. */
  Condition NOTHING = new Condition(List.of(), List.of());
}
