package dev.godwit.examples;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.TransformContext;

/**
 * Gives every item the attribute {@code updatedAt}: when the run was started, as ISO-8601 text.
 *
 * <p>An item that has an {@code updatedAt} keeps it, whatever its value: what an application has
 * written is better knowledge than ours, and a second run must find nothing to do. That is also why
 * there is no way down: afterwards nobody can tell our values from theirs.
 */
public final class UpdatedAt implements Migration {
  @Override
  public String id() {
    return "20261120-updated-at";
  }

  @Override
  public String table() {
    return "*";
  }

  @Override
  public String description() {
    return "Adds updatedAt, the start of the run, to every item that lacks it";
  }

  @Override
  public ItemTransform up() {
    return UpdatedAt::stamped;
  }

  private static Change stamped(Item item, TransformContext context) {
    return item.has("updatedAt")
        ? Change.keep()
        : Change.replace(item.with("updatedAt", context.startedAt().toString()));
  }
}
