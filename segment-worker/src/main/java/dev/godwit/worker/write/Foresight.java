package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Foresees which decisions would come to nothing: because DynamoDB would refuse their writes or
 * actions, or because two items would have one key. Of the latter it sees those among the last
 * items that it was shown. Used from one thread.
 */
final class Foresight {
  private final Decider decider;
  private final ChangeWriter writer;
  private final ActionWriter actionWriter;
  private final TakenKeys taken = new TakenKeys();

  Foresight(Decider decider, ChangeWriter writer, ActionWriter actionWriter) {
    this.decider = decider;
    this.writer = writer;
    this.actionWriter = actionWriter;
  }

  /** Learns that these items are there, before any of them is changed. */
  void see(List<Item> items) {
    items.forEach(item -> taken.take(decider.planner().keyOf(item)));
  }

  /**
   * Why {@code wanted} would come to nothing; absent if it would not. In the order of the items: a
   * key is free again after the item that had it was moved or deleted.
   */
  Optional<Outcome.Refused> of(Decision.Wanted wanted) {
    return ofActions(wanted).or(() -> wanted.write().flatMap(this::ofWrite));
  }

  private Optional<Outcome.Refused> ofActions(Decision.Wanted wanted) {
    return Stream.concat(wanted.actions().stream(), wanted.deferred().stream())
        .flatMap(action -> ofAction(action).stream())
        .findFirst();
  }

  private Optional<Outcome.Refused> ofAction(Action action) {
    return actionWriter.foresee(action).map(ActionRunner::ofItem);
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
