package dev.godwit.worker.memory;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Guard;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.slice.Database;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.TargetTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Tables in memory behind the worker's port. What DynamoDB decides (how many items a page has, how
 * many writes a request takes, which writes are throttled) the test decides.
 */
public final class InMemoryDatabase implements Database {
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Steps steps;
  private IntSupplier pageSize = () -> Integer.MAX_VALUE;
  private int writesPerRequest = 25;
  private BooleanSupplier busy = () -> false;

  public InMemoryDatabase() {
    this(Steps.UNDISTURBED);
  }

  /** A database without tables; {@code steps} is told around every write. */
  public InMemoryDatabase(Steps steps) {
    this.steps = steps;
  }

  /** A table, the type of its keys, and its indexes by their names. */
  record Table(InMemoryTable items, AttributeType keyType, Map<String, Access> indexes) {
    ReadAccess readAccess(String name, Optional<String> index, IntSupplier pageSize) {
      var access =
          index.isEmpty()
              ? new Access(name, index, keys(items.keys()), items.keys(), true, true)
              : indexes.get(index.get());
      if (access == null) {
        throw new TableRefused(
            "The table " + name + " has no index " + index.get(), new IllegalStateException(name));
      }
      return new InMemoryReads(items, access, pageSize);
    }

    private static List<Access.Key> keys(List<String> names) {
      var keys = new ArrayList<Access.Key>();
      for (String name : names) {
        keys.add(new Access.Key(name, AttributeType.S, keys.isEmpty()));
      }
      return keys;
    }

    ItemLimits limits() {
      var keys = new LinkedHashMap<String, ItemLimits.KeyAttribute>();
      for (String key : items.keys()) {
        int bytes =
            keys.isEmpty() ? ItemLimits.MOST_PARTITION_KEY_BYTES : ItemLimits.MOST_SORT_KEY_BYTES;
        keys.put(key, new ItemLimits.KeyAttribute(keyType, bytes, true));
      }
      return new ItemLimits(keys);
    }
  }

  /** This database with {@code table}, whose keys are strings. */
  public InMemoryDatabase with(String name, InMemoryTable table) {
    return with(name, table, AttributeType.S);
  }

  /** This database with {@code table}, whose keys are all of {@code keyType}. */
  public InMemoryDatabase with(String name, InMemoryTable table, AttributeType keyType) {
    tables.put(name, new Table(table, keyType, new LinkedHashMap<>()));
    return this;
  }

  /**
   * This database with an index of {@code table}, which has each item that has its keys, as it is.
   *
   * @param isWhole whether it projects all attributes, rather than keys only
   * @param keys its partition key, then perhaps its sort key, both strings
   */
  public InMemoryDatabase withIndex(String table, String name, boolean isWhole, String... keys) {
    var of = known(table);
    of.indexes.put(
        name,
        new Access(
            table, Optional.of(name), Table.keys(List.of(keys)), of.items.keys(), isWhole, false));
    return this;
  }

  /** From now on each page reads as many items as {@code items} says then. */
  public InMemoryDatabase pagesOf(IntSupplier items) {
    this.pageSize = items;
    return this;
  }

  /** From now on a request takes so many writes. */
  public InMemoryDatabase writesPerRequest(int writes) {
    this.writesPerRequest = writes;
    return this;
  }

  /** From now on a write for which {@code busy} says so is left undone and answered as busy. */
  public InMemoryDatabase busyWhen(BooleanSupplier busy) {
    this.busy = busy;
    return this;
  }

  public InMemoryTable table(String name) {
    return known(name).items;
  }

  @Override
  public PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return new InMemoryPages.Segment(
        known(table).items, segment, totalSegments, () -> pageSize.getAsInt());
  }

  @Override
  public ReadAccess readAccess(String table, Optional<String> index, Deadline deadline) {
    return known(table).readAccess(table, index, () -> pageSize.getAsInt());
  }

  @Override
  public PageSource items(String table, List<Item> keys, Pace pace) {
    return new InMemoryPages.Keyed(known(table).items, keys, () -> pageSize.getAsInt());
  }

  @Override
  public ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline) {
    return new InMemoryChangeWriter(
        known(table), guard, writesPerRequest, new Requests(steps, () -> busy.getAsBoolean()));
  }

  @Override
  public TargetTable target(Target target, Deadline deadline) {
    var table = known(target.tableName());
    return new TargetTable(
        target,
        table.items().keys(),
        table.limits(),
        new InMemoryTargetWriter(
            table, target.put(), writesPerRequest, new Requests(steps, () -> busy.getAsBoolean())));
  }

  @Override
  public ActionWriter actions(Deadline deadline) {
    return new InMemoryActionWriter(
        this, writesPerRequest, new Requests(steps, () -> busy.getAsBoolean()));
  }

  ItemLimits limits(String table) {
    return known(table).limits();
  }

  private Table known(String name) {
    var table = tables.get(name);
    if (table == null) {
      throw new TableRefused("There is no table " + name, new IllegalStateException(name));
    }
    return table;
  }
}
