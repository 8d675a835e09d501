package dev.godwit.migration;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A write to any table, asked for by a transform beside its item's own fate.
 *
 * <p>An action may be carried out more than once, so prefer one that is the same done twice: {@link
 * #putIfAbsent}, a {@link #put} of an item that depends on the scanned one alone, an {@link
 * #update} that sets.
 */
public sealed interface Action {
  /** The table written to; it must have been granted to the worker. */
  String table();

  /** Writes {@code item} whole, over whatever is stored under its key. */
  static Action put(String table, Item item) {
    return new Put(table, item);
  }

  /** Writes {@code item} whole where nothing is stored under its key; otherwise does nothing. */
  static Action putIfAbsent(String table, Item item) {
    return new PutIfAbsent(table, item);
  }

  /**
   * Sets attributes of the item with the given key, which is created where it is missing.
   *
   * @param key the key attributes and nothing else
   * @param attributes what to set; with nothing to set or remove, an item that is there stays as it
   *     is
   */
  static Update update(String table, Item key, Item attributes) {
    return new Update(table, key, attributes, Set.of());
  }

  /** Deletes the item with the given key, if it is there. */
  static Action delete(String table, Item key) {
    return new Delete(table, key);
  }

  /** Write an item whole, over whatever is there. */
  record Put(String table, Item item) implements Action {
    public Put {
      Objects.requireNonNull(table, "The action has no table");
      Objects.requireNonNull(item, "The action has no item");
    }
  }

  /** Write an item where there is none. */
  record PutIfAbsent(String table, Item item) implements Action {
    public PutIfAbsent {
      Objects.requireNonNull(table, "The action has no table");
      Objects.requireNonNull(item, "The action has no item");
    }
  }

  /** Set and remove attributes of an item. */
  record Update(String table, Item key, Item attributes, Set<String> removed) implements Action {
    public Update {
      Objects.requireNonNull(table, "The action has no table");
      Objects.requireNonNull(key, "The action has no key");
      Objects.requireNonNull(attributes, "The action has no attributes");
      removed = Collections.unmodifiableSet(new LinkedHashSet<>(removed));
    }

    /** This update, which also removes the attribute {@code name}. */
    public Update removing(String name) {
      var more = new LinkedHashSet<>(removed);
      more.add(name);
      return new Update(table, key, attributes, more);
    }
  }

  /** Delete an item. */
  record Delete(String table, Item key) implements Action {
    public Delete {
      Objects.requireNonNull(table, "The action has no table");
      Objects.requireNonNull(key, "The action has no key");
    }
  }
}
