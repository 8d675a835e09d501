package dev.godwit.worker.slice;

import dev.godwit.migration.ItemGenerator;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.code.MigrationFinder;
import dev.godwit.worker.export.PageExport;
import dev.godwit.worker.generate.GeneratedPages;
import dev.godwit.worker.generate.MadeDecider;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Margin;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacers;
import dev.godwit.worker.pace.Recall;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.pace.Use;
import dev.godwit.worker.page.CountedAfter;
import dev.godwit.worker.page.FirstItems;
import dev.godwit.worker.page.PageLimit;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAhead;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.source.FoundSource;
import dev.godwit.worker.source.SourceDecider;
import dev.godwit.worker.source.SourceFiles;
import dev.godwit.worker.source.SourceItems;
import dev.godwit.worker.undo.Undo;
import dev.godwit.worker.write.ActionRunner;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Decider;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.PageHandler;
import dev.godwit.worker.write.PageMigrator;
import dev.godwit.worker.write.PageRehearsal;
import dev.godwit.worker.write.RequestSender;
import dev.godwit.worker.write.TargetDecider;
import dev.godwit.worker.write.TargetTable;
import dev.godwit.worker.write.TransformDecider;
import dev.godwit.worker.write.WritePlanner;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * What one slice works with, made anew for each but for the pacers, which go on to the next slice
 * when this is closed.
 */
record SliceParts(
    ReadAhead pages,
    PageLimit limit,
    PageHandler handler,
    Deadline deadline,
    FailureBudget failures,
    Pacers.Lent reads,
    Pacers.Lent writes,
    BooleanSupplier isPaused)
    implements AutoCloseable {
  /** Sampled changes of a whole run that is not to write. */
  private static final int SAMPLES = 20;

  /**
   * Waits for a page that is still being read, so that nothing goes on when the slice has ended.
   */
  @Override
  public void close() {
    pages.close();
    reads.close();
    writes.close();
  }

  /** Makes the parts of slices. Thread-safe. */
  static final class Factory {
    private final MigrationFinder migrations;
    private final Database database;
    private final RecordStore store;
    private final SourceFiles files;
    private final Threads threads;
    private final Pacers pacers;
    private final Timer timer;

    @Inject
    Factory(
        MigrationFinder migrations,
        Database database,
        RecordStore store,
        SourceFiles files,
        Threads threads,
        Pacers pacers,
        Timer timer) {
      this.migrations = migrations;
      this.database = database;
      this.store = store;
      this.files = files;
      this.threads = threads;
      this.pacers = pacers;
      this.timer = timer;
    }

    /**
     * The parts of {@code slice}.
     *
     * @throws BadSliceRequest when its migration cannot be run as it asks
     * @throws TransformChanged when its migration's code is not what the run began with
     */
    SliceParts slice(SliceRequest slice, Deadline deadline) {
      var migration =
          slice.undo().isPresent()
              ? Optional.<MigrationFinder.Found>empty()
              : Optional.of(migrations.of(slice));
      var reads = pacers.lend(slice, Use.READS);
      var writes = pacers.lend(slice, Use.WRITES);
      try {
        return slice(slice, migration, deadline, reads, writes);
      } catch (RuntimeException | Error e) {
        reads.close();
        writes.close();
        throw e;
      }
    }

    private SliceParts slice(
        SliceRequest slice,
        Optional<MigrationFinder.Found> migration,
        Deadline deadline,
        Pacers.Lent reads,
        Pacers.Lent writes) {
      var writing = new Margin(deadline);
      var reading = new Recall(new Margin(deadline));
      var records = new RunRecords(store.until(writing), slice);
      var pace = new Pace(reads.pacer(), reading);
      var target =
          migration
              .flatMap(found -> MigrationFinder.target(slice, found.migration()))
              .map(there -> database.target(there, writing));
      var work =
          migration
              .map(found -> migration(slice, found, target, records, pace))
              .orElseGet(() -> undo(slice, records, pace));
      var writer = target.map(TargetTable::writer).orElseGet(() -> changes(slice, writing));
      return new SliceParts(
          new ReadAhead(work.pages, threads.readers(), reading),
          new PageLimit(
              Duration.ofSeconds(slice.sliceSeconds()),
              work.isFree ? OptionalDouble::empty : reads.pacer()::unitsPerSecond,
              writes.pacer().unitsPerSecond()),
          handler(
              slice,
              work.decider,
              writer,
              target,
              records,
              pace,
              new Pace(writes.pacer(), writing)),
          writing,
          new FailureBudget(slice, records),
          reads,
          writes,
          () -> pacers.isPaused(slice));
    }

    /**
     * Which items a slice is about, and what decides about them.
     *
     * @param isFree whether reading them costs no units
     */
    private record Work(PageSource pages, Decider decider, boolean isFree) {}

    private Work migration(
        SliceRequest slice,
        MigrationFinder.Found found,
        Optional<TargetTable> target,
        RunRecords records,
        Pace pace) {
      var planner = planner(slice);
      var decider =
          target
              .<Decider>map(
                  table -> new TargetDecider(found.transform(), context(slice), planner, table))
              .orElseGet(() -> new TransformDecider(found.transform(), context(slice), planner));
      var source = MigrationFinder.source(slice, found.migration());
      if (source instanceof Source.Generator made) {
        return generated(slice, made.generator(), decider, target, pace);
      }
      var selection =
          slice.retryFailures().isPresent()
              ? Optional.<Selection>empty()
              : Selection.of(source, slice.tableName(), database, files, pace.deadline());
      if (selection.isPresent()) {
        var pages = selection.get().pages(slice, filter(slice, found), database, pace);
        return new Work(
            verified(slice, pages, target, pace),
            new SourceDecider(decider, pages, Optional.empty(), false),
            false);
      }
      var beside = FoundSource.of(source, slice.tableName(), files.until(pace.deadline()));
      if (beside.isPresent()) {
        return beside(slice, beside.get(), decider, target, records, pace);
      }
      var pages = pages(slice, found, records, pace);
      return new Work(verified(slice, pages, target, pace), decider, false);
    }

    /** Of items that do not come from the table. */
    private Work beside(
        SliceRequest slice,
        FoundSource found,
        Decider decider,
        Optional<TargetTable> target,
        RunRecords records,
        Pace pace) {
      boolean isInPlace = target.isEmpty();
      var items =
          SourceItems.of(
              found.as(slice.source().flatMap(GivenSource::seen)),
              slice,
              records,
              isInPlace ? slice.keys() : List.of());
      var limits =
          isInPlace
              ? Optional.of(
                  database.target(Target.table(slice.tableName()), pace.deadline()).limits())
              : Optional.<ItemLimits>empty();
      // What is not written is told of as it is, not as it was when the file was written.
      boolean looks = isInPlace && !slice.mode().writes();
      var pages =
          looks
              ? items.asTheyAreNow(
                  slice.keys(),
                  item -> limits.orElseThrow().ofTableKeys(item).isEmpty(),
                  keys -> database.items(slice.tableName(), keys, pace))
              : items.pages();
      return new Work(
          verified(slice, pages, target, pace),
          new SourceDecider(decider, pages, limits, slice.keepBeforeImages().orElse(false)),
          !looks);
    }

    private Work generated(
        SliceRequest slice,
        ItemGenerator generator,
        Decider decider,
        Optional<TargetTable> target,
        Pace pace) {
      if (slice.retryFailures().isPresent()) {
        throw new BadSliceRequest(
            "The migration "
                + slice.migration()
                + " makes its items, which cannot be offered again by their keys: run it once more,"
                + " what is there already stays",
            null);
      }
      var pages =
          new GeneratedPages(generator, slice.segment(), slice.totalSegments(), context(slice));
      return new Work(verified(slice, pages, target, pace), new MadeDecider(decider, pages), true);
    }

    private Work undo(SliceRequest slice, RunRecords records, Pace pace) {
      var undo =
          Undo.of(
              slice.undo().orElseThrow(),
              records,
              planner(slice),
              keys -> database.items(slice.tableName(), keys, pace));
      return new Work(undo.pages(), undo.decider(), false);
    }

    private PageSource pages(
        SliceRequest slice, MigrationFinder.Found found, RunRecords records, Pace pace) {
      var earlierRun = slice.retryFailures();
      if (earlierRun.isPresent()) {
        return database.items(
            slice.tableName(), records.failedKeys(earlierRun.get(), slice.totalSegments()), pace);
      }
      return slice.checksCanary()
          ? database.segmentAsWritten(
              slice.tableName(), slice.segment(), slice.totalSegments(), filter(slice, found), pace)
          : database.segment(
              slice.tableName(),
              slice.segment(),
              slice.totalSegments(),
              filter(slice, found),
              pace);
    }

    private static Optional<ScanFilter> filter(SliceRequest slice, MigrationFinder.Found found) {
      return slice.direction() == Direction.UP
          ? found.migration().filter(context(slice))
          : Optional.empty();
    }

    /**
     * {@code pages}, as they are to be verified, if they are: behind all of them the target's own
     * are counted, segment by segment.
     */
    private PageSource verified(
        SliceRequest slice, PageSource pages, Optional<TargetTable> target, Pace pace) {
      if (slice.mode() != Mode.VERIFY || slice.retryFailures().isPresent()) {
        return pages;
      }
      if (slice.sample().isPresent()) {
        return new FirstItems(pages, slice.sample().get());
      }
      if (slice.checksCanary()) {
        return pages; // others may come into the target's segment, too
      }
      return target
          .<PageSource>map(
              there ->
                  new CountedAfter(
                      pages,
                      database.segment(
                          there.target().tableName(),
                          slice.segment(),
                          slice.totalSegments(),
                          Optional.empty(),
                          pace),
                      Counter.IN_TARGET))
          .orElse(pages);
    }

    private PageHandler handler(
        SliceRequest slice,
        Decider decider,
        ChangeWriter writer,
        Optional<TargetTable> target,
        RunRecords records,
        Pace reading,
        Pace writing) {
      if (slice.mode() == Mode.EXPORT) {
        return new PageExport(records);
      }
      return slice.mode().writes()
          ? migrator(slice, decider, writer, records, writing)
          : rehearsal(slice, decider, writer, target, records, reading, writing.deadline());
    }

    private PageHandler rehearsal(
        SliceRequest slice,
        Decider decider,
        ChangeWriter writer,
        Optional<TargetTable> target,
        RunRecords records,
        Pace reading,
        Deadline deadline) {
      // The first slice of each segment samples, so that samples come from everywhere and few in
      // all.
      int samples =
          SliceCursor.of(slice).isPresent() ? 0 : Math.max(1, SAMPLES / slice.totalSegments());
      if (slice.mode() != Mode.DRY_RUN) {
        return target
            .map(
                there ->
                    PageRehearsal.verification(
                        decider,
                        keys -> database.items(there.target().tableName(), keys, reading),
                        records,
                        samples))
            .orElseGet(() -> PageRehearsal.verification(decider, records, samples));
      }
      var actions = database.actions(deadline);
      return target
          .map(
              there ->
                  PageRehearsal.dryRun(
                      decider,
                      writer,
                      actions,
                      keys -> database.items(there.target().tableName(), keys, reading),
                      records,
                      samples))
          .orElseGet(() -> PageRehearsal.dryRun(decider, writer, actions, records, samples));
    }

    private ChangeWriter changes(SliceRequest slice, Deadline deadline) {
      return database.changes(slice.tableName(), slice.keys(), slice.guard(), deadline);
    }

    private PageHandler migrator(
        SliceRequest slice, Decider decider, ChangeWriter writer, RunRecords records, Pace pace) {
      var sender = new RequestSender(pace.pacer(), threads.senders(), threads.mostInFlight());
      var backoff = new Backoff(new SplittableRandom(System.nanoTime() ^ slice.segment()), timer);
      return new PageMigrator(
          decider,
          writer,
          sender,
          new ActionRunner(database.actions(pace.deadline()), sender, backoff),
          records,
          backoff);
    }

    private static WritePlanner planner(SliceRequest slice) {
      return new WritePlanner(
          slice.keys(),
          slice.guard(),
          slice
              .stamp()
              .map(
                  attribute ->
                      WritePlanner.Stamp.of(attribute, slice.migration(), slice.direction())));
    }

    private static TransformContext context(SliceRequest slice) {
      return new TransformContext(slice.runId(), slice.startedAt(), slice.parameters());
    }
  }
}
