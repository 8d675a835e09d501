package dev.godwit.worker.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.Tally;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Items that are read by their keys are read in parts that fit a small memory, and none is missed.
 */
class CurrentPagesTest {
  private static final int ITEMS = 730;
  private static final int BYTES = 9_000;

  private final List<Integer> read = new ArrayList<>();

  private static NamedKeys keys() {
    return new NamedKeys(
        "id", IntStream.range(0, ITEMS).mapToObj(n -> Value.string("" + n)).toList(), 0, 1);
  }

  /** The items with {@code keys}; every fifth is gone. */
  private PageSource byKey(List<Item> keys) {
    return (cursor, limit) -> {
      read.add(keys.size());
      var items =
          keys.stream()
              .filter(key -> Integer.parseInt(key.string("id")) % 5 != 0)
              .map(key -> key.with("large", new byte[BYTES]))
              .toList();
      return Optional.of(new Page(items, items.size(), Optional.empty(), 2, Tally.ZERO));
    };
  }

  @Test
  void read_manyLargeItems_endsPagesWhereTheyAreEnoughAndGoesOnThere() {
    var pages = new CurrentPages(keys(), List.of("id"), item -> true, this::byKey);
    var seen = new ArrayList<String>();
    int gone = 0;
    Optional<Item> cursor = Optional.empty();
    do {
      var page = pages.read(cursor, OptionalInt.of(1000)).orElseThrow();
      assertThat(page.items().stream().mapToLong(Item::sizeBytes).sum())
          .as("a MB, and what one more request answers")
          .isLessThan((1 << 20) + 100 * (BYTES + 100L));
      for (Item item : page.items()) {
        seen.add(item.string("id"));
        gone += pages.isGone(item) ? 1 : 0;
      }
      cursor = page.next();
    } while (cursor.isPresent());

    assertThat(seen).hasSize(ITEMS).doesNotHaveDuplicates();
    assertThat(gone).isEqualTo(ITEMS / 5);
    assertThat(read).allMatch(keys -> keys <= 100);
  }

  @Test
  void read_withoutTimeForAll_answersThoseThatWereRead() {
    var pages =
        new CurrentPages(
            keys(),
            List.of("id"),
            item -> true,
            keys -> read.isEmpty() ? byKey(keys) : (cursor, limit) -> Optional.empty());

    var page = pages.read(Optional.empty(), OptionalInt.of(1000)).orElseThrow();

    assertThat(page.items()).hasSize(100);
    assertThat(page.readUnits()).isEqualTo(2);
    var last = page.items().get(99);
    assertThat(page.next()).contains(pages.cursorAfter(last));
    assertThat(pages.read(page.next(), OptionalInt.of(1000))).as("none was read").isEmpty();
  }
}
