package dev.godwit.worker.lambda.layer;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;

/** Counts, so slowly that a segment takes longer than a function may. */
public final class SlowlyCount implements Migration {
  @Override
  public String id() {
    return "20261120-slowly-count";
  }

  @Override
  public String table() {
    return "*";
  }

  @Override
  public String description() {
    return "Counts, 20 ms an item";
  }

  @Override
  public ItemTransform up() {
    return (item, context) -> {
      Thread.sleep(20);
      return item.has("counted") ? Change.keep() : Change.replace(item.with("counted", 1));
    };
  }
}
