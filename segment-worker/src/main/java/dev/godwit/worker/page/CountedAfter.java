package dev.godwit.worker.page;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The pages of one source, and behind them those of another, of which the items are counted only.
 *
 * <p>The cursor of the second has one attribute, a map; those of the first are keys, which no map
 * is.
 *
 * @param counted reads pages whose items do not matter
 * @param as what each of them is counted as
 */
public record CountedAfter(PageSource pages, PageSource counted, Counter as) implements PageSource {
  private static final String AFTER = "counted";

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    var counting = cursor.filter(CountedAfter::isOfTheSecond);
    return counting.isPresent()
        ? counted.read(within(counting.get()), OptionalInt.empty()).map(this::withoutItems)
        : pages.read(cursor, limit).map(CountedAfter::notTheLast);
  }

  @Override
  public boolean mayReadAhead() {
    return pages.mayReadAhead();
  }

  @Override
  public void close() {
    pages.close();
    counted.close();
  }

  private static boolean isOfTheSecond(Item cursor) {
    return cursor.find(AFTER).filter(value -> value.type() == AttributeType.M).isPresent();
  }

  private static Optional<Item> within(Item cursor) {
    var key = Item.of(cursor.map(AFTER));
    return key.names().isEmpty() ? Optional.empty() : Optional.of(key);
  }

  private static Item cursor(Map<String, Value> key) {
    return Item.empty().with(AFTER, Value.map(key));
  }

  private static Page notTheLast(Page page) {
    return page.next().isPresent()
        ? page
        : new Page(
            page.items(),
            page.examined(),
            Optional.of(cursor(Map.of())),
            page.readUnits(),
            page.throttles(),
            page.counted());
  }

  private Page withoutItems(Page page) {
    return new Page(
        List.of(),
        page.examined(),
        page.next().map(key -> cursor(key.attributes())),
        page.readUnits(),
        page.throttles(),
        Tally.of(as, page.items().size()));
  }
}
