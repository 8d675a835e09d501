package dev.godwit.worker.slice;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.memory.InMemoryRecords;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A fresh table for each test, and a worker of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SliceFixture {
  private LocalDynamoDb server;
  private DynamoDbDatabase database;
  private int tables;
  private LocalTable table;
  private InMemoryRecords records;

  @BeforeAll
  void start() {
    server = LocalDynamoDb.inMemory();
    database = new DynamoDbDatabase(TestClients.of(server), false);
  }

  @AfterAll
  void stop() {
    database.close();
    server.close();
  }

  @BeforeEach
  void freshTable() {
    table = another("id");
    records = new InMemoryRecords();
  }

  final LocalTable another(String... keys) {
    return LocalTable.create(server, "Table" + tables++, keys);
  }

  final LocalDynamoDb server() {
    return server;
  }

  final LocalTable table() {
    return table;
  }

  final InMemoryRecords records() {
    return records;
  }

  final Database database() {
    return database;
  }

  final TestWorker worker(ItemTransform up) {
    return worker(TestMigration.up(up));
  }

  final TestWorker worker(TestMigration migration) {
    return TestWorker.threaded(migration, database, records);
  }

  final TestSlice slice() {
    return TestSlice.of(table.name(), table.keys());
  }

  /** Fills the table with items numbered from 0. */
  final void fill(int items) {
    IntStream.range(0, items).forEach(i -> table.put(item(i)));
  }

  static Item item(int number) {
    return Item.empty().with("id", String.format("%05d", number)).with("n", number);
  }

  /** Everything in the table, by the attribute {@code id}. */
  final SortedMap<String, Item> contents() {
    return contents(table.all());
  }

  /** The item numbered {@code number}, as it is now. */
  final Item stored(int number) {
    return table.get(item(number)).orElseThrow();
  }

  static SortedMap<String, Item> contents(List<Item> items) {
    var byId = new TreeMap<String, Item>();
    items.forEach(item -> byId.put(item.string("id"), item));
    return byId;
  }
}
