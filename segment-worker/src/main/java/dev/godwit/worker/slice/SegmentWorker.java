package dev.godwit.worker.slice;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.run.slice.Timeline;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Timer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Migrates slices: reads pages of a segment, has each item transformed, writes what changed.
 *
 * <p>Thread-safe: slices may run side by side.
 */
public final class SegmentWorker {
  private final SliceParts.Factory partsOf;
  private final PageListener listener;
  private final Timer timer;
  private final InstantSource clock;

  @Inject
  SegmentWorker(
      SliceParts.Factory partsOf, PageListener listener, Timer timer, InstantSource clock) {
    this.partsOf = partsOf;
    this.listener = listener;
    this.timer = timer;
    this.clock = clock;
  }

  /**
   * Runs one slice.
   *
   * <p>The cursor moves only past items that are written, kept or on record: if the process dies on
   * any line, the next try reads items again, and none is ever skipped. A slice that cannot move it
   * answers the cursor that it was given, and waits by its deadline before it does.
   *
   * <p>When the run is paused, it ends at its next page; one that begins in a paused run does
   * nothing.
   *
   * @throws BadSliceRequest when there is no such migration, or it does not suit the table
   * @throws TransformChanged when its code is not what the run began with
   * @throws ItemFailuresExceeded when too many items of the segment have failed
   * @throws TableUnavailable when the slice should be tried again
   * @throws TableRefused when trying again is no help
   */
  public SliceResult run(SliceRequest slice, Deadline deadline) {
    try (var parts = partsOf.slice(slice, deadline)) {
      return new Running(slice, parts, deadline).run();
    }
  }

  /** A slice on its way. */
  private final class Running {
    private final SliceRequest slice;
    private final SliceParts parts;
    private final Deadline deadline;
    private Optional<Item> cursor;
    private Tally tally = Tally.ZERO;
    private final Timeline.Sum timeline = new Timeline.Sum(Timeline.MOST_OF_A_SEGMENT);
    private Duration lastTook = Duration.ZERO;
    private boolean hasMoved;
    private boolean isFinished;
    private boolean isPaused;

    Running(SliceRequest slice, SliceParts parts, Deadline deadline) {
      this.slice = slice;
      this.parts = parts;
      this.deadline = deadline;
      this.cursor = SliceCursor.of(slice);
      slice.timeline().ifPresent(timeline::add);
    }

    SliceResult run() {
      boolean goesOn = !isPaused();
      while (goesOn) {
        try {
          goesOn = page();
        } catch (TableUnavailable e) {
          if (!hasMoved) {
            throw e;
          }
          goesOn =
              false; // what was done so far counts; whoever goes on from there meets the trouble
        }
      }
      count(parts.pages().discard());
      return new SliceResult(
          slice.segment(),
          isFinished ? Optional.empty() : SliceCursor.toGoOnFrom(cursor),
          tally,
          slice.segmentTally().orElse(Tally.ZERO).plus(tally),
          timeline.total(),
          isPaused);
    }

    private void count(Tally counted) {
      tally = tally.plus(counted);
      timeline.add(clock.instant(), counted);
    }

    /** Whether to end here because the run is paused. */
    private boolean isPaused() {
      isPaused = parts.isPaused().getAsBoolean();
      return isPaused;
    }

    /** Migrates a page; answers whether there is another and time for it. */
    private boolean page() {
      long began = timer.nanos();
      var read = parts.pages().read(cursor, parts.limit().next());
      if (read.isEmpty()) {
        return false;
      }
      var page = read.get();
      if (hasTimeForAnother()) {
        page.next().ifPresent(next -> parts.pages().start(next, parts.limit().next()));
      }
      var handled = parts.handler().handle(page, cursor, parts.limit().longest(), parts.deadline());
      var counted = handled.tally().plus(page.tally());
      count(counted);
      if (!slice.checksCanary()) {
        listener.pageDone(slice.segment(), counted); // also of the page that exceeds the budget
        parts.failures().spend(handled);
      }
      if (handled.trouble().isPresent()) {
        throw handled.trouble().get();
      }
      boolean isWhole = handled.finished() == page.items().size();
      if (!isWhole && handled.finished() == 0) {
        return false;
      }
      // Moved only after the items are written: a crash here replays some, never skips one.
      cursor = handled.next();
      hasMoved = true;
      isFinished = cursor.isEmpty();
      lastTook = Duration.ofNanos(timer.nanos() - began);
      parts.limit().learn(page, handled.finished(), lastTook);
      return !isFinished && hasTimeForAnother() && !isPaused();
    }

    /** A page that takes longer than the last is cut short; what was read beyond is read again. */
    private boolean hasTimeForAnother() {
      return deadline.left().compareTo(lastTook) > 0;
    }
  }
}
