package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.record.RunRecords.FailedItem;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Items that an earlier run has kept on record, as they were when it failed with them. The cursor
 * counts those that are done. Used by one slice.
 */
public final class RecordedPages implements PlacedPages {
  private static final String DONE = "done";
  private static final int MOST_ITEMS = 1000;

  private final List<FailedItem> failed;
  private final List<String> distinct;

  /** Where the items of the page that was read last are among all. */
  private IdentityHashMap<Item, Integer> read = new IdentityHashMap<>();

  /**
   * @param distinct attributes in which no two items of a page are alike; empty if that does not
   *     matter
   */
  RecordedPages(List<FailedItem> failed, List<String> distinct) {
    this.failed = List.copyOf(failed);
    this.distinct = distinct;
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    int from = cursor.map(done -> done.number(DONE).intValueExact()).orElse(0);
    int most = Math.min(failed.size(), from + Math.min(MOST_ITEMS, limit.orElse(MOST_ITEMS)));
    read = new IdentityHashMap<>();
    var keys = new HashSet<Item>();
    int to = from;
    while (to < most && (distinct.isEmpty() || keys.add(failed.get(to).item().only(distinct)))) {
      read.put(failed.get(to).item(), to);
      to++;
    }
    var items = failed.subList(from, to).stream().map(FailedItem::item).toList();
    return Optional.of(
        new Page(
            items,
            items.size(),
            to < failed.size() ? Optional.of(cursor(to)) : Optional.empty(),
            0,
            Tally.ZERO));
  }

  @Override
  public Item cursorAfter(Item item) {
    return cursor(place(item).orElseThrow() + 1);
  }

  private Optional<Integer> place(Item item) {
    return Optional.ofNullable(read.get(item));
  }

  private static Item cursor(int done) {
    return Item.empty().with(DONE, done);
  }

  @Override
  public Optional<String> from(Item item) {
    return place(item).flatMap(place -> failed.get(place).from());
  }

  @Override
  public Optional<String> damage(Item item) {
    return place(item)
        .map(failed::get)
        .filter(record -> record.error().equals(DamagedText.ERROR))
        .map(FailedItem::message);
  }
}
