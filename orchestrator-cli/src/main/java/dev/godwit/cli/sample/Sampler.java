package dev.godwit.cli.sample;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.RunRequest;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.write.ItemRehearsal;
import dev.godwit.worker.write.TransformDecider;
import dev.godwit.worker.write.WritePlanner;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Looks at some items of a table, and has the migration's own transform and the dry run's own
 * planner say what would become of them. Reads only.
 */
public final class Sampler {
  /** What a page of the worker has at most. */
  private static final int PAGE_ITEMS = 1_000;

  /** How long a table that throttles is asked again. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final DynamoDbConnection connection;
  private final TableFacts table;

  public Sampler(DynamoDbConnection connection, TableFacts table) {
    this.connection = connection;
    this.table = table;
  }

  /**
   * What is looked at.
   *
   * @param items at least 1; so many, or a few more or less; all if the table holds no more
   * @param tableItems how many items the table holds, where its user knows better than DynamoDB,
   *     which counts them every six hours or so
   * @param seed of what is random about it
   */
  public record Extent(long items, OptionalLong tableItems, long seed) {
    public Extent {
      if (items < 1) {
        throw new IllegalArgumentException("at least 1 item has to be looked at, not " + items);
      }
    }
  }

  /**
   * Looks at items.
   *
   * @param request the run that is planned
   * @param transform of its migration, in its direction
   * @param filter which items it is offered
   * @throws CommandFailed when the table cannot be read, or nobody knows how many items it holds
   */
  public TableSample look(
      RunRequest request,
      ItemTransform transform,
      Optional<ScanFilter> filter,
      Instant startedAt,
      Extent extent) {
    long tableItems = extent.tableItems().orElse(table.items());
    var sampling = Sampling.of(extent.items(), tableItems, new Random(extent.seed()));
    var planner =
        new WritePlanner(
            table.keys(),
            request.guard(),
            request
                .stamp()
                .map(
                    attribute ->
                        WritePlanner.Stamp.of(
                            attribute, request.migration(), request.direction())));
    var decider =
        new TransformDecider(
            transform,
            new TransformContext(request.runId(), startedAt, request.parameters()),
            planner);
    var observed = new Observed(table, startedAt);
    try (var database = new DynamoDbDatabase(connection.service(), false)) {
      var deadline = new SliceDeadline(PATIENCE, System::nanoTime, () -> Long.MAX_VALUE);
      var budget =
          request.readUnitsPerSecond().isPresent()
              ? OptionalDouble.of(request.readUnitsPerSecond().getAsInt())
              : OptionalDouble.empty();
      var pace = new Pace(new Pacer(budget, Timer.SYSTEM), deadline);
      var rehearsal =
          ItemRehearsal.of(
              decider,
              database.changes(table.name(), table.keys(), request.guard(), deadline),
              database.actions(deadline));
      var reading = new Reading(sampling, observed, rehearsal);
      for (int segment : sampling.segments()) {
        reading.segment(
            (cursor, limit) ->
                database
                    .segment(table.name(), segment, sampling.totalSegments(), filter, pace)
                    .read(cursor, limit));
        if (reading.isStopped) {
          break;
        }
      }
      return sample(reading, sampling, observed, tableItems);
    } catch (WorkerException e) {
      throw new CommandFailed(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private TableSample sample(
      Reading reading, Sampling sampling, Observed observed, long tableItems) {
    boolean isComplete = sampling.isWhole() && !reading.isStopped;
    if (sampling.isWhole() && !isComplete) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          String.format(
              Locale.ROOT,
              "The table %s holds more than the %,d items that %s; say with --items how many it"
                  + " holds, or look at more with --sample",
              table.name(),
              tableItems,
              tableItems == table.items()
                  ? "DynamoDB has counted, which it does every six hours or so"
                  : "--items says"));
    }
    if (observed.items() == 0 && !isComplete) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          String.format(
              Locale.ROOT,
              "None of %,d parts of the table %s had an item, though it is said to hold %,d; say with"
                  + " --items how many it holds",
              sampling.segments().size(),
              table.name(),
              tableItems));
    }
    return observed.sample(tableItems, sampling.totalSegments(), isComplete, reading.units);
  }

  /** The pages of one segment. */
  private interface Pages {
    Optional<Page> read(Optional<Item> cursor, OptionalInt limit);
  }

  /** What is read. */
  private static final class Reading {
    private final Sampling sampling;
    private final Observed observed;
    private final ItemRehearsal rehearsal;
    private double units;
    private boolean isStopped;

    Reading(Sampling sampling, Observed observed, ItemRehearsal rehearsal) {
      this.sampling = sampling;
      this.observed = observed;
      this.rehearsal = rehearsal;
    }

    void segment(Pages pages) {
      long before = observed.items();
      long most = sampling.itemsASegment() - (sampling.isWhole() ? before : 0);
      Optional<Item> cursor = Optional.empty();
      boolean isFinished = false;
      while (!isFinished && observed.items() - before < most) {
        long left = most - (observed.items() - before);
        var read = pages.read(cursor, OptionalInt.of((int) Math.min(left, PAGE_ITEMS)));
        if (read.isEmpty()) {
          throw new CommandFailed(
              ExitCode.UNREACHABLE,
              "The table throttles even a sample; try again later, or look at less with --sample");
        }
        var page = read.get();
        units += page.readUnits();
        observed.page(page.items(), page.examined(), rehearsal);
        cursor = page.next();
        isFinished = cursor.isEmpty();
      }
      observed.endSegment(isFinished);
      isStopped = sampling.isWhole() && !isFinished;
    }
  }
}
