package dev.godwit.worker.record;

import dev.godwit.migration.Item;
import java.util.Optional;

/**
 * Why one item was not migrated; complete enough to offer the item again.
 *
 * @param segment the segment it was found in
 * @param key its key attributes
 * @param error the class of what the transform threw, or one of Godwit's own: {@code Conflict},
 *     {@code Throttled}, {@code NullChange}; of what a dry run foresees {@code TargetExists},
 *     {@code GuardTooLarge}, {@code ChangeTooLarge}, {@code ItemTooLarge}, {@code NestedTooDeeply},
 *     {@code EmptyName}, {@code NameTooLong}, {@code KeyMissing}, {@code KeyOfWrongType}, {@code
 *     KeyEmpty}, {@code KeyTooLong}; of a run with a target, also {@code KeyCollision}, {@code
 *     TargetTaken}, {@code AgeUnknown}; of a file also {@code DamagedText}; or DynamoDB's code for
 *     what else it refuses
 * @param message what was said; it may quote the item
 * @param item as it was decided about
 * @param targetKey of an item that was not put into the run's target, because another is there: the
 *     key of both there
 * @param otherKey the key that the other item was read with, as far as is known
 * @param from where the item was read, where that is not its table
 */
public record FailureRecord(
    int segment,
    Item key,
    String error,
    String message,
    Item item,
    Optional<Item> targetKey,
    Optional<Item> otherKey,
    Optional<String> from) {
  /** Of an item that no other was in the way of. */
  public FailureRecord(int segment, Item key, String error, String message, Item item) {
    this(segment, key, error, message, item, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same, of an item that was read there. */
  public FailureRecord from(Optional<String> place) {
    return new FailureRecord(segment, key, error, message, item, targetKey, otherKey, place);
  }
}
