package dev.godwit.worker.write;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import dev.godwit.run.Guard;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Asks the transform about an item and plans the write, with the condition that guards it.
 * Thread-safe.
 */
public final class Decider {
  /** So that no message makes a record, of which a page may have many, larger than its item. */
  private static final int LONGEST_MESSAGE = 10_000;

  private static final Item.Difference NOTHING = new Item.Difference(List.of(), List.of());

  private final ItemTransform transform;
  private final TransformContext context;
  private final List<String> keys;
  private final Guard guard;
  private final Optional<Stamp> stamp;

  /**
   * A decider for one run.
   *
   * @param keys the table's key attributes
   * @param stamp what marks an item as done by this migration; absent to mark none
   */
  public Decider(
      ItemTransform transform,
      TransformContext context,
      List<String> keys,
      Guard guard,
      Optional<Stamp> stamp) {
    this.transform = transform;
    this.context = context;
    this.keys = List.copyOf(keys);
    this.guard = guard;
    this.stamp = stamp;
  }

  /** An attribute that a write sets to the migration's id, so that no item is transformed twice. */
  public record Stamp(String attribute, String migration) {
    private boolean isOn(Item item) {
      return item.find(attribute).equals(Optional.of(Value.string(migration)));
    }
  }

  /** The key attributes of {@code item}. */
  Item keyOf(Item item) {
    return item.only(keys);
  }

  /** Never throws for what the transform does: that is a decision too. */
  @SuppressWarnings("CatchingUnchecked") // whatever user code throws concerns this item alone
  Decision decide(Item item) {
    try {
      if (stamp.isPresent() && stamp.get().isOn(item)) {
        return new Decision.Wanted(item, Optional.empty(), List.of(), List.of());
      }
      var change = transform.apply(item, context);
      if (change == null) {
        return new Decision.Failed(
            item,
            "NullChange",
            "The transform answered null; let it answer Change.keep() to leave an item alone");
      }
      return encoded(
          new Decision.Wanted(item, write(item, change), change.actions(), change.deferred()));
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

  private Optional<PlannedWrite> write(Item item, Change change) {
    if (change instanceof Change.Delete) {
      return Optional.of(new PlannedWrite.Delete(item, condition(item, NOTHING)));
    }
    if (change instanceof Change.Replace replace) {
      return replacement(item, replace.item());
    }
    return Optional.empty();
  }

  private Optional<PlannedWrite> replacement(Item item, Item replacement) {
    var wanted = versionedAs(item, replacement);
    var difference = wanted.differenceFrom(item);
    if (difference.isEmpty()) {
      return Optional.empty();
    }
    for (String key : keys) {
      if (difference.removed().contains(key)) {
        throw new IllegalArgumentException(
            "The replacement has no key attribute \""
                + key
                + "\"; make it from the item with with(…) and without(…)");
      }
    }
    var result = marked(item, wanted);
    if (!Collections.disjoint(keys, difference.set())) {
      return Optional.of(new PlannedWrite.Move(item, result, moveCondition(item)));
    }
    if (stamp.isPresent() || guard instanceof Guard.Version) {
      difference = result.differenceFrom(item);
    }
    return Optional.of(
        new PlannedWrite.Update(item, result, difference, condition(item, difference)));
  }

  /**
   * {@code wanted} with the version as scanned. That attribute is the guard's: a transform that
   * makes its items anew, without it, would otherwise never answer keep to its own output.
   */
  private Item versionedAs(Item scanned, Item wanted) {
    if (guard instanceof Guard.Version version) {
      var present = scanned.find(version.attribute());
      return present.isPresent()
          ? wanted.with(version.attribute(), present.get())
          : wanted.without(version.attribute());
    }
    return wanted;
  }

  /** {@code wanted} with the stamp and the raised version, where the run has them. */
  private Item marked(Item scanned, Item wanted) {
    var result = wanted;
    if (stamp.isPresent()) {
      result = result.with(stamp.get().attribute(), stamp.get().migration());
    }
    if (guard instanceof Guard.Version version) {
      var present = scanned.find(version.attribute()).map(Value::asNumber).orElse(BigDecimal.ZERO);
      result = result.with(version.attribute(), present.add(BigDecimal.ONE));
    }
    return result;
  }

  private Condition condition(Item scanned, Item.Difference touched) {
    var names = new ArrayList<String>();
    if (guard instanceof Guard.Version version) {
      names.add(version.attribute());
    }
    if (guard instanceof Guard.ReadSet) {
      var reads = scanned.reads();
      names.addAll(reads);
      for (List<String> changed : List.of(touched.set(), touched.removed())) {
        for (String name : changed) {
          if (!reads.contains(name)) {
            names.add(name);
          }
        }
      }
    }
    return Condition.asScanned(scanned, names, keys);
  }

  /**
   * Everything is written anew, so everything must be as scanned. Of an item with more attributes
   * than an expression holds the version alone has to tell, if the run goes by one; if it goes by
   * none, nothing has. Going by what was read the move cannot be made, and is refused.
   */
  private Condition moveCondition(Item scanned) {
    var names = new LinkedHashSet<>(scanned.reads());
    names.addAll(scanned.names());
    var everything = Condition.asScanned(scanned, names, keys);
    return everything.fitsAnExpression() || guard instanceof Guard.ReadSet
        ? everything
        : condition(scanned, NOTHING);
  }
}
