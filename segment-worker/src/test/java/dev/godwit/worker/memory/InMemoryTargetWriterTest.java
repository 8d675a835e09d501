package dev.godwit.worker.memory;

import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.TargetTable;
import dev.godwit.worker.write.TargetWriterContract;
import java.util.Optional;

/** The fake keeps the contract that DynamoDB keeps. */
class InMemoryTargetWriterTest extends TargetWriterContract {
  private final InMemoryTable table = InMemoryTable.withKeys(KEYS);

  @Override
  protected TargetTable target(Target target) {
    return new InMemoryDatabase().with(table(), table).target(target, Deadline.NEVER);
  }

  @Override
  protected void store(Item item) {
    table.put(item, Condition.always());
  }

  @Override
  protected Optional<Item> stored(Item item) {
    return table.get(item);
  }
}
