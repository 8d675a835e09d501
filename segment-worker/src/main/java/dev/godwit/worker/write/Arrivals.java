package dev.godwit.worker.write;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.migration.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a slice has put into its target, and what it says of an item that it finds there.
 *
 * <p>Two items of the table that is read may come to one key of the target. That is told where it
 * can be known: of the last so many that this slice has put, and of items that still have the key
 * attributes that they were read with.
 *
 * <p>Used from one thread.
 */
public final class Arrivals {
  /** The error of an item at whose place in the target another item has arrived. */
  static final String KEY_COLLISION = "KeyCollision";

  /** That of an item at whose place there is something else, of which no more is known. */
  static final String TARGET_TAKEN = "TargetTaken";

  /** That of an item of which cannot be told whether it is older than what is there. */
  static final String AGE_UNKNOWN = "AgeUnknown";

  /** About 4 MB of keys. */
  private static final int MOST_REMEMBERED = 10_000;

  private final WritePlanner planner;
  private final Target.Put put;
  private final TargetTable target;

  /** Key in the target to the key that the item was read with. */
  private final Map<Item, Item> origins = new Remembered();

  Arrivals(WritePlanner planner, TargetTable target) {
    this.planner = planner;
    this.put = target.target().put();
    this.target = target;
  }

  private static final class Remembered extends LinkedHashMap<Item, Item> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Item, Item> eldest) {
      return size() > MOST_REMEMBERED;
    }
  }

  /**
   * Why an item is not put where another is.
   *
   * @param key of both in the target
   * @param otherKey the key that the other item was read with; absent when nobody knows
   */
  record Refusal(String error, String message, Item key, Optional<Item> otherKey) {}

  /** Whether what is there matters, or is overwritten whatever it is. */
  boolean isOverwriting() {
    return put instanceof Target.Put.Always;
  }

  /** The key of {@code copy} in the target. */
  Item keyOf(PlannedWrite.Copy copy) {
    return copy.result().only(target.keys());
  }

  /** Why {@code copy} cannot be put there at all, as far as its keys and its age tell. */
  Optional<Outcome.Refused> unfit(PlannedWrite.Copy copy) {
    return target.limits().ofTableKeys(copy.result()).or(() -> withoutAge(copy));
  }

  private Optional<Outcome.Refused> withoutAge(PlannedWrite.Copy copy) {
    if (!(put instanceof Target.Put.ReplaceOlder older)) {
      return Optional.empty();
    }
    var age = fresh(copy.result(), older.attribute()).find(older.attribute());
    return age.filter(value -> ORDERED.contains(value.type())).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Outcome.Refused(
                AGE_UNKNOWN,
                "The item to be put has no number, text or bytes in \""
                    + older.attribute()
                    + "\", by which what is there would be older or not"));
  }

  private static final List<AttributeType> ORDERED =
      List.of(AttributeType.S, AttributeType.N, AttributeType.B);

  /** Looking at it here is no reading. */
  private static Item fresh(Item item, String name) {
    return item.only(List.of(name));
  }

  /** Learns that {@code copy} is there now. */
  void arrived(PlannedWrite.Copy copy) {
    // copied: a slice would keep the whole page in memory with it
    origins.put(copied(keyOf(copy)), copied(originOf(copy)));
  }

  private static Item copied(Item key) {
    return DynamoDbJson.parse(DynamoDbJson.format(key));
  }

  /** The key that the item of {@code copy} was read with. */
  Item originOf(PlannedWrite.Copy copy) {
    return planner.keyOf(copy.scanned());
  }

  /** The key that the item was read with which this slice has put at the key of {@code copy}. */
  Optional<Item> origin(PlannedWrite.Copy copy) {
    return Optional.ofNullable(origins.get(keyOf(copy)));
  }

  /**
   * Why {@code copy} was not put where {@code there} is; absent if it is there already, or a newer
   * state of it as far as its age tells.
   */
  Optional<Refusal> refusal(PlannedWrite.Copy copy, Item there) {
    if (copy.result().differenceFrom(there).isEmpty()) {
      return Optional.empty(); // by an earlier try
    }
    var unordered = unordered(copy, there);
    if (unordered.isPresent()) {
      return unordered;
    }
    var other =
        origin(copy)
            .or(() -> originIn(copy, there))
            .filter(origin -> !origin.equals(originOf(copy)));
    if (other.isPresent()) {
      return Optional.of(collision(copy, other.get()));
    }
    return isNewer(copy, there)
        ? Optional.empty()
        : Optional.of(
            refusal(
                TARGET_TAKEN,
                "At its key the target has an item that is not what would be put: an earlier state of"
                    + " it, somebody else's, or another item of the table that is read. It stays; if"
                    + " it may be overwritten, put always, or replace what is older",
                copy));
  }

  /** That the item which was read with {@code otherKey} comes to the same key as {@code copy}. */
  Refusal collision(PlannedWrite.Copy copy, Item otherKey) {
    return new Refusal(
        KEY_COLLISION,
        "Another item of the table that is read comes to the same key of the target; only one of"
            + " them can be there. Their keys are in this record; let the migration give them"
            + " different ones, or leave one of them out",
        keyOf(copy),
        Optional.of(otherKey));
  }

  private Refusal refusal(String error, String message, PlannedWrite.Copy copy) {
    return new Refusal(error, message, keyOf(copy), Optional.empty());
  }

  /**
   * What {@code there} was read with, if it still tells: items do if {@code copy}, which the same
   * transform has made, has kept its own.
   */
  private Optional<Item> originIn(PlannedWrite.Copy copy, Item there) {
    return planner.keyOf(copy.result()).equals(originOf(copy))
            && planner.keys().stream().allMatch(there::stores)
        ? Optional.of(planner.keyOf(there))
        : Optional.empty();
  }

  private Optional<Refusal> unordered(PlannedWrite.Copy copy, Item there) {
    if (!(put instanceof Target.Put.ReplaceOlder older)) {
      return Optional.empty();
    }
    var name = older.attribute();
    var ours = fresh(copy.result(), name).value(name);
    return fresh(there, name).find(name).filter(age -> age.type() == ours.type()).isPresent()
        ? Optional.empty()
        : Optional.of(
            refusal(
                AGE_UNKNOWN,
                "What is there has no \"" + name + "\" of the same type: it stays",
                copy));
  }

  private boolean isNewer(PlannedWrite.Copy copy, Item there) {
    return put instanceof Target.Put.ReplaceOlder older
        && Ages.isOlder(value(copy.result(), older), value(there, older));
  }

  /**
   * Whether the rule lets {@code copy} take the place of {@code there}, which has an age if any.
   */
  boolean mayReplace(PlannedWrite.Copy copy, Item there) {
    if (put instanceof Target.Put.Always) {
      return true;
    }
    return put instanceof Target.Put.ReplaceOlder older
        && unordered(copy, there).isEmpty()
        && Ages.isOlder(value(there, older), value(copy.result(), older));
  }

  private static Value value(Item item, Target.Put.ReplaceOlder older) {
    return fresh(item, older.attribute()).value(older.attribute());
  }
}
