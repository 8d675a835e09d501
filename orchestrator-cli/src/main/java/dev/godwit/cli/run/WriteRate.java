package dev.godwit.cli.run;

import dev.godwit.cli.ledger.RunRate;
import dev.godwit.run.RunRequest;
import dev.godwit.run.ledger.Slowdown;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How fast a run may write at present.
 *
 * @param budget in units per second, for all of it; absent for none
 * @param slowedTo less than the budget, as long as throttling keeps it there
 * @param slowedBy what throttles it, then
 * @param paused whether it waits
 */
public record WriteRate(
    OptionalInt budget, OptionalInt slowedTo, Optional<Slowdown.Limit> slowedBy, boolean paused) {
  /** Of a run that nobody has slowed. */
  public static WriteRate of(OptionalInt budget, boolean paused) {
    return new WriteRate(budget, OptionalInt.empty(), Optional.empty(), paused);
  }

  /**
   * How fast a run may write at {@code now}.
   *
   * @param budget as it is at present
   * @param rate what its rate document says; empty for nothing
   */
  static WriteRate of(OptionalInt budget, Optional<RunRate> rate, Instant now) {
    boolean paused = rate.map(RunRate::paused).orElse(false);
    var slowed = rate.flatMap(RunRate::writesSlowed);
    if (budget.isEmpty() || slowed.isEmpty()) {
      return of(budget, paused);
    }
    int units = (int) Math.round(slowed.get().of(budget.getAsInt(), now));
    return units < budget.getAsInt()
        ? new WriteRate(budget, OptionalInt.of(units), slowed.get().slowdown().by(), paused)
        : of(budget, paused);
  }

  /** How fast the run of {@code request}, whose rate document says {@code rate}, may write. */
  public static WriteRate of(RunRequest request, RunRate rate, Instant now) {
    var changed = rate.writeUnitsPerSecond();
    return of(
        changed.isPresent() ? changed : request.writeUnitsPerSecond(), Optional.of(rate), now);
  }

  /** What throttles a run, in words. */
  public static String words(Slowdown.Limit limit) {
    return switch (limit) {
      case TABLE -> "the table takes no more";
      case INDEX -> "an index takes no more";
      case ACCOUNT -> "the account's quota allows no more";
      case MAXIMUM -> "the on-demand maximum allows no more";
    };
  }
}
