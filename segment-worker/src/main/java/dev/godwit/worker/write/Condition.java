package dev.godwit.worker.write;

import dev.godwit.migration.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What must hold in the table for a write to go through, besides that the item exists.
 *
 * @param unchanged attributes that must still hold what was scanned; each once
 * @param absent attributes that must still not be there; each once
 */
public record Condition(List<String> unchanged, List<String> absent) {
  public Condition {
    unchanged = List.copyOf(unchanged);
    absent = List.copyOf(absent);
  }

  /**
   * How many attributes a condition holds: an expression holds 300 operators, of which each takes a
   * comparison and an AND, and one is for the item's existence. Developer guide, "Quotas in Amazon
   * DynamoDB", expression parameters; read 2026-11-20.
   */
  public static final int MOST_ATTRIBUTES = 149;

  /** Whether an expression holds it. */
  public boolean fitsAnExpression() {
    return attributes() <= MOST_ATTRIBUTES;
  }

  /** How many attributes it names. */
  public int attributes() {
    return unchanged.size() + absent.size();
  }

  /**
   * That {@code names} are as in {@code scanned}; its key attributes need no condition, a write
   * names them anyway.
   *
   * @param names each once
   */
  static Condition asScanned(Item scanned, Collection<String> names, Collection<String> keys) {
    var unchanged = new ArrayList<String>(names.size());
    var absent = new ArrayList<String>(2);
    for (String name : names) {
      if (!keys.contains(name)) {
        (scanned.stores(name) ? unchanged : absent).add(name);
      }
    }
    return new Condition(unchanged, absent);
  }
}
