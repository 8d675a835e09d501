package dev.godwit.worker.lambda;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import java.math.BigDecimal;

/**
 * Takes each way that a slice can take: keeps, changes, defers, fails. Known to nobody but the
 * priming.
 */
final class PrimingMigration implements Migration {
  static final String ID = "20261120-priming";

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String table() {
    return "priming";
  }

  @Override
  public String description() {
    return "Warms the worker up before its snapshot";
  }

  @Override
  public ItemTransform up() {
    return (item, context) -> {
      int number = item.number("n").intValueExact();
      if (number == 4) {
        throw new IllegalStateException("priming");
      }
      return number == 3 ? Change.keep() : Change.replace(changed(item));
    };
  }

  private static Item changed(Item item) {
    return item.with("n", item.number("n").add(BigDecimal.TEN)).with("text", "ü").without("b");
  }
}
