package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.util.function.ToLongFunction;

/**
 * Write capacity units by DynamoDB's rules, without those of indexes: one for each KB begun of the
 * larger of the item before and after, two in a transaction. Developer guide, "DynamoDB provisioned
 * capacity mode"; read 2026-11-20.
 */
final class WriteUnits {
  private static final double BYTES = 1024;
  private static final int IN_TRANSACTION = 2;

  private WriteUnits() {}

  /**
   * What {@code write} will consume at most: cheap, because it takes the items' lengths as JSON for
   * their sizes.
   */
  static double atMost(PlannedWrite write) {
    return of(write, DynamoDbJson::length);
  }

  /**
   * What {@code write} consumes: exact but for numbers. Decodes both items, unless they are so
   * small that they consume the least that there is.
   */
  static double exactly(PlannedWrite write) {
    double most = atMost(write);
    double least = write instanceof PlannedWrite.Move ? 2 * IN_TRANSACTION : 1;
    return most <= least ? most : of(write, Item::sizeBytes);
  }

  /** What {@code action} will consume at most, as far as the action itself tells. */
  static double atMost(Action action) {
    return of(action, DynamoDbJson::length);
  }

  /** What {@code action} consumes, as far as the action itself tells. */
  static double exactly(Action action) {
    double most = atMost(action);
    return most <= 1 ? most : of(action, Item::sizeBytes);
  }

  private static double of(PlannedWrite write, ToLongFunction<Item> size) {
    if (write instanceof PlannedWrite.Put put) {
      return units(size.applyAsLong(put.result()));
    }
    if (write instanceof PlannedWrite.Copy copy) {
      return units(size.applyAsLong(copy.result()));
    }
    double before = units(size.applyAsLong(write.scanned()));
    if (write instanceof PlannedWrite.Move move) {
      return IN_TRANSACTION * (before + units(size.applyAsLong(move.result())));
    }
    if (write instanceof PlannedWrite.Update update) {
      return Math.max(before, units(size.applyAsLong(update.result())));
    }
    return before;
  }

  private static double of(Action action, ToLongFunction<Item> size) {
    if (action instanceof Action.Put put) {
      return units(size.applyAsLong(put.item()));
    }
    if (action instanceof Action.PutIfAbsent put) {
      return units(size.applyAsLong(put.item()));
    }
    if (action instanceof Action.Update update) {
      return units(size.applyAsLong(update.key()) + size.applyAsLong(update.attributes()));
    }
    return 1;
  }

  private static double units(long bytes) {
    return Math.max(1, Math.ceil(bytes / BYTES));
  }
}
