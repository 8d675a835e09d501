package dev.godwit.cli.run;

import dev.godwit.run.ledger.Slowdown;
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
