package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every so manieth of some partition keys, each as an item that has nothing else. The cursor counts
 * those that are done. Used by one slice.
 */
final class NamedKeys implements PlacedPages {
  private static final String DONE = "done";

  private final List<Item> keys;

  NamedKeys(String name, List<Value> all, int segment, int totalSegments) {
    var mine = new ArrayList<Item>();
    for (int i = segment; i < all.size(); i += totalSegments) {
      mine.add(Item.empty().with(name, all.get(i)));
    }
    this.keys = List.copyOf(mine);
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    int from = cursor.map(done -> done.number(DONE).intValueExact()).orElse(0);
    int to = Math.min(keys.size(), from + limit.orElse(keys.size()));
    return Optional.of(
        new Page(
            keys.subList(from, to),
            to - from,
            to < keys.size() ? Optional.of(cursor(to)) : Optional.empty(),
            0,
            Tally.ZERO));
  }

  @Override
  public Item cursorAfter(Item key) {
    return cursor(keys.indexOf(key) + 1);
  }

  private static Item cursor(int done) {
    return Item.empty().with(DONE, done);
  }

  @Override
  public Optional<String> from(Item key) {
    return Optional.empty();
  }

  @Override
  public Optional<String> damage(Item key) {
    return Optional.empty();
  }
}
