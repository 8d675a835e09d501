package dev.godwit.worker.slice;

import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.Page;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * Migrates slices: reads pages of a segment, has each item transformed, writes what changed.
 *
 * <p>Thread-safe: slices may run side by side.
 */
public final class SegmentWorker {
  private final SliceParts.Factory partsOf;
  private final PageListener listener;
  private final Timer timer;

  @Inject
  SegmentWorker(SliceParts.Factory partsOf, PageListener listener, Timer timer) {
    this.partsOf = partsOf;
    this.listener = listener;
    this.timer = timer;
  }

  /**
   * Runs one slice.
   *
   * <p>The cursor moves only after its page is written: if the process dies on any line, the next
   * try replays a page, and none is ever skipped.
   *
   * @throws BadSliceRequest when there is no such migration, or it does not suit the table
   * @throws TransformChanged when its code is not what the run began with
   * @throws ItemFailuresExceeded when too many items of the segment have failed
   * @throws TableUnavailable when the slice should be tried again
   * @throws TableRefused when trying again is no help
   */
  public SliceResult run(SliceRequest slice, Deadline deadline) {
    try (var parts = partsOf.slice(slice)) {
      return run(slice, parts, deadline);
    }
  }

  private SliceResult run(SliceRequest slice, SliceParts parts, Deadline deadline) {
    var cursor = slice.cursor();
    var tally = Tally.ZERO;
    do {
      long began = timer.nanos();
      Page page = parts.pages().read(cursor, parts.limit().next());
      page.next().ifPresent(next -> parts.pages().start(next, parts.limit().next()));

      var handled = parts.handler().handle(page, cursor, deadline);
      var counted = handled.tally().plus(page.tally());
      listener.pageDone(slice.segment(), counted); // also of the page that exceeds the budget
      parts.failures().spend(handled);
      // Moved only after the page is written: a crash here replays a page, never skips one.
      cursor = handled.next();
      tally = tally.plus(counted);
      var took = Duration.ofNanos(timer.nanos() - began);
      deadline.pageTook(took);
      parts.limit().learn(page, took);
    } while (cursor.isPresent() && !deadline.isNear());
    tally = tally.plus(parts.pages().discard());
    return new SliceResult(
        slice.segment(), cursor, tally, slice.segmentTally().orElse(Tally.ZERO).plus(tally));
  }
}
