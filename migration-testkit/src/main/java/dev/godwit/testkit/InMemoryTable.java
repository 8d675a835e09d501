package dev.godwit.testkit;

import dev.godwit.migration.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A table held in memory, which behaves as DynamoDB does where a migration can tell: items of one
 * partition stay together, a scan goes segment by segment and page by page, a page may come back
 * empty before the end, and a write may be conditional.
 *
 * <p>It can be told to fail: to crash after so many writes, to throttle, to let somebody else write
 * in between.
 *
 * <p>Items go in and come out as DynamoDB JSON: each read answers a fresh item, of which nothing
 * has been read yet.
 *
 * <p>Thread-safe: one write at a time.
 */
public final class InMemoryTable {
  private final List<String> keys;
  private final NavigableMap<Place, StoredItem> items = new TreeMap<>();
  private Predicate<Item> filter = item -> true;
  private BiConsumer<InMemoryTable, Item> beforeWrite = (table, key) -> {};
  private boolean inBeforeWrite;
  private int writesUntilCrash = Integer.MAX_VALUE;
  private int writesToThrottle;
  private int writes;

  private InMemoryTable(List<String> keys) {
    if (keys.isEmpty() || keys.size() > 2) {
      throw new IllegalArgumentException(
          "A table has a partition key and perhaps a sort key, not " + keys.size() + " keys");
    }
    this.keys = List.copyOf(keys);
  }

  /**
   * An empty table.
   *
   * @param keys the name of the partition key, then perhaps that of the sort key
   */
  public static InMemoryTable withKeys(String... keys) {
    return new InMemoryTable(List.of(keys));
  }

  /** A table with the partition key {@code id} and {@code size} random items, always the same. */
  public static InMemoryTable of(int size) {
    return withKeys("id").filledWith(new RandomItems(size).items(size, "id"));
  }

  /** This table, with {@code more} in it. Filling is not writing: it counts and fails never. */
  public synchronized InMemoryTable filledWith(Collection<Item> more) {
    more.forEach(item -> items.put(placeOf(item), StoredItem.of(item)));
    return this;
  }

  /** The names of the key attributes, the partition key first. */
  public List<String> keys() {
    return keys;
  }

  /**
   * The key attributes of {@code item}, alone.
   *
   * @throws IllegalArgumentException when it lacks one
   */
  public Item keyOf(Item item) {
    var fresh = StoredItem.of(item.only(keys)).fresh();
    var key = Item.empty();
    for (String name : keys) {
      var value =
          fresh
              .find(name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "The item has no " + name + "; the keys of this table are " + keys));
      key = key.with(name, value);
    }
    return key;
  }

  /** How many items there are. */
  public synchronized int size() {
    return items.size();
  }

  /** How many writes have been done; refused, throttled and crashed ones are not among them. */
  public synchronized int writes() {
    return writes;
  }

  /** Everything in it, key (as text, for people) to item; two tables are equal if these are. */
  public synchronized SortedMap<String, Item> contents() {
    var contents = new TreeMap<String, Item>();
    items.forEach((place, item) -> contents.put(place.key(), item.fresh()));
    return Collections.unmodifiableSortedMap(contents);
  }

  /** Another table with the same items and none of the failures. */
  public synchronized InMemoryTable copy() {
    var copy = new InMemoryTable(keys);
    copy.items.putAll(items);
    return copy;
  }

  /** The item with the key {@code key}, if there is one. */
  public synchronized Optional<Item> get(Item key) {
    return Optional.ofNullable(items.get(placeOf(key))).map(StoredItem::fresh);
  }

  /**
   * From now on scans answer only items that {@code filter} accepts. As in DynamoDB the filter
   * comes after the page is read, so that a page can be empty and not be the last.
   */
  public synchronized InMemoryTable filteredBy(Predicate<Item> filter) {
    this.filter = filter;
    return this;
  }

  /**
   * Reads one page.
   *
   * @param segment from 0 to before {@code totalSegments}
   * @param cursor what the page before answered as next; null for the first page
   * @param pageSize how many items are read, before the filter
   */
  public synchronized ScannedPage scan(
      int segment, int totalSegments, @Nullable Item cursor, int pageSize) {
    if (segment < 0 || segment >= totalSegments) {
      throw new IllegalArgumentException("There is no segment " + segment + " of " + totalSegments);
    }
    if (pageSize < 1) {
      throw new IllegalArgumentException("A page holds at least one item, not " + pageSize);
    }
    var rest = cursor == null ? items : items.tailMap(placeOf(cursor), false);
    var page = new ArrayList<Item>();
    Item last = null;
    int read = 0;
    for (var entry : rest.entrySet()) {
      if (entry.getKey().segment(totalSegments) != segment) {
        continue;
      }
      if (read == pageSize) {
        return new ScannedPage(page, Optional.ofNullable(last));
      }
      read++;
      var item = entry.getValue().fresh();
      last = keyOf(item);
      if (filter.test(entry.getValue().fresh())) {
        page.add(item);
      }
    }
    return new ScannedPage(page, Optional.empty());
  }

  /** Stores {@code item} whole if {@code condition} holds of what is stored under its key. */
  public WriteAnswer put(Item item, Condition condition) {
    return write(item, condition, place -> items.put(place, StoredItem.of(item)));
  }

  /**
   * Sets and removes attributes if {@code condition} holds of what is stored under {@code key}. A
   * missing item whose absence the condition allows is created, as in DynamoDB.
   *
   * @param attributes what to set
   * @param removed names to remove; absent ones are passed over
   */
  public WriteAnswer update(
      Item key, Item attributes, Collection<String> removed, Condition condition) {
    return write(
        key,
        condition,
        place -> {
          var stored = items.get(place);
          var item = stored == null ? keyOf(key) : stored.fresh();
          for (var attribute : StoredItem.of(attributes).fresh().attributes().entrySet()) {
            item = item.with(attribute.getKey(), attribute.getValue());
          }
          for (String name : removed) {
            item = item.without(name);
          }
          if (!placeOf(item).equals(place)) {
            throw new IllegalArgumentException(
                "An update cannot change or remove the key attributes " + keys);
          }
          items.put(place, StoredItem.of(item));
        });
  }

  /** Deletes what is stored under {@code key} if {@code condition} holds of it. */
  public WriteAnswer delete(Item key, Condition condition) {
    return write(key, condition, items::remove);
  }

  /**
   * Deletes what is stored under {@code oldKey} and stores {@code item} under its other key, both
   * or neither.
   *
   * @param condition of what is stored under {@code oldKey}; nothing may be stored under the key of
   *     {@code item}
   * @return refused with the item in the way: that under the old key, or else that under the new
   *     one
   */
  public synchronized WriteAnswer move(Item oldKey, Item item, Condition condition) {
    var from = placeOf(oldKey);
    var to = placeOf(item);
    if (from.equals(to)) {
      throw new IllegalArgumentException("A move needs another key; update the item instead");
    }
    return write(
        oldKey,
        stored -> condition.holds(stored) && !items.containsKey(to),
        place -> {
          items.remove(place);
          items.put(to, StoredItem.of(item));
        },
        stored -> condition.holds(get(oldKey)) ? get(item) : stored);
  }

  /**
   * From now on, once {@code count} writes are done, this table is dead: the last of them is done
   * and its answer lost, and everything after it fails, until {@link #restart()}. With 0 the first
   * write fails and is not done.
   */
  public synchronized InMemoryTable crashAfterWrites(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("A crash comes after 0 or more writes, not " + count);
    }
    writesUntilCrash = count;
    return this;
  }

  /** Ends a crash, past or planned. */
  public synchronized InMemoryTable restart() {
    writesUntilCrash = Integer.MAX_VALUE;
    return this;
  }

  /** Throttles the next {@code count} writes: they fail and are not done. */
  public synchronized InMemoryTable throttleWrites(int count) {
    writesToThrottle = count;
    return this;
  }

  /**
   * Runs {@code hook} before each write, with this table and the key to be written: somebody else's
   * write comes in between. What the hook writes does not call it again.
   */
  public synchronized InMemoryTable beforeWrite(BiConsumer<InMemoryTable, Item> hook) {
    beforeWrite = hook;
    return this;
  }

  private WriteAnswer write(Item key, Condition condition, PlacedWrite write) {
    return write(key, condition, write, stored -> stored);
  }

  private synchronized WriteAnswer write(
      Item key, Condition condition, PlacedWrite write, InTheWay inTheWay) {
    if (inBeforeWrite) {
      return attempt(key, condition, write, inTheWay);
    }
    if (writesUntilCrash <= 0) {
      throw new CrashedException();
    }
    inBeforeWrite = true;
    try {
      beforeWrite.accept(this, keyOf(key));
    } finally {
      inBeforeWrite = false;
    }
    if (writesToThrottle > 0) {
      writesToThrottle--;
      throw new ThrottledException();
    }
    var answer = attempt(key, condition, write, inTheWay);
    if (answer.isDone()) {
      writes++;
      writesUntilCrash =
          writesUntilCrash == Integer.MAX_VALUE ? writesUntilCrash : writesUntilCrash - 1;
      if (writesUntilCrash == 0) {
        throw new CrashedException();
      }
    }
    return answer;
  }

  private WriteAnswer attempt(Item key, Condition condition, PlacedWrite write, InTheWay inTheWay) {
    var stored = get(key);
    if (!condition.holds(stored)) {
      return WriteAnswer.refused(inTheWay.of(get(key)));
    }
    write.to(placeOf(key));
    return WriteAnswer.done();
  }

  private Place placeOf(Item item) {
    var key = keyOf(item);
    return Place.of(keys.stream().map(key::value).toList());
  }

  @FunctionalInterface
  private interface PlacedWrite {
    void to(Place place);
  }

  @FunctionalInterface
  private interface InTheWay {
    Optional<Item> of(Optional<Item> stored);
  }
}
