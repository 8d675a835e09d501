package dev.godwit.worker.write;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.TransformContext;
import java.util.Optional;
import java.util.function.BiFunction;

/** Decides as the transform of a migration does. Thread-safe. */
public final class TransformDecider implements Decider {
  /** So that no message makes a record, of which a page may have many, larger than its item. */
  private static final int LONGEST_MESSAGE = 10_000;

  private final ItemTransform transform;
  private final TransformContext context;
  private final WritePlanner planner;
  private final BiFunction<Item, Change, Optional<PlannedWrite>> plan;

  /** A decider for one run that changes items in place. */
  public TransformDecider(ItemTransform transform, TransformContext context, WritePlanner planner) {
    this(transform, context, planner, planner::plan);
  }

  /**
   * @param plan what is to be written, for an item and a change that is wanted of it
   */
  TransformDecider(
      ItemTransform transform,
      TransformContext context,
      WritePlanner planner,
      BiFunction<Item, Change, Optional<PlannedWrite>> plan) {
    this.transform = transform;
    this.context = context;
    this.planner = planner;
    this.plan = plan;
  }

  @Override
  public WritePlanner planner() {
    return planner;
  }

  /** Never throws for what the transform does: that is a decision too. */
  @SuppressWarnings("CatchingUnchecked") // whatever user code throws concerns this item alone
  @Override
  public Decision decide(Item item) {
    try {
      if (planner.stamp().isPresent() && planner.stamp().get().isOn(item)) {
        return Decision.Wanted.keep(item);
      }
      var change = transform.apply(item, context);
      if (change == null) {
        return new Decision.Failed(
            item,
            "NullChange",
            "The transform answered null; let it answer Change.keep() to leave an item alone");
      }
      return encoded(
          new Decision.Wanted(item, plan.apply(item, change), change.actions(), change.deferred()));
    } catch (InternalError | UnknownError e) {
      throw e; // the JVM is broken; of other errors, want of memory or stack included, it recovers
    } catch (Throwable e) {
      return failed(item, e);
    } finally {
      // Nobody interrupts the worker's threads: a flag is the transform's, and would break off the
      // records and requests that come next.
      boolean ignored = Thread.interrupted();
    }
  }

  /**
   * {@code wanted}, of which all that the transform has made is JSON now. It is kept and sent
   * later; what cannot be encoded, as it is too deep for the stack, is told here as its item's
   * failure.
   */
  private static Decision.Wanted encoded(Decision.Wanted wanted) {
    wanted.write().ifPresent(WriteUnits::atMost);
    wanted.actions().forEach(WriteUnits::atMost);
    wanted.deferred().forEach(WriteUnits::atMost);
    return wanted;
  }

  private static Decision failed(Item item, Throwable thrown) {
    return new Decision.Failed(item, thrown.getClass().getName(), message(thrown));
  }

  @SuppressWarnings("CatchingUnchecked") // user code again
  private static String message(Throwable thrown) {
    try {
      var message = thrown.getMessage();
      if (message == null) {
        return "";
      }
      return message.length() <= LONGEST_MESSAGE
          ? message
          : message.substring(0, LONGEST_MESSAGE) + " …";
    } catch (Throwable e) {
      return "(Its message cannot be had: getMessage() threw " + e.getClass().getName() + ")";
    }
  }
}
