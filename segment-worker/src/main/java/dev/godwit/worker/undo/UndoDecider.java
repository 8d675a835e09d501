package dev.godwit.worker.undo;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.WrongTypeException;
import dev.godwit.run.Guard;
import dev.godwit.worker.record.BeforeImage;
import dev.godwit.worker.write.Decider;
import dev.godwit.worker.write.Decision;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import dev.godwit.worker.write.WritePlanner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides to take back what a run has written, where what it left is still there. What somebody has
 * changed since stays, as a failure record {@code ChangedSince}.
 *
 * <p>Used by one slice, from one thread.
 */
final class UndoDecider implements Decider {
  /** What an item is on record with that is neither as the run left it nor as it was before. */
  static final String CHANGED_SINCE = "ChangedSince";

  /** Keys of items that are remembered: about 4 MB. */
  private static final int MOST_REMEMBERED = 20_000;

  private final UndoPages pages;
  private final WritePlanner planner;

  /** The items that were decided about, each with what decided last. */
  private final Map<Item, Decided> decided = new Remembered();

  UndoDecider(UndoPages pages, WritePlanner planner) {
    this.pages = pages;
    this.planner = planner;
  }

  /**
   * What has decided about an item.
   *
   * @param file whose before-images
   * @param images of the item
   */
  private record Decided(String file, List<BeforeImage> images) {}

  private static final class Remembered extends LinkedHashMap<Item, Decided> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Item, Decided> eldest) {
      return size() > MOST_REMEMBERED;
    }
  }

  /** Items of one page may move where others come from. */
  @Override
  public boolean mayComeFree(Outcome.Refused refused) {
    return refused.error().equals(Outcome.Refused.TARGET_EXISTS);
  }

  @Override
  public WritePlanner planner() {
    return planner;
  }

  @Override
  public Item cursorAfter(Item item) {
    return pages.cursorAfter(planner.keyOf(item));
  }

  @SuppressWarnings("ReferenceEquality") // an item that came since may be its key alone as well
  @Override
  public Decision decide(Item item) {
    var seen = pages.seen(planner.keyOf(item));
    boolean isThere = item != seen.item() || seen.isThere();
    return decide(item, isThere ? Optional.of(item) : Optional.empty(), seen);
  }

  @Override
  public Decision gone(Item item) {
    var key = planner.keyOf(item);
    return decide(key, Optional.empty(), pages.gone(key));
  }

  private Decision decide(Item item, Optional<Item> now, UndoPages.Seen seen) {
    try {
      var back = seen.place().takenBack(now);
      if (back.isPresent()) {
        return wanted(item, now, back.get().item());
      }
      return seen.place().isBack(now, seen.before(), version()) || isOfAnother(seen)
          ? Decision.Wanted.keep(item)
          : new Decision.Failed(
              item,
              CHANGED_SINCE,
              "The item is neither as the run left it nor as it was before; it stays as it is");
    } catch (IllegalArgumentException | WrongTypeException e) {
      // what others have written since cannot be read as it has to be
      return new Decision.Failed(item, e.getClass().getName(), String.valueOf(e.getMessage()));
    } finally {
      remember(seen);
    }
  }

  private Optional<String> version() {
    return planner.guard() instanceof Guard.Version version
        ? Optional.of(version.attribute())
        : Optional.empty();
  }

  private Decision wanted(Item item, Optional<Item> now, Optional<Item> back) {
    Optional<PlannedWrite> write;
    if (back.isEmpty()) {
      write = now.flatMap(there -> planner.plan(there, Change.delete()));
    } else if (now.isEmpty()) {
      write = Optional.of(new PlannedWrite.Put(item, back.get()));
    } else {
      write = planner.plan(now.get(), Change.replace(back.get()));
    }
    return new Decision.Wanted(item, write, List.of(), List.of());
  }

  private void remember(UndoPages.Seen seen) {
    for (BeforeImage image : seen.place().images()) {
      decided.putIfAbsent(image.key(), new Decided(seen.file().key(), seen.place().images()));
    }
  }

  /**
   * Whether a file that was written later has decided about the same. A write that a crash or a
   * conflict kept from being made has its before-image in an earlier file than the write that was
   * made instead, and what it would have left is not there.
   */
  private boolean isOfAnother(UndoPages.Seen seen) {
    return seen.place().images().stream()
        .anyMatch(
            image -> {
              var later = decided.get(image.key());
              return later != null
                  && !later.file.equals(seen.file().key())
                  && later.images.stream().anyMatch(image::isCoveredBy);
            });
  }
}
