package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.record.FailureRecord;
import dev.godwit.worker.record.RunRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries one page from scanned to written. For each item, in this order:
 *
 * <ol>
 *   <li>the transform decides;
 *   <li>its deferred actions are made durable;
 *   <li>its actions are carried out;
 *   <li>the item itself is written, if it is still what was decided about; if not, back to 1 with
 *       what it is now;
 *   <li>if it cannot be written, a failure record is made durable.
 * </ol>
 *
 * <p>The item's own write comes after its actions because it is what makes the transform answer
 * keep: if the process dies on any line before it, the page is replayed and everything is asked for
 * again; on any line after it, nothing is left to do. Failure records are durable before the caller
 * moves the cursor.
 */
public final class PageMigrator implements PageHandler {
  /** How often an item is decided about again because someone else wrote it in between. */
  static final int MOST_CONFLICTS = 8;

  private final Decider decider;
  private final ChangeWriter writer;
  private final RequestSender sender;
  private final ActionRunner actionRunner;
  private final RunRecords records;
  private final Backoff backoff;

  public PageMigrator(
      Decider decider,
      ChangeWriter writer,
      RequestSender sender,
      ActionRunner actionRunner,
      RunRecords records,
      Backoff backoff) {
    this.decider = decider;
    this.writer = writer;
    this.sender = sender;
    this.actionRunner = actionRunner;
    this.records = records;
    this.backoff = backoff;
  }

  @Override
  public Handled handle(Page page, Optional<Item> cursor, Deadline deadline) {
    var decided = Decided.of(page, decider, deadline);
    var progress = new Progress(cursor);
    decided.decisions().forEach(decision -> progress.decided(decision, 0));
    for (int round = 0; !progress.open.isEmpty(); round++) {
      if (round > 0) {
        backoff.pauseAfter(round);
      }
      progress.round();
    }
    if (!progress.failures.isEmpty()) {
      records.keepFailures(cursor, decided.next(), progress.failures);
    }
    progress.tally.add(sender.takeTally());
    progress.tally.add(Counter.SCANNED, decided.decisions().size());
    progress.tally.add(Counter.FAILED, progress.failures.size());
    return new Handled(
        progress.tally.total(),
        decided.next(),
        progress.failures.stream().findFirst().map(FailureRecord::error));
  }

  /** An item that is not done yet. Its actions are carried out already once {@code prepared}. */
  private record Open(Decision.Wanted wanted, boolean prepared, int conflicts, int busy) {}

  /** What has become of a page's items so far. */
  private final class Progress {
    private final Optional<Item> cursor;
    private final List<FailureRecord> failures = new ArrayList<>();
    private List<Open> open = new ArrayList<>();
    private final Tally.Sum tally = new Tally.Sum();

    Progress(Optional<Item> cursor) {
      this.cursor = cursor;
    }

    void decided(Decision decision, int conflicts) {
      if (decision instanceof Decision.Failed failed) {
        fail(failed.item(), failed.error(), failed.message());
      } else if (decision instanceof Decision.Wanted wanted) {
        if (wanted.write().isEmpty() && wanted.actions().isEmpty() && wanted.deferred().isEmpty()) {
          count(Counter.KEPT);
        } else {
          open.add(new Open(wanted, false, conflicts, 0));
        }
      }
    }

    /**
     * Tries once to finish every open item; those that met a conflict or were throttled stay open.
     */
    void round() {
      var prepared = actionsDone(deferredKept(open));
      open = new ArrayList<>();
      var writes = new ArrayList<Open>();
      for (Open item : prepared) {
        if (item.wanted.write().isPresent()) {
          writes.add(item);
        } else {
          count(Counter.KEPT);
        }
      }
      var outcomes =
          sender.send(
              writes.stream().map(item -> item.wanted.write().orElseThrow()).toList(),
              new RequestSender.Kind<PlannedWrite>(
                  writer.mostPerRequest(), WriteUnits::atMost, WriteUnits::exactly, writer::write));
      for (int i = 0; i < writes.size(); i++) {
        settle(writes.get(i), outcomes.get(i));
      }
    }

    private List<Open> deferredKept(List<Open> items) {
      var deferred = new ArrayList<Action>();
      for (Open item : items) {
        if (!item.prepared) {
          deferred.addAll(item.wanted.deferred());
        }
      }
      if (!deferred.isEmpty()) {
        records.keepDeferred(cursor, deferred);
        tally.add(Counter.DEFERRED, deferred.size());
      }
      return items;
    }

    private List<Open> actionsDone(List<Open> items) {
      var actions = new ArrayList<Action>();
      for (Open item : items) {
        if (!item.prepared) {
          actions.addAll(item.wanted.actions());
        }
      }
      var outcomes = actionRunner.run(actions).iterator();
      var done = new ArrayList<Open>();
      for (Open item : items) {
        Optional<Outcome.Refused> refused = Optional.empty();
        for (int i = 0; !item.prepared && i < item.wanted.actions().size(); i++) {
          if (outcomes.next() instanceof Outcome.Refused first) {
            refused = refused.or(() -> Optional.of(first));
          } else {
            count(Counter.ACTIONS);
          }
        }
        if (refused.isPresent()) {
          fail(
              item.wanted.item(),
              refused.get().error(),
              "An action was refused: " + refused.get().message());
        } else {
          done.add(new Open(item.wanted, true, item.conflicts, item.busy));
        }
      }
      return done;
    }

    private void settle(Open item, Outcome outcome) {
      if (outcome instanceof Outcome.Written) {
        count(
            item.wanted.write().orElseThrow() instanceof PlannedWrite.Delete
                ? Counter.DELETED
                : Counter.UPDATED);
      } else if (outcome instanceof Outcome.Conflict conflict) {
        count(Counter.CONFLICTS);
        afterConflict(item, conflict.current());
      } else if (outcome instanceof Outcome.Refused refused) {
        fail(item.wanted.item(), refused.error(), refused.message());
      } else if (item.busy + 1 < ActionRunner.MOST_TRIES) {
        open.add(new Open(item.wanted, true, item.conflicts, item.busy + 1));
      } else {
        var refused = ActionRunner.stillBusy();
        fail(item.wanted.item(), refused.error(), refused.message());
      }
    }

    private void afterConflict(Open item, Optional<Item> current) {
      if (current.isEmpty()) {
        count(Counter.KEPT); // deleted by someone else: nothing is left to migrate, and nothing is
        // brought back
      } else if (item.conflicts + 1 < MOST_CONFLICTS) {
        decided(decider.decide(current.get()), item.conflicts + 1);
      } else {
        fail(
            current.get(),
            "Conflict",
            "Someone else changed the item each of the "
                + MOST_CONFLICTS
                + " times that it was to be written");
      }
    }

    private void fail(Item item, String error, String message) {
      failures.add(records.failure(decider.keyOf(item), error, message, item));
    }

    private void count(Counter counter) {
      tally.add(counter, 1);
    }
  }
}
