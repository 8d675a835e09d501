package dev.godwit.worker.bench;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;

/**
 * The change that is measured; scripts/bench gives it a folder of its own, as a user's code has.
 */
final class AddAttribute implements Migration {
  @Override
  public String id() {
    return "20261120-add-attribute";
  }

  @Override
  public String table() {
    return "Birds";
  }

  @Override
  public String description() {
    return "Adds updatedAt";
  }

  @Override
  public ItemTransform up() {
    return (item, context) ->
        item.has("updatedAt")
            ? Change.keep()
            : Change.replace(item.with("updatedAt", context.startedAt().toString()));
  }
}
