package dev.godwit.worker.page;

import dev.godwit.migration.AttributeType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A table, or a secondary index of it, as items can be read from it.
 *
 * @param table the table's name
 * @param index the index's name; absent for the table itself
 * @param keys its key attributes, those of the partition key first
 * @param tableKeys the names of the table's key attributes, partition key first
 * @param isWhole whether what is read there has all attributes of an item
 * @param mayBeConsistent whether it can be read consistently
 */
public record Access(
    String table,
    Optional<String> index,
    List<Key> keys,
    List<String> tableKeys,
    boolean isWhole,
    boolean mayBeConsistent) {
  public Access {
    keys = List.copyOf(keys);
    tableKeys = List.copyOf(tableKeys);
  }

  /**
   * A key attribute.
   *
   * @param type of its values
   * @param isPartition whether it is a partition key, rather than a sort key
   */
  public record Key(String name, AttributeType type, boolean isPartition) {}

  /** Its partition key: one attribute, but for some indexes. */
  public List<Key> partitionKey() {
    return keys.stream().filter(Key::isPartition).toList();
  }

  /** Its sort key, the first attribute of it, if it has one. */
  public Optional<Key> sortKey() {
    return keys.stream().filter(key -> !key.isPartition).findFirst();
  }

  /** The names of the attributes that say where an item stands in it: where a reading goes on. */
  public List<String> place() {
    var names = new LinkedHashSet<String>();
    keys.forEach(key -> names.add(key.name()));
    names.addAll(tableKeys);
    return List.copyOf(names);
  }

  /** For people, as in {@code the index byStatus of the table Orders}. */
  @Override
  public String toString() {
    return index.map(name -> "the index " + name + " of the table ").orElse("the table ") + table;
  }
}
