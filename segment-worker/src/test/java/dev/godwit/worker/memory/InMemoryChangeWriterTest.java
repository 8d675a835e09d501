package dev.godwit.worker.memory;

import dev.godwit.migration.Item;
import dev.godwit.run.Guard;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ChangeWriterContract;
import java.util.Optional;

/** The fake keeps the contract that DynamoDB keeps, so that what is proven on it holds there. */
class InMemoryChangeWriterTest extends ChangeWriterContract {
  private final InMemoryTable table = InMemoryTable.withKeys(KEYS.toArray(String[]::new));

  @Override
  protected ChangeWriter writer() {
    return new InMemoryDatabase()
        .with("Cities", table)
        .changes("Cities", KEYS, new Guard.ReadSet(), Deadline.NEVER);
  }

  @Override
  protected void store(Item item) {
    table.put(item, Condition.always());
  }

  @Override
  protected void remove(Item item) {
    table.delete(item, Condition.always());
  }

  @Override
  protected Optional<Item> stored(Item item) {
    return table.get(item);
  }
}
