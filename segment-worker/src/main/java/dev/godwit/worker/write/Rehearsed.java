package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import java.util.Optional;
import java.util.stream.Stream;

/** What would become of one item, as far as can be told without writing anything. */
public sealed interface Rehearsed {
  /** The item as it was scanned. */
  Item item();

  /** It would be done as its transform wants it: kept, written, and whatever else is asked for. */
  record Done(Decision.Wanted wanted) implements Rehearsed {
    @Override
    public Item item() {
      return wanted.item();
    }

    /** What would be done with the item itself; absent to keep it. */
    public Optional<PlannedWrite> write() {
      return wanted.write();
    }

    /** What the item would be; absent if it would be deleted. */
    public Optional<Item> after() {
      if (write().isEmpty()) {
        return Optional.of(item());
      }
      var write = write().get();
      if (write instanceof PlannedWrite.Update update) {
        return Optional.of(update.result());
      }
      if (write instanceof PlannedWrite.Move move) {
        return Optional.of(move.result());
      }
      return write instanceof PlannedWrite.Put put ? Optional.of(put.result()) : Optional.empty();
    }

    /** Write units that writing the item consumes, without those of indexes. */
    public double writeUnits() {
      return write().map(WriteUnits::exactly).orElse(0.0);
    }

    /** Write units that its actions consume, as far as they themselves tell. */
    public double actionUnits() {
      return Stream.concat(wanted.actions().stream(), wanted.deferred().stream())
          .mapToDouble(WriteUnits::exactly)
          .sum();
    }
  }

  /**
   * It would be left as it is, and be on record as failed.
   *
   * @param foreseen whether it is not the transform that fails, but DynamoDB that would refuse what
   *     it wants
   */
  record Failed(Item item, String error, String message, boolean foreseen) implements Rehearsed {}
}
