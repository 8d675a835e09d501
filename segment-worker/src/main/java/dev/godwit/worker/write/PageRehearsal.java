package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.record.BeforeImage;
import dev.godwit.worker.record.FailureRecord;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.record.SampleRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about a page and writes nothing to any table: counts what would be done and what it would
 * cost, foresees what would be refused, and samples. For dry runs and for verification.
 */
public final class PageRehearsal implements PageHandler {
  private final Decider decider;
  private final Optional<Foresight> foresight;
  private final RunRecords records;
  private int samplesLeft;

  private PageRehearsal(
      Decider decider, Optional<Foresight> foresight, RunRecords records, int samples) {
    this.decider = decider;
    this.foresight = foresight;
    this.records = records;
    this.samplesLeft = samples;
  }

  /**
   * A rehearsal of the run with these writers, which are asked what they would refuse, and to write
   * nothing.
   *
   * @param samples how many changed items it samples at most, all of them from its first page with
   *     a change
   */
  public static PageRehearsal dryRun(
      Decider decider,
      ChangeWriter writer,
      ActionWriter actionWriter,
      RunRecords records,
      int samples) {
    var foresight = new Foresight(decider, writer, actionWriter);
    return new PageRehearsal(decider, Optional.of(foresight), records, samples);
  }

  /**
   * One that counts every change that the transform still wants, whether it could be made or not.
   */
  public static PageRehearsal verification(Decider decider, RunRecords records, int samples) {
    return new PageRehearsal(decider, Optional.empty(), records, samples);
  }

  @Override
  public Handled handle(Page page, Optional<Item> cursor, Duration deciding, Deadline deadline) {
    var decided = Decided.of(page, decider, deadline.within(deciding));
    var failures = new ArrayList<FailureRecord>();
    var samples = new ArrayList<SampleRecord>();
    var images = new ArrayList<BeforeImage>();
    var tally = new Tally.Sum();
    tally.add(Counter.SCANNED, decided.decisions().size());
    foresight.ifPresent(it -> it.see(decided.decisions().stream().map(Decision::item).toList()));
    for (Decision decision : decided.decisions()) {
      if (decision instanceof Decision.Failed failed) {
        failures.add(failure(failed.item(), failed.error(), failed.message()));
      } else if (decision instanceof Decision.Wanted wanted) {
        var refused = foresight.flatMap(it -> it.of(wanted));
        if (refused.isPresent()) {
          tally.add(Counter.TOO_LARGE, refused.get().error().equals(ItemLimits.TOO_LARGE) ? 1 : 0);
          failures.add(failure(wanted.item(), refused.get().error(), refused.get().message()));
          continue;
        }
        tally.add(counted(wanted));
        if (wanted.write().isPresent() && records.keepsBeforeImages()) {
          images.add(decider.planner().imageOf(wanted.write().get()));
        }
        if (wanted.write().isPresent() && samples.size() < samplesLeft) {
          samples.add(
              new SampleRecord(
                  decider.planner().keyOf(wanted.item()),
                  wanted.item(),
                  after(wanted.write().get())));
        }
      }
    }
    int finished = decided.decisions().size();
    var next = decided.next(finished, decider, cursor);
    records.keepFailures(cursor, next, failures);
    if (!samples.isEmpty()) {
      records.keepSamples(cursor, samples);
      samplesLeft = 0;
    }
    if (!images.isEmpty()) {
      tally.add(RunRecords.sizeOf(images));
    }
    tally.add(Counter.FAILED, failures.size());
    return new Handled(
        tally.total(),
        finished,
        next,
        failures.stream().findFirst().map(FailureRecord::error),
        Optional.empty());
  }

  private FailureRecord failure(Item item, String error, String message) {
    return records.failure(decider.planner().keyOf(item), error, message, item);
  }

  private static Tally counted(Decision.Wanted wanted) {
    var tally =
        Tally.of(Counter.ACTIONS, wanted.actions().size())
            .plus(Counter.DEFERRED, wanted.deferred().size());
    for (List<Action> actions : List.of(wanted.actions(), wanted.deferred())) {
      for (Action action : actions) {
        tally = tally.plus(Counter.WRITE_UNITS, WriteUnits.exactly(action));
      }
    }
    if (wanted.write().isEmpty()) {
      return tally.plus(Counter.KEPT, 1);
    }
    var write = wanted.write().get();
    long before = wanted.item().sizeBytes();
    long after = after(write).map(Item::sizeBytes).orElse(0L);
    return tally
        .plus(write instanceof PlannedWrite.Delete ? Counter.DELETED : Counter.UPDATED, 1)
        .plus(Counter.WRITE_UNITS, WriteUnits.exactly(write))
        .plus(Counter.GROWTH_BYTES, (double) (after - before));
  }

  private static Optional<Item> after(PlannedWrite write) {
    if (write instanceof PlannedWrite.Update update) {
      return Optional.of(update.result());
    }
    if (write instanceof PlannedWrite.Move move) {
      return Optional.of(move.result());
    }
    return write instanceof PlannedWrite.Put put ? Optional.of(put.result()) : Optional.empty();
  }
}
