package dev.godwit.run;

import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.Optional;

/** What does not go together with a source, whoever has named it: the run or its migration. */
public final class SourceRules {
  private SourceRules() {}

  /** Whether items from {@code source} are those of the run's table, read from there. */
  public static boolean readsTheTable(Source source) {
    return isWholeTable(source) || source instanceof Source.Index || source instanceof Source.Query;
  }

  /** Whether items from {@code source} are all those of the run's table. */
  public static boolean isWholeTable(Source source) {
    return source instanceof Source.Scan;
  }

  /** The secondary index of the run's table that {@code source} reads. */
  public static Optional<String> index(Source source) {
    if (source instanceof Source.Query query) {
      return query.index();
    }
    return source instanceof Source.Index index ? Optional.of(index.name()) : Optional.empty();
  }

  /**
   * Refuses {@code source} for a run that is asked to do {@code asked}.
   *
   * @param target where the run puts its items; absent for one in place
   * @throws IllegalArgumentException when they do not go together; the message says what to do
   */
  public static void check(Source source, Optional<Target> target, TargetRules.Asked asked) {
    require(
        SourceJson.isNameable(source),
        "A generator is a migration's own: a run cannot name it as its source");
    require(
        !asked.undo(),
        "undo goes without a source: it takes back what a run has written, wherever its items came"
            + " from");
    require(
        readsTheTable(source) || target.isPresent() || !(asked.guard() instanceof Guard.None),
        "Items of a file or an export are changed in place under a guard only: since they were written,"
            + " others may have changed the table. Leave out guard none");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
