package dev.godwit.testkit;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.TransformContext;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a transform did to one sample item, and assertions about it. Each assertion throws {@link
 * AssertionError} with the names of the attributes concerned, and answers this outcome otherwise.
 */
public final class Outcome {
  private final ItemTransform transform;
  private final TransformContext context;
  private final Item before;
  private final @Nullable Change change;
  private final @Nullable Exception failure;

  private Outcome(
      ItemTransform transform,
      TransformContext context,
      Item before,
      @Nullable Change change,
      @Nullable Exception failure) {
    this.transform = transform;
    this.context = context;
    this.before = before;
    this.change = change;
    this.failure = failure;
  }

  @SuppressWarnings(
      "NullAway") // a transform is user code, and may break the rule never to answer null
  static Outcome of(ItemTransform transform, TransformContext context, Item item) {
    try {
      Change change = transform.apply(item, context);
      return change == null
          ? new Outcome(
              transform,
              context,
              item,
              null,
              new NullPointerException("The transform answered null; answer Change.keep()"))
          : new Outcome(transform, context, item, change, null);
    } catch (Exception e) {
      return new Outcome(transform, context, item, null, e);
    }
  }

  /** Why the item would become a failure record; empty when it would not. */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * What the transform answered.
   *
   * @throws AssertionError when it threw or answered null
   */
  public Change change() {
    if (change == null) {
      throw new AssertionError("The transform failed: " + failure, failure);
    }
    return change;
  }

  /** The item as it would be stored afterwards; empty when it would be deleted. */
  public Optional<Item> itemAfter() {
    if (change() instanceof Change.Delete) {
      return Optional.empty();
    }
    var after = change() instanceof Change.Replace replace ? replace.item() : before;
    return Optional.of(StoredItem.of(after).fresh());
  }

  /** The attributes that would be written; none when the item is kept or deleted. */
  public Item.Difference difference() {
    return itemAfter().orElse(before).differenceFrom(before);
  }

  /**
   * The attributes that the write would be guarded by under {@code read-set}: those that the
   * transform asked for, absent ones included, and those that it sets or removes. If anybody
   * changes one of them in between, the item is decided again.
   */
  public Set<String> guardedBy() {
    var guarded = new LinkedHashSet<>(before.reads());
    guarded.addAll(difference().set());
    guarded.addAll(difference().removed());
    return Collections.unmodifiableSet(guarded);
  }

  /** Asserts that nothing would be written to the item: it is kept, or replaced by an equal one. */
  public Outcome assertKept() {
    if (itemAfter().isEmpty()) {
      throw new AssertionError("The item is deleted, not kept");
    }
    if (!difference().isEmpty()) {
      throw new AssertionError("The item is not kept: " + told(difference()));
    }
    return this;
  }

  /** Asserts that the item would be stored as {@code expected} afterwards. */
  public Outcome assertBecomes(Item expected) {
    var after = itemAfter().orElseThrow(() -> new AssertionError("The item is deleted"));
    var difference = after.differenceFrom(expected);
    if (!difference.isEmpty()) {
      var wrong = new TreeSet<>(difference.set());
      wrong.removeIf(name -> !expected.has(name));
      var tooMany = new TreeSet<>(difference.set());
      tooMany.removeAll(wrong);
      throw new AssertionError(
          "The item becomes another one than expected: missing "
              + new TreeSet<>(difference.removed())
              + ", too many "
              + tooMany
              + ", other values in "
              + wrong);
    }
    return this;
  }

  /** Asserts that the item would be deleted. */
  public Outcome assertDeleted() {
    if (itemAfter().isPresent()) {
      throw new AssertionError("The item is not deleted");
    }
    return this;
  }

  /** Asserts that exactly these actions would go before the item's own write, in this order. */
  public Outcome assertActions(Action... expected) {
    return assertEqual("actions", change().actions(), List.of(expected));
  }

  /** Asserts that exactly these actions would wait for the end of the scan, in this order. */
  public Outcome assertDeferred(Action... expected) {
    return assertEqual("deferred actions", change().deferred(), List.of(expected));
  }

  /** Asserts that the write would be guarded by exactly these attributes. */
  public Outcome assertGuardedBy(String... names) {
    var expected = new TreeSet<>(List.of(names));
    var found = new TreeSet<>(guardedBy());
    if (!found.equals(expected)) {
      throw new AssertionError("The write is guarded by " + found + ", not by " + expected);
    }
    return this;
  }

  /**
   * Asserts that the transform keeps what it made: it is applied to its own output, as a run that
   * is interrupted and repeated does.
   *
   * <p>This cannot tell whether an action is the same done twice.
   */
  public Outcome assertIdempotent() {
    var once = itemAfter();
    if (once.isEmpty()) {
      return this;
    }
    var twice = of(transform, context, once.get());
    if (twice.change == null) {
      throw new AssertionError(
          "The transform is not idempotent: applied to its own output it fails: " + twice.failure,
          twice.failure);
    }
    if (twice.itemAfter().isEmpty()) {
      throw new AssertionError(
          "The transform is not idempotent: applied to its own output it deletes the item");
    }
    if (!twice.difference().isEmpty()) {
      throw new AssertionError(
          "The transform is not idempotent: applied to its own output it "
              + told(twice.difference())
              + "; answer Change.keep() for an item that is in the new form");
    }
    return this;
  }

  /** Asserts that the item would become a failure record, for an exception of this type. */
  public Outcome assertFails(Class<? extends Exception> type) {
    if (change != null) {
      throw new AssertionError("The transform does not fail");
    }
    if (!type.isInstance(failure)) {
      throw new AssertionError("The transform fails otherwise: " + failure, failure);
    }
    return this;
  }

  private Outcome assertEqual(String what, List<Action> found, List<Action> expected) {
    if (!found.equals(expected)) {
      throw new AssertionError(
          "The " + what + " are " + found + ", not " + expected + " (only names are shown)");
    }
    return this;
  }

  private static String told(Item.Difference difference) {
    return "sets "
        + new TreeSet<>(difference.set())
        + " and removes "
        + new TreeSet<>(difference.removed());
  }
}
