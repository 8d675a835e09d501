package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.record.BeforeImage;
import dev.godwit.worker.record.FailureRecord;
import dev.godwit.worker.record.RunRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries one page from scanned to written. For each item, in this order:
 *
 * <ol>
 *   <li>the transform decides;
 *   <li>its deferred actions are made durable;
 *   <li>its actions are carried out;
 *   <li>if the run keeps before-images, what its write is about to change is made durable;
 *   <li>the item itself is written, if it is still what was decided about; if not, back to 1 with
 *       what it is now; in a run with a target, it is put there as the target's rule says, and what
 *       it meets there is looked at, not decided about;
 *   <li>if it cannot be written, a failure record is made durable.
 * </ol>
 *
 * <p>A before-image whose write was not made does harm only if somebody else has left what the
 * write would have: mostly the item does not hold that, or holds what was there before.
 *
 * <p>The item's own write comes after its actions because it is what makes the transform answer
 * keep: if the process dies on any line before it, the page is replayed and everything is asked for
 * again; on any line after it, nothing is left to do. Failure records are durable before the caller
 * moves the cursor.
 *
 * <p>When time runs out, or the table does not answer, the page ends before the first item that is
 * not done. Items behind that may be done already: who goes on from there decides about them again,
 * as after a crash.
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

  /** Decides for half of the time at most: what is decided about has to be written as well. */
  @Override
  public Handled handle(Page page, Optional<Item> cursor, Duration deciding, Deadline deadline) {
    var decided = Decided.of(page, decider, deadline.halfway().within(deciding));
    var progress = new Progress(decided, cursor);
    progress.run(deadline);
    return progress.handled();
  }

  /**
   * An item that is not done yet.
   *
   * @param position its place in the page
   * @param deferredKept whether its deferred actions are durable
   * @param actionsDone how many of its actions, from the first on, are carried out
   * @param imageKept whether the before-image of its write is durable
   * @param conflicts how often its write has met a conflict
   * @param busy how often it was throttled after others of the page were written
   */
  private record Open(
      int position,
      Decision.Wanted wanted,
      boolean deferredKept,
      int actionsDone,
      boolean imageKept,
      int conflicts,
      int busy) {
    Open afterDeferred() {
      return new Open(position, wanted, true, actionsDone, imageKept, conflicts, busy);
    }

    Open afterActions(int done) {
      return new Open(
          position, wanted, deferredKept, actionsDone + done, imageKept, conflicts, busy);
    }

    Open afterImage() {
      return new Open(position, wanted, deferredKept, actionsDone, true, conflicts, busy);
    }

    Open busyAgain() {
      return new Open(position, wanted, deferredKept, actionsDone, imageKept, conflicts, busy + 1);
    }

    Open conflictAgain() {
      return new Open(position, wanted, deferredKept, actionsDone, imageKept, conflicts + 1, busy);
    }

    PlannedWrite write() {
      return wanted.write().orElseThrow();
    }

    List<Action> actionsLeft() {
      return wanted.actions().subList(actionsDone, wanted.actions().size());
    }
  }

  /**
   * What an item has come to, once it is done.
   *
   * @param gone whether no scan finds it any more under the key that it had
   */
  private record End(Counter counted, boolean gone, @Nullable FailureRecord failure) {
    private static final End UPDATED = new End(Counter.UPDATED, false, null);
    private static final End MOVED = new End(Counter.UPDATED, true, null);
    private static final End DELETED = new End(Counter.DELETED, true, null);

    static End written(PlannedWrite write) {
      if (write instanceof PlannedWrite.Copy) {
        return of(Counter.PUT);
      }
      if (write instanceof PlannedWrite.Delete) {
        return DELETED;
      }
      return write instanceof PlannedWrite.Move ? MOVED : UPDATED;
    }

    static End of(Counter counted) {
      return new End(counted, false, null);
    }
  }

  /** What has become of a page's items so far. */
  private final class Progress {
    private final Decided decided;
    private final Optional<Item> cursor;
    private final @Nullable End[] ends;
    private final List<Action> deferred = new ArrayList<>();
    private final Tally.Sum tally = new Tally.Sum();
    private List<Open> open = new ArrayList<>();
    private @Nullable String deferredFile;
    private @Nullable TableUnavailable trouble;
    private boolean tried;
    private boolean wasThrottled;
    private int written;

    /** How many open items have waited in this round for others to arrive at their key. */
    private int waiting;

    Progress(Decided decided, Optional<Item> cursor) {
      this.decided = decided;
      this.cursor = cursor;
      this.ends = new End[decided.decisions().size()];
      for (int i = 0; i < ends.length; i++) {
        decided(i, decided.decisions().get(i), 0);
      }
    }

    private void decided(int position, Decision decision, int conflicts) {
      if (decision instanceof Decision.Failed failed) {
        fail(position, failed.item(), failed.error(), failed.message());
      } else if (decision instanceof Decision.Gone) {
        ends[position] = End.of(decider.whenGone());
      } else if (decision instanceof Decision.Wanted wanted) {
        if (wanted.isNothing()) {
          ends[position] = End.of(decider.whenNotWritten());
        } else {
          open.add(new Open(position, wanted, false, 0, false, conflicts, 0));
        }
      }
    }

    void run(Deadline deadline) {
      int tries = 0;
      while (!open.isEmpty() && trouble == null) {
        if (tries > 0 && !backoff.pauseAfter(tries, deadline)) {
          return;
        }
        waiting = 0;
        round(deadline);
        boolean hadTheirTurn = waiting < open.size();
        tries += hadTheirTurn ? 1 : 0;
        if (!hadTheirTurn && deadline.isPast()) {
          return;
        }
      }
    }

    /**
     * Tries once to finish every open item; those that met a conflict, were throttled or had no
     * time stay open.
     */
    private void round(Deadline deadline) {
      var items = open;
      open = new ArrayList<>();
      var prepared = actionsDone(deferredKept(inTime(items, deadline)), deadline);
      var writes = new ArrayList<Open>();
      for (Open item : prepared) {
        if (item.wanted.write().isPresent()) {
          writes.add(item);
        } else {
          ends[item.position] = End.of(decider.whenNotWritten());
        }
      }
      var inTime = imagesKept(firstAtTheirKeys(inTime(writes, deadline)));
      if (inTime.isEmpty()) {
        return;
      }
      var sent =
          sender.send(
              inTime.stream().map(Open::write).toList(),
              new RequestSender.Kind<PlannedWrite>(
                  writer.mostPerRequest(), WriteUnits::atMost, WriteUnits::exactly, writer::write),
              deadline);
      sent.trouble().ifPresent(unavailable -> trouble = unavailable);
      for (int i = 0; i < inTime.size(); i++) {
        settle(inTime.get(i), sent.outcomes().get(i), deadline);
      }
    }

    /**
     * The items that there is time for. When there is none, the first item of the page is still
     * tried, so that a slice that could read a page gets on; the others stay open.
     */
    private List<Open> inTime(List<Open> items, Deadline deadline) {
      if (!deadline.isPast() && trouble == null) {
        return items;
      }
      var first = new ArrayList<Open>();
      for (Open item : items) {
        (item.position == 0 && trouble == null ? first : open).add(item);
      }
      return first;
    }

    /**
     * Of the items that come to one key of the run's target the first that is not done: a request
     * takes one for each key, and what is put last stays. The others stay open.
     */
    private List<Open> firstAtTheirKeys(List<Open> items) {
      var arrivals = decider.arrivals();
      if (arrivals.isEmpty()) {
        return items;
      }
      var first = new HashMap<Item, Integer>();
      for (List<Open> some : List.of(open, items)) {
        for (Open item : some) {
          if (item.wanted.write().orElse(null) instanceof PlannedWrite.Copy copy) {
            first.merge(arrivals.get().keyOf(copy), item.position, Math::min);
          }
        }
      }
      var now = new ArrayList<Open>();
      for (Open item : items) {
        var key = arrivals.get().keyOf((PlannedWrite.Copy) item.write());
        if (item.position == first.getOrDefault(key, item.position)) {
          now.add(item);
        } else {
          open.add(item);
          waiting++;
        }
      }
      return now;
    }

    /** One file for the page: with every round it is written anew, whole. */
    private List<Open> deferredKept(List<Open> items) {
      int before = deferred.size();
      for (Open item : items) {
        if (!item.deferredKept) {
          deferred.addAll(item.wanted.deferred());
        }
      }
      if (deferred.size() > before) {
        deferredFile = deferredFile == null ? records.nextDeferredFile() : deferredFile;
        records.keepDeferred(deferredFile, deferred);
        tally.add(Counter.DEFERRED, deferred.size() - before);
      }
      return items.stream().map(Open::afterDeferred).toList();
    }

    /**
     * One file for each round: most have one, those whose writes met conflicts more. Moves have one
     * of their own behind it: an item may move where another is deleted, and has to make room
     * before that one comes back.
     */
    private List<Open> imagesKept(List<Open> items) {
      if (!records.keepsBeforeImages()) {
        return items;
      }
      var inPlace = new ArrayList<BeforeImage>();
      var moves = new ArrayList<BeforeImage>();
      for (Open item : items) {
        if (!item.imageKept) {
          (item.write() instanceof PlannedWrite.Move ? moves : inPlace)
              .add(decider.planner().imageOf(item.write()));
        }
      }
      for (List<BeforeImage> images : List.of(inPlace, moves)) {
        if (!images.isEmpty()) {
          tally.add(records.keepBeforeImages(images));
        }
      }
      return items.stream().map(Open::afterImage).toList();
    }

    /** Carries out actions for half of the time at most; their items have to be written as well. */
    private List<Open> actionsDone(List<Open> items, Deadline deadline) {
      var actions = new ArrayList<Action>();
      items.forEach(item -> actions.addAll(item.actionsLeft()));
      if (actions.isEmpty()) {
        return items;
      }
      var run = actionRunner.run(actions, deadline.halfway());
      run.trouble().ifPresent(unavailable -> trouble = unavailable);
      var outcomes = run.outcomes().iterator();
      var done = new ArrayList<Open>();
      for (Open item : items) {
        actionsDone(item, outcomes).ifPresent(done::add);
      }
      return done;
    }

    /**
     * Takes as many outcomes as {@code item} had actions left; empty unless all are carried out.
     */
    private Optional<Open> actionsDone(Open item, Iterator<Outcome> outcomes) {
      Outcome.Refused refused = null;
      boolean busy = false;
      int left = item.actionsLeft().size();
      int done = 0;
      for (int i = 0; i < left; i++) {
        var outcome = outcomes.next();
        tried |= !(outcome instanceof Outcome.Unsettled);
        busy |= outcome instanceof Outcome.Busy;
        if (outcome instanceof Outcome.Refused first && refused == null) {
          refused = first;
        }
        if (outcome instanceof Outcome.Written) {
          tally.add(Counter.ACTIONS, 1);
          written++;
          done += done == i ? 1 : 0;
        }
      }
      if (refused != null) {
        var ofItem = ActionRunner.ofItem(refused);
        fail(item.position, item.wanted.item(), ofItem.error(), ofItem.message());
        return Optional.empty();
      }
      var after = item.afterActions(done);
      if (done == left) {
        return Optional.of(after);
      }
      open.add(busy && written > 0 ? after.busyAgain() : after);
      wasThrottled |= busy;
      return Optional.empty();
    }

    private void settle(Open item, Outcome outcome, Deadline deadline) {
      tried |= !(outcome instanceof Outcome.Unsettled);
      if (outcome instanceof Outcome.Written) {
        ends[item.position] = End.written(item.write());
        written++;
        if (records.isOfCanary() && !(item.write() instanceof PlannedWrite.Copy)) {
          tally.add(
              Counter.GROWTH_BYTES, new Rehearsed.Done(item.wanted, Counter.UPDATED).growthBytes());
        }
        if (item.write() instanceof PlannedWrite.Copy copy) {
          decider.arrivals().orElseThrow().arrived(copy);
        }
      } else if (outcome instanceof Outcome.Conflict conflict
          && item.write() instanceof PlannedWrite.Copy copy) {
        afterMeeting(item, copy, conflict.current());
      } else if (outcome instanceof Outcome.Conflict conflict) {
        tally.add(Counter.CONFLICTS, 1);
        afterConflict(item, conflict.current(), deadline);
      } else if (outcome instanceof Outcome.Refused refused) {
        if (decider.mayComeFree(refused) && item.conflicts + 1 < MOST_CONFLICTS) {
          open.add(item.conflictAgain());
        } else {
          fail(item.position, item.wanted.item(), refused.error(), refused.message());
        }
      } else if (outcome instanceof Outcome.Busy) {
        open.add(written > 0 ? item.busyAgain() : item);
        wasThrottled = true;
      } else if (outcome instanceof Outcome.Unsettled) {
        open.add(item);
      } else {
        throw new AssertionError(outcome);
      }
    }

    /** What a put has met decides, if it is known; if not, it is asked for again. */
    private void afterMeeting(Open item, PlannedWrite.Copy copy, Optional<Item> there) {
      if (there.isPresent()) {
        var refusal = decider.arrivals().orElseThrow().refusal(copy, there.get());
        ends[item.position] =
            refusal
                .map(
                    why ->
                        new End(
                            Counter.FAILED,
                            false,
                            failure(item.wanted.item(), why)
                                .from(decider.from(decided.page().items().get(item.position)))))
                .orElseGet(() -> End.of(Counter.THERE_ALREADY));
        written++;
      } else if (item.conflicts + 1 >= MOST_CONFLICTS) {
        fail(
            item.position,
            item.wanted.item(),
            "Conflict",
            "Something was in the way each of the "
                + MOST_CONFLICTS
                + " times that the item was to be put, and was gone when it was looked at");
      } else {
        open.add(item.conflictAgain());
      }
    }

    private FailureRecord failure(Item item, Arrivals.Refusal why) {
      return records.failure(
          decider.planner().keyOf(item),
          why.error(),
          why.message(),
          item,
          why.key(),
          why.otherKey());
    }

    private void afterConflict(Open item, Optional<Item> current, Deadline deadline) {
      boolean isLast = item.conflicts + 1 >= MOST_CONFLICTS;
      // What a put has met is there, though the answer does not say what it is.
      boolean isGone = current.isEmpty() && !(item.write() instanceof PlannedWrite.Put && isLast);
      if (isGone) {
        gone(item);
      } else if (isLast) {
        fail(
            item.position,
            current.orElse(item.wanted.item()),
            "Conflict",
            "Someone else changed the item each of the "
                + MOST_CONFLICTS
                + " times that it was to be written");
      } else if (deadline.isPast()) {
        open.add(item);
      } else {
        decided(item.position, decider.decide(current.orElseThrow()), item.conflicts + 1);
      }
    }

    private void gone(Open item) {
      var decision = decider.gone(item.wanted.item());
      if (decision instanceof Decision.Wanted wanted && wanted.isNothing()) {
        ends[item.position] = End.of(decider.whenGone());
      } else {
        decided(item.position, decision, item.conflicts + 1);
      }
    }

    private void fail(int position, Item item, String error, String message) {
      ends[position] =
          new End(
              Counter.FAILED,
              false,
              records
                  .failure(decider.planner().keyOf(item), error, message, item)
                  .from(decider.from(decided.page().items().get(position))));
    }

    /**
     * Ends the page before the first item that is not done. What lies behind that is scanned again,
     * and counted then; but for what is gone.
     */
    Handled handled() {
      if (ends.length > 0 && ends[0] == null && ActionRunner.isTaken(written, open.size())) {
        giveUpTheBusiest();
      }
      var failures = new ArrayList<FailureRecord>();
      int finished = 0;
      for (; finished < ends.length; finished++) {
        var end = ends[finished];
        if (end == null) {
          break;
        }
        tally.add(end.counted, 1);
        if (end.failure != null) {
          failures.add(end.failure);
        }
      }
      for (int behind = finished; behind < ends.length; behind++) {
        var end = ends[behind];
        if (end != null && end.gone) {
          tally.add(end.counted, 1);
        }
      }
      var next = decided.next(finished, decider, cursor);
      if (finished > 0 || decided.page().items().isEmpty()) {
        records.keepFailures(cursor, next, failures);
      }
      tally.add(sender.takeTally());
      return new Handled(
          scanned(tally.total()),
          finished,
          next,
          failures.stream().findFirst().map(FailureRecord::error),
          finished > 0 || ends.length == 0 ? Optional.empty() : whyStuck());
    }

    /** The table takes other writes, but not these, for as long as the slice had. */
    private void giveUpTheBusiest() {
      var refused = ActionRunner.stillBusy();
      for (Open item : open) {
        if (item.busy >= ActionRunner.MOST_TRIES) {
          fail(item.position, item.wanted.item(), refused.error(), refused.message());
        }
      }
    }

    private Optional<TableUnavailable> whyStuck() {
      if (trouble != null) {
        return Optional.of(trouble);
      }
      if (wasThrottled) {
        return Optional.of(
            new TableUnavailable(
                "DynamoDB throttled the writes of the next item for as long as the slice had; give the"
                    + " table, or the one that an action writes to, more capacity",
                null));
      }
      return tried
          ? Optional.of(
              new TableUnavailable(
                  "The slice had not time enough to finish one item with its actions; give slices"
                      + " more seconds, or the run a larger budget",
                  null))
          : Optional.empty();
    }
  }

  /** Each item that was done is one that was scanned. */
  private static Tally scanned(Tally tally) {
    return tally.plus(
        Counter.SCANNED,
        tally.amount(Counter.KEPT)
            + tally.amount(Counter.GONE)
            + tally.amount(Counter.UPDATED)
            + tally.amount(Counter.DELETED)
            + tally.amount(Counter.PUT)
            + tally.amount(Counter.THERE_ALREADY)
            + tally.amount(Counter.LEFT_OUT)
            + tally.amount(Counter.FAILED));
  }
}
