package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The items of other pages as the table has them now, read by their keys. Those that it does not
 * hold are gone. Used by one slice.
 */
final class CurrentPages implements PlacedPages {
  /** As many as a BatchGetItem takes; API reference, read 2026-11-20. */
  private static final int KEYS_AT_ONCE = 100;

  /**
   * When a page has so much, no more is read for it: as much as a page of a scan has. With the last
   * answer of 100 items of 400 KB it has 41 MB at most.
   */
  private static final long MOST_BYTES = 1 << 20;

  private final PlacedPages pages;
  private final List<String> keys;
  private final Predicate<Item> fits;
  private final Function<List<Item>, PageSource> byKey;
  private IdentityHashMap<Item, Item> origins = new IdentityHashMap<>();
  private Set<Item> gone = Set.of();

  /**
   * @param pages no two items of one page have the same key
   * @param keys the table's key attributes
   * @param fits whether an item's key is one that the table can have; others stay as they are
   * @param byKey reads items by their keys, those that are there
   */
  CurrentPages(
      PlacedPages pages,
      List<String> keys,
      Predicate<Item> fits,
      Function<List<Item>, PageSource> byKey) {
    this.pages = pages;
    this.keys = keys;
    this.fits = fits;
    this.byKey = byKey;
  }

  /**
   * Reads a page of the others, and its items as they are now. Where those are so large that they
   * would not fit a small memory, or time runs out, it ends before the first that was not read.
   */
  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    return pages.read(cursor, limit).flatMap(this::current);
  }

  private Optional<Page> current(Page page) {
    origins = new IdentityHashMap<>();
    gone = Collections.newSetFromMap(new IdentityHashMap<>());
    var there = new There(page);
    there.read();
    var items = new ArrayList<Item>();
    for (Item item : page.items()) {
      boolean isKnown = isReadable(item);
      var key = item.only(keys);
      if (isKnown && !there.isKnown(key)) {
        break;
      }
      var now = isKnown ? there.items.get(key) : item;
      if (now == null) {
        gone.add(item);
        items.add(item);
      } else {
        items.add(now);
        origins.put(now, item);
      }
    }
    if (items.size() == page.items().size()) {
      return Optional.of(there.page(items, page.examined(), page.next()));
    }
    return items.isEmpty()
        ? Optional.empty()
        : Optional.of(
            there.page(
                items,
                items.size(),
                Optional.of(pages.cursorAfter(page.items().get(items.size() - 1)))));
  }

  /** What the table holds at the keys of a page's items, as far as it was read. */
  private final class There {
    private final Page page;
    private final List<Item> wanted;
    private final Map<Item, Item> items = new HashMap<>();

    /** Of these keys nothing was read. */
    private final Set<Item> unread;

    private double units;
    private Tally throttles;

    There(Page page) {
      this.page = page;
      this.wanted =
          page.items().stream()
              .filter(CurrentPages.this::isReadable)
              .map(item -> item.only(keys))
              .toList();
      this.unread = new HashSet<>(wanted);
      this.units = page.readUnits();
      this.throttles = page.throttles();
    }

    /** Request by request, each of some keys: what one answers is let go of before long. */
    void read() {
      long bytes = 0;
      for (int from = 0; from < wanted.size() && bytes < MOST_BYTES; from += KEYS_AT_ONCE) {
        var some = wanted.subList(from, Math.min(wanted.size(), from + KEYS_AT_ONCE));
        var source = byKey.apply(some);
        Optional<Item> cursor = Optional.empty();
        do {
          var read = source.read(cursor, OptionalInt.empty());
          if (read.isEmpty()) {
            return;
          }
          for (Item item : read.get().items()) {
            items.put(item.only(keys), item);
            bytes += item.sizeBytes();
          }
          units += read.get().readUnits();
          throttles = throttles.plus(read.get().throttles());
          cursor = read.get().next();
          done(some, cursor);
        } while (cursor.isPresent() && bytes < MOST_BYTES);
      }
    }

    /** A page of items by their keys goes on behind one of these. */
    private void done(List<Item> some, Optional<Item> cursor) {
      for (Item key : some) {
        unread.remove(key);
        if (cursor.isPresent() && cursor.get().equals(key)) {
          return;
        }
      }
    }

    boolean isKnown(Item key) {
      return !unread.contains(key);
    }

    Page page(List<Item> found, int examined, Optional<Item> next) {
      return new Page(found, examined, next, units, throttles, page.counted());
    }
  }

  private boolean isReadable(Item item) {
    return pages.damage(item).isEmpty()
        && !pages.isGone(item)
        && keys.stream().allMatch(item::stores)
        && fits.test(item);
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
