package dev.godwit.worker.source;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.Tally;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of some partitions, one partition after the other. A page may have those of several: so
 * a write request is full though partitions are small.
 *
 * <p>The cursor says behind which key of these the present one stands, and where in its partition
 * to go on. An item of a key that is named twice is in a page once. Used by one slice.
 */
final class QueriedPages implements PlacedPages {
  private static final String KEYS = "keys";
  private static final String AFTER = "after";

  /** So that a page of small partitions takes a small part of a slice. */
  private static final int MOST_QUERIES = 25;

  /** As a page of one Query has at most. */
  private static final long MOST_BYTES = 1 << 20;

  private final PlacedPages keys;
  private final Function<Item, Value> keyOf;
  private final Function<Value, PageSource> partitions;
  private final List<String> place;
  private final List<String> tableKeys;

  /** Where to go on behind the items of the page that was read last. */
  private IdentityHashMap<Item, Item> behind = new IdentityHashMap<>();

  private @Nullable Key present;

  /**
   * @param keys items that have a partition key
   * @param keyOf which that is
   * @param partitions the pages of the partition with a key
   * @param access what these are read from
   */
  QueriedPages(
      PlacedPages keys,
      Function<Item, Value> keyOf,
      Function<Value, PageSource> partitions,
      Access access) {
    this.keys = keys;
    this.keyOf = keyOf;
    this.partitions = partitions;
    this.place = access.place();
    this.tableKeys = access.tableKeys();
  }

  /**
   * Where a reading stands.
   *
   * @param keys behind which key the present one comes; absent for the first
   * @param after behind which item of its partition; absent for the first
   */
  private record Stand(Optional<Item> keys, Optional<Item> after) {
    static Stand of(Optional<Item> cursor) {
      return new Stand(cursor.flatMap(at -> part(at, KEYS)), cursor.flatMap(at -> part(at, AFTER)));
    }

    private static Optional<Item> part(Item cursor, String name) {
      return cursor
          .find(name)
          .filter(value -> value.type() == AttributeType.M)
          .map(value -> Item.of(value.asMap()))
          .filter(item -> !item.names().isEmpty());
    }

    Item cursor() {
      var cursor = Item.empty().with(KEYS, Value.map(keys.map(Item::attributes).orElse(Map.of())));
      return after.isPresent() ? cursor.with(AFTER, Value.map(after.get().attributes())) : cursor;
    }
  }

  /** A page in the making. */
  private final class Reading {
    private final int most;
    private final List<Item> items = new ArrayList<>();
    private final Set<Item> seen = new HashSet<>();
    private Optional<Stand> at;
    private boolean hasMoved;
    private int queries;
    private int examined;
    private long bytes;
    private double units;
    private Tally throttles = Tally.ZERO;

    Reading(Stand at, int most) {
      this.at = Optional.of(at);
      this.most = most;
    }

    boolean hasRoom() {
      return items.size() < most && queries < MOST_QUERIES && bytes < MOST_BYTES;
    }

    /** Reads at the next key; answers whether there was time to. */
    boolean readOn(Stand from) {
      var next = key(from.keys);
      if (next.items().isEmpty()) {
        move(next.next().map(at -> new Stand(Optional.of(at), Optional.empty())));
        return true;
      }
      var read =
          partitions
              .apply(keyOf.apply(next.items().get(0)))
              .read(from.after, OptionalInt.of(most - items.size()));
      if (read.isEmpty()) {
        return false;
      }
      var page = read.get();
      queries++;
      examined += page.examined();
      units += page.readUnits();
      throttles = throttles.plus(page.throttles());
      for (Item item : page.items()) {
        if (seen.add(item.only(tableKeys))) {
          items.add(item);
          bytes += item.sizeBytes();
          behind.put(item, new Stand(from.keys, Optional.of(item.only(place))).cursor());
        }
      }
      move(
          page.next().isPresent()
              ? Optional.of(new Stand(from.keys, page.next()))
              : next.next().map(at -> new Stand(Optional.of(at), Optional.empty())));
      return true;
    }

    private void move(Optional<Stand> to) {
      at = to;
      hasMoved = true;
    }

    Page page() {
      return new Page(items, examined, at.map(Stand::cursor), units, throttles);
    }
  }

  /** A page with the key behind {@code cursor}: that of a large partition is asked for again. */
  private Page key(Optional<Item> cursor) {
    var last = present;
    if (last == null || !last.cursor.equals(cursor)) {
      last = new Key(cursor, keys.read(cursor, OptionalInt.of(1)).orElseThrow());
      present = last;
    }
    return last.page;
  }

  private record Key(Optional<Item> cursor, Page page) {}

  /** What cannot be read ends a page before it; asked for again, it fails. */
  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    behind = new IdentityHashMap<>();
    var reading = new Reading(Stand.of(cursor), limit.orElse(Integer.MAX_VALUE));
    try {
      boolean hasTime = true;
      while (hasTime && reading.at.isPresent() && reading.hasRoom()) {
        hasTime = reading.readOn(reading.at.get());
      }
    } catch (WorkerException e) {
      if (!reading.hasMoved) {
        throw e;
      }
    }
    return reading.hasMoved ? Optional.of(reading.page()) : Optional.empty();
  }

  @Override
  public Item cursorAfter(Item item) {
    var after = behind.get(item);
    if (after == null) {
      throw new IllegalArgumentException("no item of this page");
    }
    return after;
  }

  @Override
  public Optional<String> from(Item item) {
    return Optional.empty();
  }

  @Override
  public Optional<String> damage(Item item) {
    return Optional.empty();
  }

  @Override
  public void close() {
    keys.close();
  }
}
