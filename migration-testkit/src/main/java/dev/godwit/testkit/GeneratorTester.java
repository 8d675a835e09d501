package dev.godwit.testkit;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemGenerator;
import dev.godwit.migration.TransformContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Tries a generator: it must make equal items whenever it is asked, from whatever position on, and
 * no key twice.
 *
 * <p>Keeps the keys of all items in memory: let it make few.
 */
public final class GeneratorTester {
  /** From so many positions of each shard it is asked again. */
  private static final int POSITIONS = 5;

  /** Of the positions: always the same ones. */
  private static final long SEED = 20261126;

  private final ItemGenerator generator;
  private final int shards;
  private final TransformContext context;

  private GeneratorTester(ItemGenerator generator, int shards, TransformContext context) {
    this.generator = generator;
    this.shards = shards;
    this.context = context;
  }

  /** Of {@code generator}, in one shard. */
  public static GeneratorTester of(ItemGenerator generator) {
    return new GeneratorTester(
        generator,
        1,
        new TransformContext("test", Instant.parse("2026-11-26T12:00:00Z"), Map.of()));
  }

  /** The same, in so many shards. */
  public GeneratorTester shards(int number) {
    return new GeneratorTester(generator, number, context);
  }

  /** The same, in the run that {@code other} says. */
  public GeneratorTester context(TransformContext other) {
    return new GeneratorTester(generator, shards, other);
  }

  /** All items, shard by shard. */
  public List<Item> items() {
    var items = new ArrayList<Item>();
    for (int shard = 0; shard < shards; shard++) {
      items.addAll(made(shard, 0));
    }
    return items;
  }

  /**
   * Fails unless the generator makes what it should.
   *
   * @param keys the names of the key attributes of the table that the items are for
   * @throws AssertionError when it makes something else when it is asked again, or from a position
   *     on, or makes a key twice, or an item without one; the message says where
   */
  public void assertSound(String... keys) {
    var names = List.of(keys);
    var places = new HashMap<Item, String>();
    var random = new Random(SEED);
    for (int shard = 0; shard < shards; shard++) {
      var items = made(shard, 0);
      assertSame(shard, 0, items, made(shard, 0));
      for (int i = 0; i < POSITIONS; i++) {
        int position = random.nextInt(items.size() + 1);
        assertSame(shard, position, items.subList(position, items.size()), made(shard, position));
      }
      for (int position = 0; position < items.size(); position++) {
        var item = items.get(position);
        var place = "the item at position " + position + " of shard " + shard;
        for (String name : names) {
          if (!item.stores(name)) {
            throw new AssertionError(place + " has no " + name + ", which is a key");
          }
        }
        var other = places.put(item.only(names), place);
        if (other != null) {
          throw new AssertionError(
              place + " has the key of " + other + ": " + DynamoDbJson.format(item.only(names)));
        }
      }
    }
  }

  private void assertSame(int shard, int position, List<Item> first, List<Item> again) {
    for (int i = 0; i < Math.max(first.size(), again.size()); i++) {
      if (i >= first.size() || i >= again.size() || !first.get(i).equals(again.get(i))) {
        throw new AssertionError(
            "Shard "
                + shard
                + " of "
                + shards
                + ", asked once more from position "
                + position
                + ", makes something else at position "
                + (position + i)
                + ": "
                + at(again, i)
                + ", not "
                + at(first, i));
      }
    }
  }

  private static String at(List<Item> items, int place) {
    return place < items.size() ? DynamoDbJson.format(items.get(place)) : "nothing";
  }

  private List<Item> made(int shard, long position) {
    try {
      var items = new ArrayList<Item>();
      Iterator<Item> made = generator.items(shard, shards, position, context);
      made.forEachRemaining(items::add);
      return items;
    } catch (Exception e) {
      throw new AssertionError("Shard " + shard + " cannot be made from position " + position, e);
    }
  }
}
