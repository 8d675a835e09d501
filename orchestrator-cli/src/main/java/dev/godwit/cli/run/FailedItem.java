package dev.godwit.cli.run;

/**
 * An item that has failed, or an action, with what it holds.
 *
 * @param error by which its failures are counted
 * @param message what was said; it may quote the item
 * @param json the item, or the action, as DynamoDB JSON
 */
public record FailedItem(String error, String message, String json) {}
