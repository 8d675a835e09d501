package dev.godwit.migration;

/** Where a migration's items come from. */
public sealed interface Source {
  /** From the table that the run is over: all of its items. */
  static Source scan() {
    return new Scan();
  }

  /**
   * From {@code generator}: items that no table holds yet. They are put into the run's target, or,
   * without one, into the run's own table, where nothing is.
   */
  static Source generator(ItemGenerator generator) {
    return new Generator(generator);
  }

  /** The items of the run's table. */
  record Scan() implements Source {}

  /** Items that are made. */
  record Generator(ItemGenerator generator) implements Source {}
}
