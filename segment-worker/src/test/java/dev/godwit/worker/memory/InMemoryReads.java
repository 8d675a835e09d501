package dev.godwit.worker.memory;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Value;
import dev.godwit.run.Tally;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.Partition;
import dev.godwit.worker.page.ReadAccess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * A table or an index in memory, read as it is at the moment: an item whose index key is written
 * moves at once. Keys are strings.
 */
record InMemoryReads(InMemoryTable table, Access access, IntSupplier pageSize)
    implements ReadAccess {
  @Override
  public PageSource segment(
      int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return pages(item -> Math.floorMod(partition(item).hashCode(), totalSegments) == segment);
  }

  @Override
  public Function<Partition, PageSource> partitions(Optional<ScanFilter> filter, Pace pace) {
    return partition ->
        pages(
            item ->
                partition(item).equals(partition.key())
                    && partition.where().map(where -> holds(where, item)).orElse(true));
  }

  private Value partition(Item item) {
    return item.value(access.partitionKey().get(0).name());
  }

  private boolean holds(SortCondition where, Item item) {
    var sort = item.string(access.sortKey().orElseThrow().name());
    var first = where.values().get(0).asString();
    int compared = sort.compareTo(first);
    return switch (where.operator()) {
      case IS -> compared == 0;
      case IS_BELOW -> compared < 0;
      case IS_AT_MOST -> compared <= 0;
      case IS_ABOVE -> compared > 0;
      case IS_AT_LEAST -> compared >= 0;
      case BETWEEN -> compared >= 0 && sort.compareTo(where.values().get(1).asString()) <= 0;
      case BEGINS_WITH -> sort.startsWith(first);
    };
  }

  private PageSource pages(Predicate<Item> wanted) {
    return (cursor, limit) -> Optional.of(page(wanted, cursor, limit));
  }

  /** As DynamoDB has them: by the partition's hash, the sort key, then the table's keys. */
  private Page page(Predicate<Item> wanted, Optional<Item> cursor, OptionalInt limit) {
    var order =
        Comparator.<Item>comparingInt(item -> partition(item).hashCode())
            .thenComparing(item -> access.place().stream().map(item::string).toList().toString());
    var rest = new ArrayList<Item>();
    for (Item item : table.contents().values()) {
      if (access.place().stream().allMatch(item::has)
          && wanted.test(item)
          && (cursor.isEmpty() || order.compare(item, cursor.get()) > 0)) {
        rest.add(item);
      }
    }
    rest.sort(order);
    int size = Math.min(rest.size(), Math.min(pageSize.getAsInt(), limit.orElse(rest.size())));
    var page = rest.subList(0, size).stream().map(this::projected).toList();
    return new Page(
        page,
        size,
        size < rest.size()
            ? Optional.of(page.get(size - 1).only(access.place()))
            : Optional.empty(),
        size,
        Tally.ZERO);
  }

  /** Fresh: what has been looked at here was not read by a transform. */
  private Item projected(Item item) {
    var key = item.only(table.keys());
    var fresh = table.get(key).orElseThrow();
    return access.isWhole() ? fresh : fresh.only(access.place());
  }
}
