package dev.godwit.worker.write;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.worker.record.BeforeImage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Plans the write that a change takes, with the condition that guards it. Thread-safe.
 *
 * @param keys the table's key attributes
 * @param guard what writes are conditioned on
 * @param stamp what marks an item as done by a migration; absent to mark none
 */
public record WritePlanner(List<String> keys, Guard guard, Optional<Stamp> stamp) {
  private static final Item.Difference NOTHING = new Item.Difference(List.of(), List.of());

  public WritePlanner {
    keys = List.copyOf(keys);
  }

  /** An attribute that a write sets to the migration's id, so that no item is transformed twice. */
  public record Stamp(String attribute, String migration) {
    /**
     * The stamp of a run. Down it is another mark than up, or no item that went up with a stamp
     * would ever go down.
     */
    public static Stamp of(String attribute, String migration, Direction direction) {
      return new Stamp(
          attribute,
          switch (direction) {
            case UP -> migration;
            case DOWN -> migration + " down";
          });
    }

    boolean isOn(Item item) {
      return item.find(attribute).equals(Optional.of(Value.string(migration)));
    }
  }

  /** The key attributes of {@code item}. */
  public Item keyOf(Item item) {
    return item.only(keys);
  }

  /**
   * What is to be written to make {@code change} of {@code item}; absent if it is as it should be.
   *
   * @throws IllegalArgumentException when the change cannot be made
   */
  public Optional<PlannedWrite> plan(Item item, Change change) {
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
   * What {@code write} is about to change: whole items where one comes, goes or moves. Without the
   * version that guards it: that is raised by each write, also by the one that takes this back.
   */
  BeforeImage imageOf(PlannedWrite write) {
    var key = keyOf(write.scanned());
    if (write instanceof PlannedWrite.Update update) {
      var touched = new LinkedHashSet<>(update.difference().set());
      touched.addAll(update.difference().removed());
      if (guard instanceof Guard.Version version) {
        touched.remove(version.attribute());
      }
      return BeforeImage.ofUpdate(
          key, update.scanned().only(touched), update.result().only(touched));
    }
    if (write instanceof PlannedWrite.Move move) {
      return BeforeImage.ofMove(key, move.scanned(), keyOf(move.result()), move.result());
    }
    return write instanceof PlannedWrite.Put put
        ? BeforeImage.ofPut(key, put.result())
        : BeforeImage.ofDelete(key, write.scanned());
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
