package dev.godwit.worker;

/**
 * More items of a segment failed, or more deferred actions of it were refused, than the run allows.
 * Every one of them has a record; the others are written.
 */
public final class ItemFailuresExceeded extends WorkerException {
  private ItemFailuresExceeded(String message) {
    super(message, null);
  }

  /** Of items that a transform or DynamoDB would not take. */
  public static ItemFailuresExceeded ofItems(
      int segment, long failed, long allowed, String firstError, String records) {
    return new ItemFailuresExceeded(
        failed
            + " items of segment "
            + segment
            + " failed, "
            + allowed
            + " are allowed; the first with "
            + firstError
            + ". Their records are in "
            + records
            + ". The other items of these pages are migrated; mend the transform or the items, then redrive the run");
  }

  /**
   * Of deferred actions that DynamoDB would not take. A redrive sends the same ones again, whatever
   * the transform has become.
   */
  public static ItemFailuresExceeded ofDeferredActions(
      int segment, long refused, long allowed, String firstError, String records) {
    return new ItemFailuresExceeded(
        refused
            + " deferred actions of segment "
            + segment
            + " were refused, "
            + allowed
            + " are allowed; the first with "
            + firstError
            + ". Their records, with the actions whole, are in "
            + records
            + ". The segment's deferred actions before these are carried out, and the scan is over; a redrive sends the same actions again, so mend what refused them (a table that is missing, say), then redrive the run, or carry them out by hand");
  }
}
