package dev.godwit.worker.memory;

import dev.godwit.migration.DynamoDbJson;
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
  /** What one expression holds is counted in operators; see DynamoDB's quotas. */
  private static final int MOST_NAMES = 150;

  /** Of one item: developer guide, "Quotas in Amazon DynamoDB"; read 2026-11-20. */
  private static final long MOST_ITEM_BYTES = 400 * 1024;

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
    var condition = write.condition();
    if (condition.unchanged().size() + condition.absent().size() > MOST_NAMES) {
      return new Outcome.Refused("GuardTooLarge", "More than an expression holds");
    }
    if (isTooLarge(write) && asScanned(write).holds(items().get(key))) {
      return new Outcome.Refused("ValidationException", "The item would be larger than 400 KB");
    }
    if (write instanceof PlannedWrite.Move move) {
      return moved(move, key);
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

  /** Its length as JSON, which is larger in any case, tells of most writes that they are not. */
  private static boolean isTooLarge(PlannedWrite write) {
    return result(write)
        .filter(item -> DynamoDbJson.length(item) > MOST_ITEM_BYTES)
        .filter(item -> item.sizeBytes() > MOST_ITEM_BYTES)
        .isPresent();
  }

  private static Optional<Item> result(PlannedWrite write) {
    if (write instanceof PlannedWrite.Update update) {
      return Optional.of(update.result());
    }
    return write instanceof PlannedWrite.Move move ? Optional.of(move.result()) : Optional.empty();
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
    var names = new LinkedHashSet<>(write.condition().unchanged());
    names.addAll(write.condition().absent());
    return Condition.stillAs(write.scanned(), names);
  }

  private static Outcome outcome(WriteAnswer answer) {
    return answer.isDone() ? new Outcome.Written() : new Outcome.Conflict(answer.current());
  }
}
