package dev.godwit.junit;

import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import java.util.Optional;

record TestMigration(String table, ItemTransform up, Optional<ItemTransform> down)
    implements Migration {
  @Override
  public String id() {
    return "20261126-under-test";
  }

  @Override
  public String description() {
    return "for tests";
  }
}
