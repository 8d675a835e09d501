package dev.godwit.examples;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;

/** Gives every task that lacks it the attribute {@code completed}, false. */
public final class CompletedFlag implements Migration {
  @Override
  public String id() {
    return "20261120-completed-flag";
  }

  @Override
  public String table() {
    return "Tasks*";
  }

  @Override
  public String description() {
    return "Adds completed=false to every task that lacks it";
  }

  @Override
  public ItemTransform up() {
    return (item, context) ->
        item.has("completed") ? Change.keep() : Change.replace(item.with("completed", false));
  }
}
