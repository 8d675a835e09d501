package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A segment of an index, whose places are made of the keys of both the index and the table. An item
 * that has moved in the index while a page was read is in the page once. Used by one slice.
 */
public final class IndexedPages implements PlacedPages {
  private final PageSource segment;
  private final List<String> place;
  private final List<String> tableKeys;

  public IndexedPages(PageSource segment, Access access) {
    this.segment = segment;
    this.place = access.place();
    this.tableKeys = access.tableKeys();
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    return segment.read(cursor, limit).map(this::distinct);
  }

  private Page distinct(Page page) {
    var keys = new HashSet<Item>();
    var items = new ArrayList<Item>();
    for (Item item : page.items()) {
      if (keys.add(item.only(tableKeys))) {
        items.add(item);
      }
    }
    return new Page(
        items, page.examined(), page.next(), page.readUnits(), page.throttles(), page.counted());
  }

  @Override
  public Item cursorAfter(Item item) {
    return item.only(place);
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
    segment.close();
  }
}
