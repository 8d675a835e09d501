package dev.godwit.worker.slice;

import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Source;
import dev.godwit.run.SourceRules;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.Partition;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.source.IndexedPages;
import dev.godwit.worker.source.PlacedPages;
import dev.godwit.worker.source.QueryKeys;
import dev.godwit.worker.source.SourceFiles;
import dev.godwit.worker.source.SourceItems;
import java.util.Optional;

/** The items of a run's table that are in an index, or have some partition keys. */
final class Selection {
  private final Source source;
  private final ReadAccess readAccess;
  private final Optional<QueryKeys> keys;

  private Selection(Source source, ReadAccess readAccess, Optional<QueryKeys> keys) {
    this.source = source;
    this.readAccess = readAccess;
    this.keys = keys;
  }

  /**
   * Looks for what {@code source} selects; empty if that is the whole table, or nothing of it.
   *
   * @param table the run's
   * @throws TableRefused when there is no such index, or what is asked of it cannot be
   */
  static Optional<Selection> of(
      Source source, String table, Database database, SourceFiles files, Deadline deadline) {
    if (SourceRules.isWholeTable(source) || !SourceRules.readsTheTable(source)) {
      return Optional.empty();
    }
    var readAccess = database.readAccess(table, SourceRules.index(source), deadline);
    return Optional.of(
        new Selection(
            source,
            readAccess,
            source instanceof Source.Query query
                ? Optional.of(QueryKeys.of(query, readAccess.access(), files.until(deadline)))
                : Optional.empty()));
  }

  /**
   * What each slice is given of it, once it has been looked at closer.
   *
   * @throws TableRefused when its keys are none
   */
  GivenSource given() {
    keys.ifPresent(QueryKeys::look);
    return new GivenSource(source, keys.flatMap(QueryKeys::seen));
  }

  /**
   * What of it is in the segment of {@code slice}. An index that has not all attributes only says
   * which items: they are read from the table by their keys. So are those that a canary has just
   * written: a stale read would take them for items that the transform does not keep.
   *
   * @throws BadSliceRequest when a filter would not see what it asks for
   */
  PlacedPages pages(SliceRequest slice, Optional<ScanFilter> filter, Database database, Pace pace) {
    var access = readAccess.access();
    if (filter.isPresent() && !access.isWhole()) {
      throw new BadSliceRequest(
          "The migration "
              + slice.migration()
              + " has a filter, which would see only what "
              + access
              + " projects, and leave out items for what it does not see: let the transform decide"
              + " instead, or take an index that projects ALL",
          null);
    }
    var pages =
        keys.isPresent()
            ? queried(slice, filter, keys.get(), pace)
            : new IndexedPages(
                readAccess.segment(slice.segment(), slice.totalSegments(), filter, pace), access);
    return access.isWhole() && !slice.checksCanary()
        ? pages
        : new SourceItems(pages)
            .asTheyAreNow(
                slice.keys(),
                item -> true,
                wanted -> database.items(slice.tableName(), wanted, pace));
  }

  private PlacedPages queried(
      SliceRequest slice, Optional<ScanFilter> filter, QueryKeys of, Pace pace) {
    var query = (Source.Query) source;
    var partitions = readAccess.partitions(filter, pace);
    return of.as(slice.source().flatMap(GivenSource::seen))
        .pages(
            slice.segment(),
            slice.totalSegments(),
            key -> partitions.apply(new Partition(key, query.where(), query.isConsistent())));
  }
}
