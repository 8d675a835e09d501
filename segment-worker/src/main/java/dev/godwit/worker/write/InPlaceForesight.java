package dev.godwit.worker.write;

import dev.godwit.run.Counter;
import java.util.List;
import java.util.Optional;

/**
 * Foresees which decisions would come to nothing: because DynamoDB would refuse their writes or
 * actions, or because two items would have one key. Of the latter it sees those among the last
 * items that it was shown. Used from one thread.
 */
final class InPlaceForesight implements Foresight {
  private final Decider decider;
  private final ChangeWriter writer;
  private final ActionWriter actionWriter;
  private final TakenKeys taken = new TakenKeys();

  InPlaceForesight(Decider decider, ChangeWriter writer, ActionWriter actionWriter) {
    this.decider = decider;
    this.writer = writer;
    this.actionWriter = actionWriter;
  }

  /** Learns that these items are there, before any of them is changed. */
  @Override
  public int see(List<Decision> decisions) {
    decisions.forEach(decision -> taken.take(decider.planner().keyOf(decision.item())));
    return decisions.size();
  }

  /** A key is free again after the item that had it was moved or deleted. */
  @Override
  public Rehearsed of(Decision.Wanted wanted) {
    return Foresight.ofActions(wanted, actionWriter)
        .or(() -> wanted.write().flatMap(this::ofWrite))
        .<Rehearsed>map(refused -> Rehearsed.Failed.of(wanted.item(), refused))
        .orElseGet(() -> done(wanted));
  }

  /** What {@code wanted} would be counted as. */
  static Rehearsed.Done done(Decision.Wanted wanted) {
    var counted =
        wanted
            .write()
            .map(write -> write instanceof PlannedWrite.Delete ? Counter.DELETED : Counter.UPDATED)
            .orElse(Counter.KEPT);
    return new Rehearsed.Done(wanted, counted);
  }

  private Optional<Outcome.Refused> ofWrite(PlannedWrite write) {
    var refused = writer.foresee(write);
    if (refused.isPresent()) {
      return refused;
    }
    var key = decider.planner().keyOf(write.scanned());
    if (write instanceof PlannedWrite.Move move
        && !taken.take(decider.planner().keyOf(move.result()))) {
      return Optional.of(Outcome.Refused.targetExists());
    }
    if (write instanceof PlannedWrite.Delete || write instanceof PlannedWrite.Move) {
      taken.free(key);
    }
    return Optional.empty();
  }
}
