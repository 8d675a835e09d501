package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import java.util.Optional;

/** What became of one write of a request. */
public sealed interface Outcome {
  /** It is in the table. */
  record Written() implements Outcome {}

  /**
   * Its condition did not hold.
   *
   * @param current the item as it is now; absent when it is gone
   */
  record Conflict(Optional<Item> current) implements Outcome {}

  /**
   * It was throttled, or not processed, or DynamoDB had a moment's trouble: it can be sent again as
   * it is.
   */
  record Busy() implements Outcome {}

  /**
   * DynamoDB will not take it, however often it is sent.
   *
   * @param error DynamoDB's code, or ours for what an expression cannot hold
   */
  record Refused(String error, String message) implements Outcome {}

  /**
   * Time ran out before it was sent, or nothing is known of its fate: it may be in the table or
   * not.
   */
  record Unsettled() implements Outcome {}
}
