package dev.godwit.worker.slice;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.run.slice.Timeline;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Margin;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.Pacers;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.pace.Use;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.write.ActionRunner;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.RequestSender;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Carries out the actions that a segment kept for after the scan, in the order in which they were
 * asked for, slice by slice. The cursor says in which of their files they are done up to which.
 *
 * <p>If the process dies on any line, some are done and the next try does them again, in the same
 * order.
 *
 * <p>Thread-safe.
 */
public final class DeferredActions {
  /** The attributes of the cursor: the name of a file, and how many of its actions are done. */
  private static final String FILE = "file";

  private static final String DONE = "done";

  /** So many at a time: those of one are done before any of the next is begun. */
  private static final int AT_A_TIME = 500;

  private final Database database;
  private final RecordStore store;
  private final Threads threads;
  private final Pacers pacers;
  private final PageListener listener;
  private final Timer timer;
  private final InstantSource clock;

  @Inject
  DeferredActions(
      Database database,
      RecordStore store,
      Threads threads,
      Pacers pacers,
      PageListener listener,
      Timer timer,
      InstantSource clock) {
    this.database = database;
    this.store = store;
    this.threads = threads;
    this.pacers = pacers;
    this.listener = listener;
    this.timer = timer;
    this.clock = clock;
  }

  /**
   * Carries out the actions of the slice's segment from the cursor on, as long as there is time.
   *
   * @throws ItemFailuresExceeded when more of them are refused than the run allows items to fail
   * @throws TableUnavailable when the slice should be tried again
   */
  public SliceResult run(SliceRequest slice, Deadline deadline) {
    try (var writes = pacers.lend(slice, Use.WRITES)) {
      return new Running(slice, new Margin(deadline), writes.pacer()).run();
    }
  }

  /** A slice on its way. */
  private final class Running {
    private final SliceRequest slice;
    private final Deadline deadline;
    private final RunRecords records;
    private final RequestSender sender;
    private final ActionRunner runner;
    private final Tally before;
    private Optional<Item> cursor;
    private Tally tally = Tally.ZERO;
    private final Timeline.Sum timeline = new Timeline.Sum(Timeline.MOST_OF_A_SEGMENT);
    private boolean hasMoved;
    private boolean isPaused;

    Running(SliceRequest slice, Deadline deadline, Pacer pacer) {
      this.slice = slice;
      this.deadline = deadline;
      this.records = new RunRecords(store.until(deadline), slice);
      this.sender = new RequestSender(pacer, threads.senders(), threads.mostInFlight());
      this.runner =
          new ActionRunner(
              database.actions(deadline),
              sender,
              new Backoff(new SplittableRandom(System.nanoTime() ^ slice.segment()), timer));
      this.before = slice.segmentTally().orElse(Tally.ZERO);
      this.cursor = SliceCursor.of(slice);
      slice.timeline().ifPresent(timeline::add);
    }

    SliceResult run() {
      boolean isFinished = !isPaused();
      if (!isFinished) {
        return result(false);
      }
      for (String file : records.deferredFiles(cursor.map(at -> at.string(FILE)))) {
        try {
          isFinished = allOf(file);
        } catch (TableUnavailable e) {
          if (!hasMoved) {
            throw e;
          }
          isFinished = false; // what is done so far counts
        }
        if (!isFinished) {
          break;
        }
      }
      return result(isFinished);
    }

    private SliceResult result(boolean isFinished) {
      return new SliceResult(
          slice.segment(),
          isFinished ? Optional.empty() : SliceCursor.toGoOnFrom(cursor),
          tally,
          before.plus(tally),
          timeline.total(),
          isPaused);
    }

    /** Whether to end here because the run is paused. */
    private boolean isPaused() {
      isPaused |= pacers.isPaused(slice);
      return isPaused;
    }

    /** Carries out the actions of {@code file}; answers whether all of them are done. */
    private boolean allOf(String file) {
      if ((hasMoved && deadline.isPast()) || isPaused()) {
        return false;
      }
      var name = file.substring(file.lastIndexOf('/') + 1);
      int done =
          cursor
              .filter(at -> at.string(FILE).equals(name))
              .map(at -> at.number(DONE).intValueExact())
              .orElse(0);
      var actions = records.deferred(file);
      while (done < actions.size()) {
        if ((hasMoved && deadline.isPast()) || isPaused()) {
          return false;
        }
        int asked = Math.min(actions.size(), done + AT_A_TIME);
        int settled = some(actions.subList(done, asked));
        done += settled;
        if (settled > 0) {
          cursor = Optional.of(Item.empty().with(FILE, name).with(DONE, done));
        }
        if (done < asked) {
          return false;
        }
      }
      return true;
    }

    /** Carries out {@code actions}; answers how many, from the first on, are done or on record. */
    private int some(List<Action> actions) {
      var run = runner.run(actions, deadline);
      var refused = new ArrayList<RunRecords.RefusedAction>();
      int settled = 0;
      for (; settled < actions.size() && isSettled(run.outcomes().get(settled)); settled++) {
        if (run.outcomes().get(settled) instanceof Outcome.Refused refusal) {
          refused.add(
              new RunRecords.RefusedAction(
                  actions.get(settled), refusal.error(), refusal.message()));
        }
      }
      if (settled > 0) {
        records.keepActionFailures(behind(), refused);
        hasMoved = true;
      }
      var counted =
          sender
              .takeTally()
              .plus(Counter.ACTIONS, settled - refused.size())
              .plus(Counter.FAILED, refused.size());
      tally = tally.plus(counted);
      timeline.add(clock.instant(), counted);
      listener.pageDone(slice.segment(), counted); // also of those that exceed the budget
      checkBudget(refused);
      if (!hasMoved) {
        whyStuck(run)
            .ifPresent(
                trouble -> {
                  throw trouble;
                });
      }
      return settled;
    }

    /** How many of the segment's actions are done or on record. */
    private long behind() {
      var soFar = before.plus(tally);
      return soFar.count(Counter.ACTIONS) + soFar.count(Counter.FAILED);
    }

    private void checkBudget(List<RunRecords.RefusedAction> refused) {
      long failed = before.plus(tally).count(Counter.FAILED);
      if (!refused.isEmpty() && failed > slice.itemFailuresAllowed()) {
        throw ItemFailuresExceeded.ofDeferredActions(
            slice.segment(),
            failed,
            slice.itemFailuresAllowed(),
            refused.get(0).error(),
            records.failedActionsAddress());
      }
    }

    /** Why not even the first action is done; empty if it only had to wait for its turn. */
    private static Optional<TableUnavailable> whyStuck(ActionRunner.Done run) {
      if (run.trouble().isPresent()) {
        return run.trouble();
      }
      return run.outcomes().get(0) instanceof Outcome.Busy
          ? Optional.of(
              new TableUnavailable(
                  "DynamoDB throttled the next deferred action for as long as the slice had; give"
                      + " the table that it writes to more capacity",
                  null))
          : Optional.empty();
    }

    private static boolean isSettled(Outcome outcome) {
      return outcome instanceof Outcome.Written || outcome instanceof Outcome.Refused;
    }
  }
}
