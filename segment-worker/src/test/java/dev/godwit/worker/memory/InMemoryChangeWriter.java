package dev.godwit.worker.memory;

import dev.godwit.migration.Item;
import dev.godwit.run.Guard;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.testkit.WriteAnswer;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Writes guarded changes to a table in memory, and refuses what DynamoDB would. */
final class InMemoryChangeWriter implements ChangeWriter {
  /** About as many as an update expression holds. */
  private static final int MOST_CHANGES = 400;

  private final InMemoryDatabase.Table table;
  private final Guard guard;
  private final int mostPerRequest;
  private final Requests requests;

  InMemoryChangeWriter(
      InMemoryDatabase.Table table, Guard guard, int mostPerRequest, Requests requests) {
    this.table = table;
    this.guard = guard;
    this.mostPerRequest = mostPerRequest;
    this.requests = requests;
  }

  @Override
  public int mostPerRequest() {
    return mostPerRequest;
  }

  @Override
  public Answer write(List<PlannedWrite> writes) {
    return requests.send(
        writes, mostPerRequest, write -> items().keyOf(write.scanned()), this::write);
  }

  private InMemoryTable items() {
    return table.items();
  }

  private Outcome write(PlannedWrite write) {
    var key = items().keyOf(write.scanned());
    if (key.attributes().values().stream().anyMatch(value -> value.type() != table.keyType())) {
      return new Outcome.Refused("ValidationException", "The key is not of the table's type");
    }
    var refused = foresee(write);
    if (refused.isPresent()
        && (!refused.get().error().equals("ItemTooLarge")
            || asScanned(write).holds(items().get(key)))) {
      return refused.get();
    }
    if (write instanceof PlannedWrite.Move move) {
      return moved(move, key);
    }
    if (write instanceof PlannedWrite.Put put) {
      return outcome(items().put(put.result(), asScanned(put)));
    }
    if (guard instanceof Guard.None) {
      return unguarded(write, key);
    }
    return outcome(
        write instanceof PlannedWrite.Update update
            ? items()
                .update(
                    key,
                    update.result().only(update.difference().set()),
                    update.difference().removed(),
                    asScanned(write))
            : items().delete(key, asScanned(write)));
  }

  @Override
  public Optional<Outcome.Refused> foresee(PlannedWrite write) {
    boolean unguarded = guard instanceof Guard.None && !(write instanceof PlannedWrite.Move);
    if (!unguarded && !write.condition().fitsAnExpression()) {
      return Optional.of(new Outcome.Refused("GuardTooLarge", "More than an expression holds"));
    }
    if (write instanceof PlannedWrite.Move move) {
      return table.limits().ofPut(move.result());
    }
    if (write instanceof PlannedWrite.Put put) {
      return table.limits().ofPut(put.result());
    }
    if (write instanceof PlannedWrite.Update update) {
      if (unguarded) {
        return table.limits().ofPut(update.result());
      }
      return update.difference().set().size() > MOST_CHANGES
          ? Optional.of(new Outcome.Refused("ChangeTooLarge", "More than an expression holds"))
          : table.limits().ofStatement(update);
    }
    return Optional.empty();
  }

  private Outcome unguarded(PlannedWrite write, Item key) {
    return outcome(
        write instanceof PlannedWrite.Update update
            ? items().put(update.result(), Condition.always())
            : items().delete(key, Condition.always()));
  }

  private Outcome moved(PlannedWrite.Move move, Item key) {
    var asScanned = asScanned(move);
    var answer = items().move(key, move.result(), asScanned);
    return !answer.isDone() && asScanned.holds(items().get(key))
        ? new Outcome.Refused("TargetExists", "Another item has that key")
        : outcome(answer);
  }

  private static Condition asScanned(PlannedWrite write) {
    if (write instanceof PlannedWrite.Put) {
      return Condition.absent();
    }
    var names = new LinkedHashSet<>(write.condition().unchanged());
    names.addAll(write.condition().absent());
    return Condition.stillAs(write.scanned(), names);
  }

  private static Outcome outcome(WriteAnswer answer) {
    return answer.isDone() ? new Outcome.Written() : new Outcome.Conflict(answer.current());
  }
}
