package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.record.RunRecords;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The items of one slice that come from files.
 *
 * @param pages them, as they are there
 */
public record SourceItems(PlacedPages pages) {
  /**
   * Those of {@code slice}: its part of the files; or, of those on record that failed in an earlier
   * run over them, its share.
   *
   * @param distinct attributes in which no two items of a page are alike; empty if that does not
   *     matter
   */
  public static SourceItems of(
      FoundSource found, SliceRequest slice, RunRecords records, List<String> distinct) {
    return new SourceItems(
        slice
            .retryFailures()
            .<PlacedPages>map(
                run -> new RecordedPages(records.failedItems(run, slice.totalSegments()), distinct))
            .orElseGet(() -> found.pages(slice.segment(), slice.totalSegments(), distinct)));
  }

  /**
   * The same items as the table has them now.
   *
   * @param keys its key attributes
   * @param fits whether an item's key is one that the table can have; DynamoDB refuses a request
   *     with any other
   * @param byKey reads items by their keys, those that are there
   */
  public PlacedPages asTheyAreNow(
      List<String> keys, Predicate<Item> fits, Function<List<Item>, PageSource> byKey) {
    return new CurrentPages(pages, keys, fits, byKey);
  }
}
