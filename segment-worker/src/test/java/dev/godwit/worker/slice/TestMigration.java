package dev.godwit.worker.slice;

import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.ScanFilter;
import java.util.List;
import java.util.Optional;

/** The migration under test, made of transforms. */
public record TestMigration(
    ItemTransform up, Optional<ItemTransform> down, Optional<ScanFilter> filter)
    implements Migration {
  public static TestMigration up(ItemTransform up) {
    return new TestMigration(up, Optional.empty(), Optional.empty());
  }

  public TestMigration down(ItemTransform transform) {
    return new TestMigration(up, Optional.of(transform), filter);
  }

  public TestMigration filter(ScanFilter wanted) {
    return new TestMigration(up, down, Optional.of(wanted));
  }

  public Migrations alone() {
    return Migrations.of(List.of(this));
  }

  @Override
  public String id() {
    return TestSlice.MIGRATION;
  }

  @Override
  public String table() {
    return "*";
  }

  @Override
  public String description() {
    return "the migration under test";
  }
}
