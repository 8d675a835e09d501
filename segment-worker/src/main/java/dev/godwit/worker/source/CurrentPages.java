package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The items of other pages as the table has them now, read by their keys. Those that it does not
 * hold are gone. Used by one slice.
 */
final class CurrentPages implements PlacedPages {
  private final PlacedPages pages;
  private final List<String> keys;
  private final Function<List<Item>, PageSource> byKey;
  private IdentityHashMap<Item, Item> origins = new IdentityHashMap<>();
  private Set<Item> gone = Set.of();

  /**
   * @param pages no two items of one page have the same key
   * @param keys the table's key attributes
   * @param byKey reads items by their keys, those that are there
   */
  CurrentPages(PlacedPages pages, List<String> keys, Function<List<Item>, PageSource> byKey) {
    this.pages = pages;
    this.keys = keys;
    this.byKey = byKey;
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    return pages.read(cursor, limit).flatMap(this::current);
  }

  private Optional<Page> current(Page page) {
    origins = new IdentityHashMap<>();
    gone = Collections.newSetFromMap(new IdentityHashMap<>());
    var wanted =
        page.items().stream().filter(this::isReadable).map(item -> item.only(keys)).toList();
    var there = new HashMap<Item, Item>();
    double units = page.readUnits();
    var throttles = page.throttles();
    Optional<Item> cursor = Optional.empty();
    var source = byKey.apply(wanted);
    do {
      var read = source.read(cursor, OptionalInt.empty());
      if (read.isEmpty()) {
        return Optional.empty();
      }
      read.get().items().forEach(item -> there.put(item.only(keys), item));
      units += read.get().readUnits();
      throttles = throttles.plus(read.get().throttles());
      cursor = read.get().next();
    } while (cursor.isPresent());
    var items = new ArrayList<Item>();
    for (Item item : page.items()) {
      boolean isKnown = isReadable(item);
      var now = isKnown ? there.get(item.only(keys)) : item;
      if (now == null) {
        gone.add(item);
        items.add(item);
      } else {
        items.add(now);
        origins.put(now, item);
      }
    }
    return Optional.of(new Page(items, page.examined(), page.next(), units, throttles));
  }

  private boolean isReadable(Item item) {
    return pages.damage(item).isEmpty()
        && !pages.isGone(item)
        && keys.stream().allMatch(item::stores);
  }

  @Override
  public boolean isGone(Item item) {
    return gone.contains(item) || pages.isGone(origin(item));
  }

  private Item origin(Item item) {
    return origins.getOrDefault(item, item);
  }

  @Override
  public Item cursorAfter(Item item) {
    return pages.cursorAfter(origin(item));
  }

  @Override
  public Optional<String> from(Item item) {
    return pages.from(origin(item));
  }

  @Override
  public Optional<String> damage(Item item) {
    return pages.damage(origin(item));
  }

  @Override
  public void close() {
    pages.close();
  }
}
