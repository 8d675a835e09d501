package dev.godwit.worker.dynamodb;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.run.Guard;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ChangeWriterContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract against DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DynamoDbChangeWriterContract extends ChangeWriterContract {
  private final boolean oneByOne;
  private LocalDynamoDb server;
  private DynamoDbDatabase database;
  private LocalTable table;

  DynamoDbChangeWriterContract(boolean oneByOne) {
    this.oneByOne = oneByOne;
  }

  @BeforeAll
  void start() {
    server = LocalDynamoDb.inMemory();
    database = new DynamoDbDatabase(TestClients.of(server), oneByOne);
    table = LocalTable.create(server, "Cities", KEYS.toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    database.close();
    server.close();
  }

  @Override
  protected ChangeWriter writer() {
    return database.changes(table.name(), KEYS, new Guard.ReadSet());
  }

  @Override
  protected void store(Item item) {
    table.put(item);
  }

  @Override
  protected void remove(Item item) {
    table.delete(item);
  }

  @Override
  protected Optional<Item> stored(Item item) {
    return table.get(item);
  }
}
