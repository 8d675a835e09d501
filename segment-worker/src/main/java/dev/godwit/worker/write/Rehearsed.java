package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import java.util.Optional;
import java.util.stream.Stream;

/** What would become of one item, as far as can be told without writing anything. */
public sealed interface Rehearsed {
  /** The item as it was scanned. */
  Item item();

  /**
   * It would be done as its transform wants it: kept, written, and whatever else is asked for.
   *
   * @param counted what the item would be counted as
   * @param before what is there now, where the item would be written
   */
  record Done(Decision.Wanted wanted, Counter counted, Item before) implements Rehearsed {
    Done(Decision.Wanted wanted, Counter counted) {
      this(wanted, counted, wanted.item());
    }

    @Override
    public Item item() {
      return wanted.item();
    }

    /** What would be done with the item itself; absent to keep it. */
    public Optional<PlannedWrite> write() {
      return wanted.write();
    }

    /** Whether something would be there afterwards that is not there now, or the other way. */
    public boolean isChange() {
      return write().isPresent() && counted != Counter.THERE_ALREADY;
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
      if (write instanceof PlannedWrite.Copy copy) {
        return Optional.of(copy.result());
      }
      return write instanceof PlannedWrite.Put put ? Optional.of(put.result()) : Optional.empty();
    }

    /** By how many bytes what is stored grows; below 0 where it shrinks. */
    double growthBytes() {
      if (write().isEmpty()) {
        return 0;
      }
      boolean isNew = write().get() instanceof PlannedWrite.Copy;
      long before = isNew ? 0 : item().sizeBytes();
      long after = after().map(Item::sizeBytes).orElse(0L);
      return (double) (after - before);
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
   * @param targetKey of the item and the other that is in its way in the run's target, if one is
   * @param otherKey the key that the other was read with, as far as is known
   */
  record Failed(
      Item item,
      String error,
      String message,
      boolean foreseen,
      Optional<Item> targetKey,
      Optional<Item> otherKey)
      implements Rehearsed {
    /** Without another in its way. */
    Failed(Item item, String error, String message, boolean foreseen) {
      this(item, error, message, foreseen, Optional.empty(), Optional.empty());
    }

    static Failed of(Item item, Outcome.Refused refused) {
      return new Failed(item, refused.error(), refused.message(), true);
    }

    static Failed of(Item item, Arrivals.Refusal why) {
      return new Failed(
          item, why.error(), why.message(), true, Optional.of(why.key()), why.otherKey());
    }
  }
}
