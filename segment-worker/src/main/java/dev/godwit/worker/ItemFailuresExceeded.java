package dev.godwit.worker;

/**
 * More items of a segment failed than the run allows. Every one of them has a record; the others
 * are written.
 */
public final class ItemFailuresExceeded extends WorkerException {
  public ItemFailuresExceeded(
      int segment, long failed, long allowed, String firstError, String records) {
    super(
        failed
            + " items of segment "
            + segment
            + " failed, "
            + allowed
            + " are allowed; the first with "
            + firstError
            + ". Their records are in "
            + records
            + ". The other items of these pages are migrated; mend the transform or the items, then redrive the run",
        null);
  }
}
