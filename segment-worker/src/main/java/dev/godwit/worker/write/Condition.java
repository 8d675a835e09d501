package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What must hold in the table for a write to go through, besides that the item exists.
 *
 * @param unchanged attributes that must still hold what was scanned
 * @param absent attributes that must still not be there
 */
public record Condition(Set<String> unchanged, Set<String> absent) {
  public Condition {
    unchanged = Collections.unmodifiableSet(new LinkedHashSet<>(unchanged));
    absent = Collections.unmodifiableSet(new LinkedHashSet<>(absent));
  }

  /**
   * That {@code names} are as in {@code scanned}; its key attributes need no condition, a write
   * names them anyway.
   */
  static Condition asScanned(Item scanned, Collection<String> names, Collection<String> keys) {
    var unchanged = new LinkedHashSet<String>();
    var absent = new LinkedHashSet<String>();
    for (String name : names) {
      if (!keys.contains(name)) {
        (scanned.stores(name) ? unchanged : absent).add(name);
      }
    }
    return new Condition(unchanged, absent);
  }
}
