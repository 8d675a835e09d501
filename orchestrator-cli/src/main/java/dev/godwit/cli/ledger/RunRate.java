package dev.godwit.cli.ledger;

import dev.godwit.run.ledger.RateItem;
import dev.godwit.run.ledger.Slowdown;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How fast a run may go at present, as its rate document says, and who has changed that.
 *
 * @param readUnitsPerSecond the read budget of the whole run; absent for what it was asked for
 * @param writeUnitsPerSecond the same for writing
 * @param maxConcurrency how many segments are worked on at once; absent for what it was asked for
 * @param atOnce the most that it ever was, if that was changed
 * @param paused whether its slices end and wait
 * @param hold what alarms have to do with that: {@link RateItem#ALARM_HOLD}; empty for nothing
 * @param revision how often it was changed
 * @param changes by whom and when, oldest first
 * @param readsSlowed how far throttling has slowed its reads, the last time; empty for never
 * @param writesSlowed the same of its writes
 */
public record RunRate(
    OptionalInt readUnitsPerSecond,
    OptionalInt writeUnitsPerSecond,
    OptionalInt maxConcurrency,
    OptionalInt atOnce,
    boolean paused,
    Optional<String> hold,
    long revision,
    List<Change> changes,
    Optional<Slowed> readsSlowed,
    Optional<Slowed> writesSlowed) {
  /** Of a run that nobody has changed. */
  public static final RunRate AS_ASKED =
      new RunRate(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          false,
          Optional.empty(),
          0,
          List.of(),
          Optional.empty(),
          Optional.empty());

  public RunRate {
    changes = List.copyOf(changes);
  }

  /** Whether it waits until no alarm is on. */
  public boolean isHeldByAlarm() {
    return paused && hold.filter(RateItem.HELD_BY_ALARM::equals).isPresent();
  }

  /** Whether it waits at the gate of its canary. */
  public boolean isAtGate() {
    return paused
        && changes.stream()
            .filter(change -> change.what().startsWith("paused") || isResumption(change))
            .reduce((earlier, later) -> later)
            .filter(last -> last.by().equals(RateItem.CANARY_GATE) && !isResumption(last))
            .isPresent();
  }

  private static boolean isResumption(Change change) {
    return change.what().startsWith("resumed");
  }

  /**
   * A step down that workers have made because DynamoDB throttled them; it grows back.
   *
   * @param at when
   */
  public record Slowed(Slowdown slowdown, Instant at) {
    /** How fast the run may go at {@code now}, in units per second, when {@code budget} is its. */
    public double of(double budget, Instant now) {
      var since = Duration.between(at, now);
      return slowdown.of(budget, since.isNegative() ? Duration.ZERO : since);
    }
  }

  /**
   * One change.
   *
   * @param what for people, as in {@code paused}
   * @param by who
   * @param at when, ISO-8601
   * @param budgets what the budgets were from then on
   */
  public record Change(String what, String by, String at, Budgets budgets) {}

  /**
   * Units a second of the whole run; empty for what it was asked for, or where a change was made
   * that did not note them.
   */
  public record Budgets(OptionalInt readUnitsPerSecond, OptionalInt writeUnitsPerSecond) {}

  /** What the budgets are. */
  public Budgets budgets() {
    return new Budgets(readUnitsPerSecond, writeUnitsPerSecond);
  }
}
