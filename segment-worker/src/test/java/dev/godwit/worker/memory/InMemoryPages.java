package dev.godwit.worker.memory;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/** Reads pages from memory. */
final class InMemoryPages {
  private InMemoryPages() {}

  /** One segment. */
  record Segment(InMemoryTable table, int segment, int totalSegments, IntSupplier pageSize)
      implements PageSource {
    @Override
    public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
      int size = Math.min(pageSize.getAsInt(), limit.orElse(Integer.MAX_VALUE));
      var page = table.scan(segment, totalSegments, cursor.orElse(null), size);
      return Optional.of(
          new Page(
              page.items(), page.items().size(), page.next(), page.items().size(), Tally.ZERO));
    }
  }

  /** Items by their keys. */
  record Keyed(InMemoryTable table, List<Item> keys, IntSupplier pageSize) implements PageSource {
    @Override
    public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
      int from = cursor.map(key -> keys.indexOf(table.keyOf(key)) + 1).orElse(0);
      int size = Math.min(pageSize.getAsInt(), limit.orElse(Integer.MAX_VALUE));
      int to = (int) Math.min(keys.size(), (long) from + size);
      var items = new ArrayList<Item>();
      for (Item key : keys.subList(from, to)) {
        table.get(key).ifPresent(items::add);
      }
      return Optional.of(
          new Page(
              items,
              items.size(),
              to < keys.size() ? Optional.of(keys.get(to - 1)) : Optional.empty(),
              items.size(),
              Tally.ZERO));
    }
  }
}
