package dev.godwit.worker.slice;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.write.PageHandler;

/** How many items of a segment may still fail. Used by one slice, from one thread. */
final class FailureBudget {
  private final SliceRequest slice;
  private final RunRecords records;
  private long failed;

  FailureBudget(SliceRequest slice, RunRecords records) {
    this.slice = slice;
    this.records = records;
    this.failed = slice.segmentTally().orElse(Tally.ZERO).count(Counter.FAILED);
  }

  /**
   * Counts the failures of a page, whose records are durable already.
   *
   * @throws ItemFailuresExceeded when they are more than the run allows
   */
  void spend(PageHandler.Handled page) {
    failed += page.tally().count(Counter.FAILED);
    if (failed > slice.itemFailuresAllowed() && page.firstError().isPresent()) {
      throw ItemFailuresExceeded.ofItems(
          slice.segment(),
          failed,
          slice.itemFailuresAllowed(),
          page.firstError().get(),
          records.failuresAddress());
    }
  }
}
