package dev.godwit.worker.slice;

import dev.godwit.migration.Action;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.testkit.RandomItems;
import dev.godwit.worker.slice.RandomTransform.Deed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A table, and a run over it, both drawn from a seed. */
final class RandomRun {
  static final String TABLE = "Random";
  static final String TARGET = "Target";

  /** An attribute that two items have alike. */
  private static final String HALF = "half";

  /** An item's size limit: developer guide, "Quotas in Amazon DynamoDB"; read 2026-11-20. */
  private static final int MOST_ITEM_BYTES = 400 * 1024;

  private static final String READ_SET = "read-set";

  private static final List<Deed> DEEDS = List.of(Deed.values());

  /** DynamoDB Local takes a hundred times as long as memory. */
  private static final int WIRED_ONE_IN = 20;

  private static final String STAMP = "stamp";
  private static final String VERSION = "rev";

  private final AttributeType keyType;
  private final List<String> keys;
  private final String guard;
  private final boolean stamped;
  private final int segments;
  private final InMemoryTable table;
  private final Value inTheWay;
  private final boolean wired;
  private final List<String> targetKeys;
  private final Optional<Target.Put> put;
  private InMemoryTable target = InMemoryTable.withKeys("unused");
  private final boolean oneByOne;

  RandomRun(long seed) {
    this(seed, Optional.empty());
  }

  /**
   * One that puts its items into {@link #TARGET}.
   *
   * @param target draws its keys and its rule
   */
  static RandomRun withTarget(long seed, Random target) {
    return new RandomRun(seed, Optional.of(target));
  }

  private RandomRun(long seed, Optional<Random> target) {
    var random = new Random(seed);
    keyType = List.of(AttributeType.S, AttributeType.N, AttributeType.B).get(random.nextInt(3));
    keys = random.nextBoolean() ? List.of("p") : List.of("p", "s");
    var drawn = List.of(READ_SET, READ_SET, "version:" + VERSION, "none").get(random.nextInt(4));
    guard = target.isPresent() ? READ_SET : drawn;
    stamped = !guard.equals("none") && random.nextBoolean() && target.isEmpty();
    segments = 1 + random.nextInt(4);
    inTheWay = RandomKeys.of(keyType, 9999);
    table = InMemoryTable.withKeys(keys.toArray(String[]::new)).filledWith(items(random, seed));
    wired = random.nextInt(WIRED_ONE_IN) == 0;
    oneByOne = random.nextBoolean();
    targetKeys =
        target
            .map(
                draw ->
                    List.of(keys, List.of(RandomTransform.NUMBER), List.of(HALF))
                        .get(draw.nextInt(3)))
            .orElse(List.of());
    put =
        target
            .map(
                draw ->
                    List.of("if-absent", "if-absent", "always", "replace-older:number")
                        .get(draw.nextInt(4)))
            .map(Target.Put::of);
    if (target.isPresent()) {
      this.target = InMemoryTable.withKeys(targetKeys.toArray(String[]::new));
    }
    target.filter(draw -> draw.nextBoolean() && isIfAbsent()).ifPresent(this::fillTarget);
  }

  private boolean isIfAbsent() {
    return put.orElseThrow() instanceof Target.Put.IfAbsent;
  }

  /** With items that are where some of the run's own would come. */
  private void fillTarget(Random draw) {
    for (Item item : table.contents().values()) {
      if (draw.nextInt(4) == 0) {
        target.put(item.only(targetKeys).with("there", "before"), Condition.always());
      }
    }
  }

  /** A test of one seed. */
  @FunctionalInterface
  interface SeedTest {
    void run(long seed);
  }

  /** Tries seeds 1 to {@code -Dgodwit.seeds}, 500 when not set, or {@code -Dgodwit.seed} alone. */
  static void forEachSeed(SeedTest test) {
    int only = Integer.getInteger("godwit.seed", 0);
    int last = only == 0 ? Integer.getInteger("godwit.seeds", 500) : only;
    for (int seed = Math.max(1, only); seed <= last; seed++) {
      try {
        test.run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "Seed " + seed + " (" + new RandomRun(seed) + "), again with -Dgodwit.seed=" + seed, e);
      }
    }
  }

  /** The type of the keys of one of the {@link #tables}. */
  AttributeType keyType(String table) {
    if (table.equals(TARGET) && !targetKeys.equals(keys)) {
      return AttributeType.N;
    }
    return table.equals(TABLE) || table.equals(TARGET) ? keyType : AttributeType.S;
  }

  /** Whether it is tried on DynamoDB Local with the real writers, rather than in memory. */
  boolean isWired() {
    return wired;
  }

  /** Whether the real writers shall write one by one. */
  boolean writesOneByOne() {
    return oneByOne;
  }

  /** All tables as they are before the run, by their names. */
  Map<String, InMemoryTable> tables() {
    var tables = new TreeMap<String, InMemoryTable>();
    tables.put(TABLE, table());
    tables.put(RandomTransform.OTHERS, others());
    tables.put(RandomTransform.LATER, others());
    put.ifPresent(rule -> tables.put(TARGET, target.copy()));
    return tables;
  }

  int segments() {
    return segments;
  }

  /** A copy of the table as it is before the run. */
  InMemoryTable table() {
    return table.copy();
  }

  /** Whether an item asks for actions of which the last on a target shows. */
  boolean hasActionsInOrder() {
    return table.contents().values().stream()
        .anyMatch(item -> item.string(RandomTransform.DEED).equals(Deed.ACT.name()));
  }

  static InMemoryTable others() {
    return InMemoryTable.withKeys("id");
  }

  RandomTransform transform() {
    return new RandomTransform(keys.get(keys.size() - 1), inTheWay);
  }

  TestSlice slice(int segment) {
    var slice =
        TestSlice.of(TABLE, keys)
            .guard(guard)
            .segment(segment, segments)
            .failuresAllowed(Long.MAX_VALUE);
    put.ifPresent(rule -> slice.target(new Target(TARGET, rule)));
    return stamped ? slice.stamp(STAMP) : slice;
  }

  /** Of the run {@code undoing}, that takes back the run {@code undone} over this table. */
  TestSlice undo(int segment, String undone, String undoing) {
    return TestSlice.of(TABLE, keys)
        .run(undoing)
        .guard(guard.equals("none") ? READ_SET : guard)
        .segment(segment, segments)
        .failuresAllowed(Long.MAX_VALUE)
        .keepingBeforeImages()
        .undoOf(undone);
  }

  /** The items without the version, which every write raises, also one that takes another back. */
  Map<String, Item> withoutVersions(Map<String, Item> items) {
    var without = new TreeMap<String, Item>();
    items.forEach(
        (key, item) ->
            without.put(key, guard.startsWith("version") ? item.without(VERSION) : item));
    return without;
  }

  private List<Item> items(Random random, long seed) {
    var values = new RandomItems(seed);
    var items = new ArrayList<Item>();
    int count = random.nextInt(40);
    int largest = random.nextInt(20) == 0 ? random.nextInt(1 + count) : count;
    for (int i = 0; i < count; i++) {
      var deed = DEEDS.get(random.nextInt(DEEDS.size()));
      if (deed == Deed.COUNT_UP && !stamped) {
        deed = Deed.SET;
      }
      var item = keyed(values.item(), i).with(RandomTransform.DEED, deed.name());
      if (random.nextInt(3) == 0) {
        item = item.with(VERSION, random.nextInt(100));
      }
      if (i == largest) {
        item = large(item, random);
      }
      items.add(item);
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      var blocker = keyed(Item.empty(), 100 + partition).with(movingKey(), inTheWay);
      items.add(
          keys.size() == 1
              ? blocker.with(RandomTransform.DEED, "KEEP")
              : blocker
                  .with("p", RandomKeys.of(keyType, partition))
                  .with(RandomTransform.DEED, "KEEP"));
    }
    return items;
  }

  private static final int PARTITIONS = 3;

  /**
   * {@code item} made of any size up to DynamoDB's limit, or so near the limit that most deeds
   * would exceed it.
   */
  private static Item large(Item item, Random random) {
    var large = "large";
    int room = MOST_ITEM_BYTES - (int) item.sizeBytes() - large.length();
    int left = random.nextInt(random.nextBoolean() ? 40 : room);
    return item.with(large, new byte[room - left]);
  }

  private Item keyed(Item item, int number) {
    var keyed = item.with(RandomTransform.NUMBER, number).with(HALF, number / 2);
    keyed =
        keys.size() == 1
            ? keyed.with("p", RandomKeys.of(keyType, number))
            : keyed
                .with("p", RandomKeys.of(keyType, number % PARTITIONS))
                .with("s", RandomKeys.of(keyType, number));
    return keyed.with("first", keyed.value(movingKey()));
  }

  private String movingKey() {
    return keys.get(keys.size() - 1);
  }

  /** How its items are put into the target. */
  Target.Put put() {
    return put.orElseThrow();
  }

  /** The target as it is before the run. */
  InMemoryTable target() {
    return target.copy();
  }

  List<String> keys() {
    return keys;
  }

  /** What one clean run must leave, worked out without the worker. */
  record Expected(InMemoryTable table, InMemoryTable others, InMemoryTable later, int failed) {}

  Expected expected() {
    var expected = new Expected(table(), others(), others(), 0);
    int failed = 0;
    for (Item item : table.contents().values()) {
      failed += carriedOut(item, expected) ? 0 : 1;
    }
    return new Expected(expected.table, expected.others, expected.later, failed);
  }

  private boolean carriedOut(Item item, Expected expected) {
    Change change;
    try {
      change = transform().apply(item, new TransformContext("run", Instant.EPOCH, Map.of()));
    } catch (IllegalStateException e) {
      return false;
    }
    if (change == null) {
      return false;
    }
    change.actions().forEach(action -> carriedOut(action, expected.others));
    change.deferred().forEach(action -> carriedOut(action, expected.later));
    var key = table.keyOf(item);
    if (change instanceof Change.Delete) {
      expected.table.delete(key, Condition.always());
    } else if (change instanceof Change.Replace replace
        && !replace.item().differenceFrom(item).isEmpty()) {
      var marked = marked(item, replace.item());
      boolean moves = !table.keyOf(marked).equals(key);
      if (isTooLarge(marked) || (moves && expected.table.get(marked).isPresent())) {
        return false;
      }
      expected.table.delete(key, Condition.always());
      expected.table.put(marked, Condition.always());
    }
    return true;
  }

  static boolean isTooLarge(Item item) {
    return DynamoDbJson.length(item) > MOST_ITEM_BYTES && item.sizeBytes() > MOST_ITEM_BYTES;
  }

  private Item marked(Item before, Item after) {
    var marked = stamped ? after.with(STAMP, TestSlice.MIGRATION) : after;
    return guard.startsWith("version")
        ? marked.with(
            VERSION, before.find(VERSION).map(v -> v.asNumber().longValueExact()).orElse(0L) + 1)
        : marked;
  }

  static void carriedOut(Action action, InMemoryTable table) {
    if (action instanceof Action.Put put) {
      table.put(put.item(), Condition.always());
    } else if (action instanceof Action.PutIfAbsent put) {
      table.put(put.item(), Condition.absent());
    } else if (action instanceof Action.Update update) {
      table.update(update.key(), update.attributes(), update.removed(), Condition.always());
    } else if (action instanceof Action.Delete delete) {
      table.delete(delete.key(), Condition.always());
    }
  }

  @Override
  public String toString() {
    var where = oneByOne ? "DynamoDB Local, one by one" : "DynamoDB Local";
    return keyType
        + " keys "
        + keys
        + ", guard "
        + guard
        + ", "
        + segments
        + " segments, "
        + put.map(rule -> "target " + targetKeys + " " + rule + ", ").orElse("")
        + "in "
        + (wired ? where : "memory");
  }
}
