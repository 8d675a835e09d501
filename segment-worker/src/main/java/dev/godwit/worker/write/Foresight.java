package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.run.Tally;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Foresees what would become of decisions, and writes nothing. Used from one thread. */
interface Foresight {
  /**
   * Looks at decisions before it is asked about them.
   *
   * @return about how many of them, from the first on, it can tell; fewer than all when time ran
   *     out
   * @throws dev.godwit.worker.WorkerException when what it needs cannot be read
   */
  int see(List<Decision> decisions);

  /** What would become of {@code wanted}. To be asked in the order of the items. */
  Rehearsed of(Decision.Wanted wanted);

  /** What looking has cost since the last call. */
  default Tally takeTally() {
    return Tally.ZERO;
  }

  /** That of everything that is wanted, could it be done or not. */
  static Foresight ofEverything() {
    return new Foresight() {
      @Override
      public int see(List<Decision> decisions) {
        return decisions.size();
      }

      @Override
      public Rehearsed of(Decision.Wanted wanted) {
        return InPlaceForesight.done(wanted);
      }
    };
  }

  /** Why one of the actions of {@code wanted} would be refused; absent if none would be. */
  static Optional<Outcome.Refused> ofActions(Decision.Wanted wanted, ActionWriter writer) {
    return Stream.concat(wanted.actions().stream(), wanted.deferred().stream())
        .flatMap((Action action) -> writer.foresee(action).stream())
        .map(ActionRunner::ofItem)
        .findFirst();
  }
}
