package dev.godwit.worker.record;

import dev.godwit.migration.Item;

/**
 * Why one item was not migrated; complete enough to offer the item again.
 *
 * @param segment the segment it was found in
 * @param key its key attributes
 * @param error the class of what the transform threw, or one of Godwit's own: {@code Conflict},
 *     {@code Throttled}, {@code NullChange}; of what a dry run foresees {@code TargetExists},
 *     {@code GuardTooLarge}, {@code ChangeTooLarge}, {@code ItemTooLarge}, {@code NestedTooDeeply},
 *     {@code EmptyName}, {@code NameTooLong}, {@code KeyMissing}, {@code KeyOfWrongType}, {@code
 *     KeyEmpty}, {@code KeyTooLong}; or DynamoDB's code for what else it refuses
 * @param message what was said; it may quote the item
 * @param item as it was decided about
 */
public record FailureRecord(int segment, Item key, String error, String message, Item item) {}
