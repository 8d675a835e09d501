package dev.godwit.worker.page;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The first items of a source, so many as one page has and {@code most} at most. Of a page that was
 * cut short the rest is not read any more.
 */
public record FirstItems(PageSource pages, int most) implements PageSource {
  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    if (cursor.isPresent()) {
      return Optional.of(new Page(List.of(), 0, Optional.empty(), 0, Tally.ZERO));
    }
    return pages
        .read(cursor, OptionalInt.of(Math.min(most, limit.orElse(most))))
        .map(
            page ->
                new Page(
                    page.items(),
                    page.examined(),
                    Optional.empty(),
                    page.readUnits(),
                    page.throttles(),
                    page.counted()));
  }

  @Override
  public boolean mayReadAhead() {
    return false;
  }

  @Override
  public void close() {
    pages.close();
  }
}
