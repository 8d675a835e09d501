package dev.godwit.worker.storm;

import dev.godwit.migration.Item;
import dev.godwit.worker.dynamodb.LocalTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Eight threads that update, visit, delete, re-create and rename items at random, each with its own
 * conditions, and remember what they did.
 *
 * <p>An item: {@code id}; {@code life}, from creation to deletion; {@code revision}, raised by each
 * update; {@code value}; {@code made}, what the migration makes of the value, which an update takes
 * away because it knows nothing of it; {@code rename}, whether the migration shall move it; {@code
 * visits0} to {@code visits7}, which the migration never looks at.
 */
final class Storm {
  static final int THREADS = 8;
  private static final int IDS = 150;

  private final LocalTable table;
  private final long seed;
  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final AtomicLong lifeNumbers = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final List<Future<?>> threads = new ArrayList<>();
  private volatile boolean over;

  Storm(LocalTable table, long seed) {
    this.table = table;
    this.seed = seed;
    for (int i = 0; i < IDS * 2 / 3; i++) {
      create("p" + i, new Random(seed + i));
    }
  }

  Map<String, Life> lives() {
    return lives;
  }

  /** How many of its writes went through. */
  long writes() {
    return done.get();
  }

  void begin() {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      threads.add(executor.submit(() -> blow(number)));
    }
    executor.shutdown();
  }

  boolean isOver() {
    return over;
  }

  /** Lets the threads end, and fails if one has failed. */
  void end() throws Exception {
    over = true;
    for (Future<?> thread : threads) {
      thread.get();
    }
  }

  private void blow(int thread) {
    var random = new Random(seed * 31 + thread);
    List<Item> seen = List.of();
    for (int round = 0; !over; round++) {
      if (round % 30 == 0 || seen.isEmpty()) {
        seen = table.all();
      }
      var id = "p" + random.nextInt(IDS);
      if (random.nextInt(8) == 0 || seen.isEmpty()) {
        create(id, random);
        continue;
      }
      var item = table.get(seen.get(random.nextInt(seen.size())));
      if (item.isPresent()) {
        disturb(item.get(), id, thread, random);
      }
    }
  }

  private void disturb(Item item, String otherId, int thread, Random random) {
    try {
      switch (random.nextInt(10)) {
        case 0 -> delete(item);
        case 1, 2 -> rename(item, otherId, random);
        case 3, 4 -> visit(item, thread);
        default -> update(item, random);
      }
      done.incrementAndGet();
    } catch (ConditionalCheckFailedException
        | TransactionCanceledException
        | TransactionConflictException e) {
      // somebody else was first: nothing was written
    }
  }

  private void create(String id, Random random) {
    var name = "life" + lifeNumbers.incrementAndGet();
    long value = random.nextInt(1000);
    var item =
        Item.empty()
            .with("id", id)
            .with("life", name)
            .with("revision", 0)
            .with("value", value)
            .with("rename", random.nextInt(4) == 0);
    for (int thread = 0; thread < THREADS; thread++) {
      item = item.with("visits" + thread, 0);
    }
    var stored = item;
    var life = new Life();
    life.wrote(0, value);
    lives.put(name, life); // before anybody can see it
    try {
      table
          .client()
          .putItem(
              put ->
                  put.tableName(table.name())
                      .item(LocalTable.sdk(stored))
                      .conditionExpression("attribute_not_exists(id)"));
      done.incrementAndGet();
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      lives.remove(name);
    }
  }

  private void update(Item item, Random random) {
    long value = random.nextInt(1000);
    long revision = item.number("revision").longValueExact();
    table
        .client()
        .updateItem(
            update ->
                update
                    .tableName(table.name())
                    .key(LocalTable.sdk(item.only(table.keys())))
                    .updateExpression("SET #value = :value, revision = :next REMOVE made")
                    .conditionExpression("life = :life AND revision = :revision")
                    .expressionAttributeNames(Map.of("#value", "value"))
                    .expressionAttributeValues(
                        Map.of(
                            ":value", number(value),
                            ":next", number(revision + 1),
                            ":revision", number(revision),
                            ":life", text(item.string("life")))));
    life(item).wrote(revision + 1, value);
  }

  private void visit(Item item, int thread) {
    table
        .client()
        .updateItem(
            update ->
                update
                    .tableName(table.name())
                    .key(LocalTable.sdk(item.only(table.keys())))
                    .updateExpression("ADD visits" + thread + " :one")
                    .conditionExpression("life = :life")
                    .expressionAttributeValues(
                        Map.of(":one", number(1), ":life", text(item.string("life")))));
    life(item).visited(thread);
  }

  private void delete(Item item) {
    table
        .client()
        .deleteItem(
            delete ->
                delete
                    .tableName(table.name())
                    .key(LocalTable.sdk(item.only(table.keys())))
                    .conditionExpression("life = :life AND revision = :revision")
                    .expressionAttributeValues(asSeen(item)));
    life(item).end();
  }

  private void rename(Item item, String id, Random random) {
    long revision = item.number("revision").longValueExact();
    long value = random.nextInt(1000);
    var renamed =
        item.with("id", id)
            .with("revision", revision + 1)
            .with("value", value)
            .with("rename", random.nextBoolean())
            .without("made");
    // its visits are part of what was seen, so a visit in between must make this fail
    var condition = new StringBuilder("life = :life AND revision = :revision");
    var values = new HashMap<>(asSeen(item));
    for (int thread = 0; thread < THREADS; thread++) {
      condition.append(" AND visits" + thread + " = :visits" + thread);
      values.put(":visits" + thread, LocalTable.sdk(item).get("visits" + thread));
    }
    var put =
        TransactWriteItem.builder()
            .put(
                it ->
                    it.tableName(table.name())
                        .item(LocalTable.sdk(renamed))
                        .conditionExpression("attribute_not_exists(id)"))
            .build();
    var delete =
        TransactWriteItem.builder()
            .delete(
                it ->
                    it.tableName(table.name())
                        .key(LocalTable.sdk(item.only(table.keys())))
                        .conditionExpression(condition.toString())
                        .expressionAttributeValues(values))
            .build();
    table.client().transactWriteItems(request -> request.transactItems(List.of(put, delete)));
    life(item).wrote(revision + 1, value);
  }

  private Life life(Item item) {
    var life = lives.get(item.string("life"));
    if (life == null) {
      throw new AssertionError("Nobody created " + item.string("life"));
    }
    return life;
  }

  private static Map<String, AttributeValue> asSeen(Item item) {
    return Map.of(
        ":life",
        text(item.string("life")),
        ":revision",
        number(item.number("revision").longValueExact()));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }
}
