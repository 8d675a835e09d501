package dev.godwit.worker.generate;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.worker.write.Arrivals;
import dev.godwit.worker.write.Decider;
import dev.godwit.worker.write.Decision;
import dev.godwit.worker.write.WritePlanner;
import java.util.Optional;

/**
 * Decides as another, about items that were made: a segment goes on at a position.
 *
 * @param pages that they are from
 */
public record MadeDecider(Decider decider, GeneratedPages pages) implements Decider {
  @Override
  public Decision decide(Item item) {
    return decider.decide(item);
  }

  @Override
  public Item cursorAfter(Item item) {
    return pages.cursorAfter(item);
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
