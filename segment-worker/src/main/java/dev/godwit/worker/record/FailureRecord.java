package dev.godwit.worker.record;

import dev.godwit.migration.Item;

/**
 * Why one item was not migrated; complete enough to offer the item again.
 *
 * @param segment the segment it was found in
 * @param key its key attributes
 * @param error the class of what the transform threw, DynamoDB's code, or one of Godwit's own:
 *     {@code Conflict}, {@code Throttled}, {@code NullChange}, {@code GuardTooLarge}, {@code
 *     TargetExists}
 * @param message what was said; it may quote the item
 * @param item as it was decided about
 */
public record FailureRecord(int segment, Item key, String error, String message, Item item) {}
