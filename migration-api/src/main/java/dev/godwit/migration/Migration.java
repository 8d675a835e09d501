package dev.godwit.migration;

import java.util.Optional;

/**
 * One change to make to every item of one table.
 *
 * <p>Implementations are found with {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.godwit.migration.Migration} and give it a public constructor without
 * arguments. One instance serves all threads of a worker.
 */
public interface Migration {
  /**
   * Names this migration for ever: a date and lower-case words, as in {@code
   * 20261120-city-coordinates}. The history of a table is kept under it.
   */
  String id();

  /**
   * The table that this migration is meant for; a {@code *} stands for any characters, as in {@code
   * Cities-*} or, for a migration that suits any table, {@code *}. A run over another table is
   * refused.
   */
  String table();

  /** One line for people, as shown by {@code godwit migrations}. */
  String description();

  /** What is done to each item. */
  ItemTransform up();

  /**
   * Which items {@link #up()} is offered; empty for all. DynamoDB applies it while it scans: what
   * is left out costs the same read units but is neither sent nor decoded. {@link #down()} is
   * offered every item.
   */
  default Optional<ScanFilter> filter() {
    return Optional.empty();
  }

  /**
   * The same for a filter that depends on the run, as in "not expired when it started". What the
   * worker asks for; answers {@link #filter()} unless it is overridden.
   *
   * @param context what {@link #up()} is given, too: read {@code context.startedAt()}, never the
   *     clock, so that every worker and every retry filters alike
   */
  default Optional<ScanFilter> filter(TransformContext context) {
    return filter();
  }

  /**
   * Where the items come from that {@link #up()} is offered: the run's table, unless this is
   * overridden.
   */
  default Source source() {
    return Source.scan();
  }

  /**
   * Another table that {@link #up()} makes items for; empty to change items in place. A run may
   * name another one. There is no way down from a target: what was put there is deleted with that
   * table.
   */
  default Optional<Target> target() {
    return Optional.empty();
  }

  /**
   * The same for a target whose name depends on the table that the run is over, as in {@code
   * Target.table(tableName + "-by-geohash")}. What the worker asks for; answers {@link #target()}
   * unless it is overridden.
   */
  default Optional<Target> target(String tableName) {
    return target();
  }

  /**
   * What is done once before the first item of a run is offered to {@link #up()}; nothing, unless
   * this is overridden. Not for a dry run, a verification or a run down.
   */
  default Optional<RunHook> beforeRun() {
    return Optional.empty();
  }

  /**
   * What is done once after the last item of a run was offered to {@link #up()} and all that it
   * asked for is written; nothing, unless this is overridden. Not for a dry run, a verification or
   * a run down, and not while the run has failed: it is called when a redrive has come to the end.
   */
  default Optional<RunHook> afterRun() {
    return Optional.empty();
  }

  /** What undoes {@link #up()}; empty when nothing can. */
  default Optional<ItemTransform> down() {
    return Optional.empty();
  }
}
