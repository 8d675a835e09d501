package dev.godwit.worker.slice;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.AnsweringAsTheService;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.Steps;
import dev.godwit.worker.pace.FakeTimer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** The tables of a {@link RandomRun}, wherever they are. */
abstract sealed class Tables implements AutoCloseable {
  /** The database that they are in, as the worker sees it. */
  abstract Database database();

  /** What is in the table now, key as text to item. */
  abstract Map<String, Item> contents(String table);

  /** What the answers of the real service were that came at random, and how often. */
  Map<String, Integer> answers() {
    return Map.of();
  }

  @Override
  public void close() {}

  /** In memory, and nothing goes amiss there. */
  static Tables inMemory(RandomRun run) {
    return new InMemory(run, Steps.UNDISTURBED);
  }

  /**
   * In memory.
   *
   * @param steps told around every write
   * @param random draws lengths of pages and requests, and what is throttled
   */
  static Tables inMemory(RandomRun run, Steps steps, Random random) {
    var tables = new InMemory(run, steps);
    tables
        .database
        .pagesOf(() -> 1 + random.nextInt(8))
        .writesPerRequest(1 + random.nextInt(25))
        .busyWhen(() -> random.nextInt(10) == 0);
    return tables;
  }

  /** In DynamoDB Local, and nothing goes amiss there. */
  static Tables in(LocalDynamoDb server, RandomRun run) {
    return new InDynamoDbLocal(server, run, AnsweringAsTheService.mixing(Integer.MAX_VALUE, 0), 8);
  }

  /**
   * In DynamoDB Local, with answers of the real service mixed in.
   *
   * @param steps told around every request that writes
   * @param random draws the length of pages, and the answers
   */
  static Tables in(LocalDynamoDb server, RandomRun run, Steps steps, Random random) {
    var answers =
        AnsweringAsTheService.mixing(4 + random.nextInt(20), random.nextLong()).telling(steps);
    return new InDynamoDbLocal(server, run, answers, 1 + random.nextInt(8));
  }

  private static final class InMemory extends Tables {
    private final Map<String, InMemoryTable> tables = new LinkedHashMap<>();
    private final InMemoryDatabase database;

    InMemory(RandomRun run, Steps steps) {
      this.database = new InMemoryDatabase(steps);
      run.tables().forEach(tables::put);
      tables.forEach((name, table) -> database.with(name, table, run.keyType(name)));
    }

    @Override
    Database database() {
      return database;
    }

    @Override
    Map<String, Item> contents(String table) {
      return Objects.requireNonNull(tables.get(table)).contents();
    }
  }

  private static final class InDynamoDbLocal extends Tables {
    private final Map<String, LocalTable> tables = new LinkedHashMap<>();
    private final AnsweringAsTheService answers;
    private final DynamoDbDatabase database;
    private final int pageSize;

    InDynamoDbLocal(
        LocalDynamoDb server, RandomRun run, AnsweringAsTheService answers, int pageSize) {
      this.answers = answers;
      this.pageSize = pageSize;
      this.database =
          new DynamoDbDatabase(
              TestClients.of(server, answers),
              run.writesOneByOne(),
              PageListener.NONE,
              new FakeTimer());
      run.tables()
          .forEach(
              (name, table) -> {
                var keys = table.keys().stream().map(key -> key + ":" + run.keyType(name)).toList();
                var local = LocalTable.create(server, name, keys.toArray(String[]::new));
                table.contents().values().forEach(local::put);
                tables.put(name, local);
              });
    }

    @Override
    Database database() {
      return new SmallPages(database, pageSize);
    }

    @Override
    Map<String, Item> contents(String table) {
      var local = Objects.requireNonNull(tables.get(table));
      return InMemoryTable.withKeys(local.keys().toArray(String[]::new))
          .filledWith(local.all())
          .contents();
    }

    @Override
    Map<String, Integer> answers() {
      var answered = new LinkedHashMap<String, Integer>();
      answers.given().forEach((answer, often) -> answered.put(answer.name(), often));
      return answered;
    }

    @Override
    public void close() {
      database.close();
      answers.close();
      tables.values().forEach(LocalTable::drop);
    }
  }
}
