package dev.godwit.worker.slice;

import dev.godwit.migration.Action;
import dev.godwit.run.Counter;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.run.slice.StoredObject;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.Pacers;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.write.ActionRunner;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.RequestSender;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Carries out the actions that a page kept for after the scan.
 *
 * <p>If the process dies on any line, some are done and the next try does all of them again, in the
 * same order.
 *
 * <p>Thread-safe.
 */
public final class DeferredActions {
  private final Database database;
  private final RecordStore store;
  private final Threads threads;
  private final Pacers pacers;
  private final PageListener listener;
  private final Timer timer;

  @Inject
  DeferredActions(
      Database database,
      RecordStore store,
      Threads threads,
      Pacers pacers,
      PageListener listener,
      Timer timer) {
    this.database = database;
    this.store = store;
    this.threads = threads;
    this.pacers = pacers;
    this.listener = listener;
    this.timer = timer;
  }

  /**
   * Carries out every action of {@code file}.
   *
   * @throws ItemFailuresExceeded when more of them are refused than the run allows items to fail
   */
  public SliceResult run(SliceRequest slice, StoredObject file) {
    var units = slice.writeUnitsPerSecond();
    try (var writes =
        pacers.lend(
            slice.runId(),
            Pacers.Use.WRITES,
            units.isPresent() ? OptionalDouble.of(units.get()) : OptionalDouble.empty())) {
      return run(slice, file, writes.pacer());
    }
  }

  private SliceResult run(SliceRequest slice, StoredObject file, Pacer pacer) {
    var records = new RunRecords(store, slice.runId(), slice.segment());
    var sender = new RequestSender(pacer, threads.senders(), threads.mostInFlight());
    var backoff = new Backoff(new SplittableRandom(System.nanoTime() ^ slice.segment()), timer);
    var actions = records.deferred(file.key());
    var refused =
        refused(actions, new ActionRunner(database.actions(), sender, backoff).run(actions));
    var tally =
        sender
            .takeTally()
            .plus(Counter.ACTIONS, actions.size() - refused.size())
            .plus(Counter.FAILED, refused.size());
    if (!refused.isEmpty()) {
      records.keepActionFailures(file.key(), refused);
    }
    listener.pageDone(slice.segment(), tally); // also of the file that exceeds the budget
    if (refused.size() > slice.itemFailuresAllowed()) {
      throw ItemFailuresExceeded.ofDeferredActions(
          slice.segment(),
          refused.size(),
          slice.itemFailuresAllowed(),
          refused.get(0).error(),
          records.failedActionsAddress());
    }
    return new SliceResult(slice.segment(), Optional.empty(), tally, tally);
  }

  private static List<RunRecords.RefusedAction> refused(
      List<Action> actions, List<Outcome> outcomes) {
    var refused = new ArrayList<RunRecords.RefusedAction>();
    for (int i = 0; i < actions.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Refused refusal) {
        refused.add(
            new RunRecords.RefusedAction(actions.get(i), refusal.error(), refusal.message()));
      }
    }
    return refused;
  }
}
