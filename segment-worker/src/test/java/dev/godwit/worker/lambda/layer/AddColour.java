package dev.godwit.worker.lambda.layer;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;

/** Gives every bird a colour; an item that says {@code poison} cannot be transformed. */
public final class AddColour implements Migration {
  @Override
  public String id() {
    return "20261120-add-colour";
  }

  @Override
  public String table() {
    return "Birds";
  }

  @Override
  public String description() {
    return "Gives every bird a colour";
  }

  @Override
  public ItemTransform up() {
    return (item, context) -> {
      if (item.has("poison")) {
        throw new IllegalStateException("poisoned");
      }
      return item.has("colour") ? Change.keep() : Change.replace(item.with("colour", "brown"));
    };
  }
}
