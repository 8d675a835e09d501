package dev.godwit.testkit;

import dev.godwit.migration.Item;
import java.util.Optional;

/** How a write ended: done, or refused by its condition. */
public final class WriteAnswer {
  private static final WriteAnswer DONE = new WriteAnswer(true, Optional.empty());

  private final boolean done;
  private final Optional<Item> current;

  private WriteAnswer(boolean done, Optional<Item> current) {
    this.done = done;
    this.current = current;
  }

  static WriteAnswer done() {
    return DONE;
  }

  static WriteAnswer refused(Optional<Item> current) {
    return new WriteAnswer(false, current);
  }

  public boolean isDone() {
    return done;
  }

  /**
   * For a refused write, the item as it is now; empty when there is none, or the write was done.
   */
  public Optional<Item> current() {
    return current;
  }
}
