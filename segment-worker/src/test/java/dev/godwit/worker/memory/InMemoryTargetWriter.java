package dev.godwit.worker.memory;

import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.migration.Value;
import dev.godwit.testkit.Condition;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.List;
import java.util.Optional;

/** Puts items into a target in memory, and refuses what DynamoDB would. */
record InMemoryTargetWriter(
    InMemoryDatabase.Table table, Target.Put put, int mostPerRequest, Requests requests)
    implements ChangeWriter {
  @Override
  public Answer write(List<PlannedWrite> writes) {
    return requests.send(
        writes, mostPerRequest, write -> table.items().keyOf(item(write)), this::write);
  }

  private static Item item(PlannedWrite write) {
    return ((PlannedWrite.Copy) write).result();
  }

  @Override
  public Optional<Outcome.Refused> foresee(PlannedWrite write) {
    return table.limits().ofPut(item(write));
  }

  private Outcome write(PlannedWrite write) {
    var item = item(write);
    var refused = foresee(write);
    if (refused.isPresent()) {
      return refused.get();
    }
    var answer = table.items().put(item, condition(item));
    return answer.isDone() ? new Outcome.Written() : new Outcome.Conflict(answer.current());
  }

  private Condition condition(Item item) {
    if (put instanceof Target.Put.Always) {
      return Condition.always();
    }
    if (put instanceof Target.Put.ReplaceOlder older) {
      var ours = item.only(List.of(older.attribute())).value(older.attribute());
      return stored ->
          stored.isEmpty()
              || stored.get().find(older.attribute()).filter(age -> isLess(age, ours)).isPresent();
    }
    return Condition.absent();
  }

  /** Of numbers only, which is all that tests need. */
  private static boolean isLess(Value one, Value other) {
    return one.type() == other.type() && one.asNumber().compareTo(other.asNumber()) < 0;
  }
}
