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
   * @param error ours for what can be foreseen, or else DynamoDB's code
   */
  record Refused(String error, String message) implements Outcome {
    /** The error of a move to a place that is taken. */
    public static final String TARGET_EXISTS = "TargetExists";

    /** Of a move. */
    public static Refused targetExists() {
      return new Refused(
          TARGET_EXISTS,
          "Another item has the key that this one should be moved to; neither was touched");
    }
  }

  /**
   * Time ran out before it was sent, or nothing is known of its fate: it may be in the table or
   * not.
   */
  record Unsettled() implements Outcome {}
}
