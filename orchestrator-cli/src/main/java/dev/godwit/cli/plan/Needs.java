package dev.godwit.cli.plan;

import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.RunRequest;

/**
 * What a run needs of everything that is charged or takes time, without what that costs.
 *
 * @param readUnits of scanning the whole table
 * @param tableWrites write units for the items themselves, those of moves twice
 * @param moveWrites those of them for moves
 * @param indexWrites write units for all indexes
 * @param globalIndexWrites those of them for global indexes, which have capacities of their own
 * @param actionWrites write units for other items and tables
 * @param writtenItems how many items are written
 * @param pages how many pages are read
 * @param imageFiles how many files of before-images are written
 * @param imageBytes what these take
 * @param growthBytes by how much what the table stores grows
 */
public record Needs(
    Interval readUnits,
    Interval tableWrites,
    Interval moveWrites,
    Interval indexWrites,
    Interval globalIndexWrites,
    Interval actionWrites,
    Interval writtenItems,
    long tableItems,
    long tableBytes,
    double pages,
    Interval imageFiles,
    Interval imageBytes,
    Interval growthBytes) {
  /** What the worker reads at once, at most: {@code PageLimit}. */
  private static final double PAGE_ITEMS = 1_000;

  /** A page has at most 1 MB: API reference, Scan; read 2026-11-20. */
  private static final double PAGE_BYTES = 1 << 20;

  /**
   * A Scan reads eventually consistently, half a unit for each 4 KB: developer guide, "DynamoDB
   * provisioned capacity mode"; read 2026-11-20.
   */
  private static final double BYTES_OF_A_READ = 4_096;

  private static final double UNITS_OF_A_READ = 0.5;

  /** What a run over {@code table} needs, by what was seen of it. */
  public static Needs of(TableFacts table, TableSample sample, RunRequest request) {
    double bytes = bytes(table, sample);
    double pages =
        Math.max(
            request.totalSegments(),
            Math.max(sample.tableItems() / PAGE_ITEMS, bytes / PAGE_BYTES));
    // each page's last 4 KB is begun, half of it on average
    double reads = UNITS_OF_A_READ * Math.max(pages, bytes / BYTES_OF_A_READ + pages / 2);
    var written = sample.written();
    var indexes = Interval.ZERO;
    var global = Interval.ZERO;
    for (TableSample.IndexEffects index : sample.indexes()) {
      indexes = indexes.plus(index.units());
      global = index.isGlobal() ? global.plus(index.units()) : global;
    }
    return new Needs(
        Interval.exactly(reads),
        sample.writeUnits(),
        sample.moveUnits(),
        indexes,
        global,
        sample.actionUnits(),
        written,
        sample.tableItems(),
        Math.round(bytes),
        pages,
        request.keepBeforeImages()
            ? new Interval(
                Math.min(pages, written.low() / PAGE_ITEMS),
                Math.min(pages, written.estimate()),
                Math.min(pages, written.high()))
            : Interval.ZERO,
        request.keepBeforeImages() ? sample.imageBytes() : Interval.ZERO,
        sample.growthBytes());
  }

  /** Of the whole table, as DynamoDB has counted; of a table that was read whole, as was seen. */
  private static double bytes(TableFacts table, TableSample sample) {
    return sample.isComplete() && sample.outcome(Outcome.LEFT_OUT).high() == 0 && sample.items() > 0
        ? sample.sizes().before() * sample.items()
        : table.items() > 0
            ? (double) table.bytes() / table.items() * sample.tableItems()
            : sample.sizes().before() * sample.tableItems();
  }

  /** What the run's own budget for writing counts: everything but what replicas take. */
  public Interval allWrites() {
    return tableWrites.plus(indexWrites).plus(actionWrites);
  }

  /** What the table's own capacity takes: its items, and its local indexes. */
  public Interval ofTheTable() {
    return tableWrites.plus(
        new Interval(
            Math.max(0, indexWrites.low() - globalIndexWrites.low()),
            Math.max(0, indexWrites.estimate() - globalIndexWrites.estimate()),
            Math.max(0, indexWrites.high() - globalIndexWrites.high())));
  }
}
