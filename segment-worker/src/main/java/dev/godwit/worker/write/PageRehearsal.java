package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.record.BeforeImage;
import dev.godwit.worker.record.FailureRecord;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.record.SampleRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides about a page and writes nothing to any table: counts what would be done and what it would
 * cost, foresees what would be refused, and samples. For dry runs and for verification.
 */
public final class PageRehearsal implements PageHandler {
  private final Decider decider;
  private final ItemRehearsal rehearsal;
  private final RunRecords records;
  private int samplesLeft;

  private PageRehearsal(Decider decider, ItemRehearsal rehearsal, RunRecords records, int samples) {
    this.decider = decider;
    this.rehearsal = rehearsal;
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
    return new PageRehearsal(
        decider, ItemRehearsal.of(decider, writer, actionWriter), records, samples);
  }

  /**
   * The same of a run with a target.
   *
   * @param byKey reads items of the target by their keys, those that are there
   */
  public static PageRehearsal dryRun(
      Decider decider,
      ChangeWriter writer,
      ActionWriter actionWriter,
      Function<List<Item>, PageSource> byKey,
      RunRecords records,
      int samples) {
    var arrivals = decider.arrivals().orElseThrow();
    return new PageRehearsal(
        decider,
        ItemRehearsal.of(decider, new TargetForesight(arrivals, writer, actionWriter, byKey)),
        records,
        samples);
  }

  /**
   * One that holds a run's target against what the transform makes of each item. In the check of a
   * canary, which asks whether the run has done what it should, what the run's rule leaves there is
   * right, too.
   *
   * @param byKey reads items of the target by their keys, those that are there
   */
  public static PageRehearsal verification(
      Decider decider, Function<List<Item>, PageSource> byKey, RunRecords records, int samples) {
    var comparison =
        new TargetComparison(decider.arrivals().orElseThrow(), byKey, records.isOfCanary());
    return new PageRehearsal(decider, ItemRehearsal.of(decider, comparison), records, samples);
  }

  /**
   * One that counts every change that the transform still wants, whether it could be made or not.
   */
  public static PageRehearsal verification(Decider decider, RunRecords records, int samples) {
    return new PageRehearsal(decider, ItemRehearsal.ofChanges(decider), records, samples);
  }

  @Override
  public Handled handle(Page page, Optional<Item> cursor, Duration deciding, Deadline deadline) {
    var all = Decided.of(page, decider, deadline.within(deciding));
    var decided = all.first(rehearsal.look(all.decisions()));
    var failures = new ArrayList<FailureRecord>();
    var samples = new ArrayList<SampleRecord>();
    var images = new ArrayList<BeforeImage>();
    var tally = new Tally.Sum();
    tally.add(rehearsal.takeTally());
    tally.add(Counter.SCANNED, decided.decisions().size());
    for (Decision decision : decided.decisions()) {
      var rehearsed = rehearsal.of(decision);
      if (rehearsed instanceof Rehearsed.Failed failed) {
        tally.add(
            Counter.TOO_LARGE,
            failed.foreseen() && failed.error().equals(ItemLimits.TOO_LARGE) ? 1 : 0);
        failures.add(failure(failed).from(decider.from(failed.item())));
      } else if (rehearsed instanceof Rehearsed.Done done) {
        tally.add(counted(done));
        if (done.write().isPresent() && records.keepsBeforeImages()) {
          images.add(rehearsal.imageOf(done.write().get()));
        }
        if (done.isChange() && samples.size() < samplesLeft) {
          samples.add(
              new SampleRecord(decider.planner().keyOf(done.item()), done.before(), done.after()));
        }
      }
    }
    int finished = decided.decisions().size();
    var next = decided.next(finished, decider, cursor);
    if (finished > 0 || page.items().isEmpty()) {
      records.keepFailures(cursor, next, failures);
    }
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

  private FailureRecord failure(Rehearsed.Failed failed) {
    var key = decider.planner().keyOf(failed.item());
    return failed
        .targetKey()
        .map(
            targetKey ->
                records.failure(
                    key,
                    failed.error(),
                    failed.message(),
                    failed.item(),
                    targetKey,
                    failed.otherKey()))
        .orElseGet(() -> records.failure(key, failed.error(), failed.message(), failed.item()));
  }

  private static Tally counted(Rehearsed.Done done) {
    var tally =
        Tally.of(Counter.ACTIONS, done.wanted().actions().size())
            .plus(Counter.DEFERRED, done.wanted().deferred().size())
            .plus(Counter.WRITE_UNITS, done.actionUnits())
            .plus(done.counted(), 1)
            .plus(Counter.WRITE_UNITS, done.writeUnits());
    return done.isChange() ? tally.plus(Counter.GROWTH_BYTES, done.growthBytes()) : tally;
  }
}
