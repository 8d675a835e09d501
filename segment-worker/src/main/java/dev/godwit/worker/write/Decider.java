package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import java.util.Optional;

/** Decides what is to become of items. Used from one thread at a time. */
public interface Decider {
  /** What is to be done about {@code item}. Never throws for what user code does. */
  Decision decide(Item item);

  /** What is to be done when {@code item}, which was to be written, is not there any more. */
  default Decision gone(Item item) {
    // deleted by someone else: nothing is left to migrate, and nothing is brought back
    return Decision.Wanted.keep(item);
  }

  /** Whether a write that was refused may go through once others of its page have. */
  default boolean mayComeFree(Outcome.Refused refused) {
    return false;
  }

  /** What an item is counted as of which nothing is written. */
  default Counter whenNotWritten() {
    return Counter.KEPT;
  }

  /** What an item is counted as that was to be written, and is not there any more. */
  default Counter whenGone() {
    return whenNotWritten();
  }

  /** Where {@code item}, of the page that was read last, is from; empty when its key says so. */
  default Optional<String> from(Item item) {
    return Optional.empty();
  }

  /** What the slice has put into the run's target; absent when the run has none. */
  default Optional<Arrivals> arrivals() {
    return Optional.empty();
  }

  /** Where a segment goes on after {@code item}. */
  default Item cursorAfter(Item item) {
    return planner().keyOf(item);
  }

  /** Plans the writes that it decides on. */
  WritePlanner planner();
}
