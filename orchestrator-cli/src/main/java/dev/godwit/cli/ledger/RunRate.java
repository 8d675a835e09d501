package dev.godwit.cli.ledger;

import java.util.List;
import java.util.OptionalInt;

/**
 * How fast a run may go at present, as its rate document says, and who has changed that.
 *
 * @param readUnitsPerSecond the read budget of the whole run; absent for what it was asked for
 * @param writeUnitsPerSecond the same for writing
 * @param paused whether its slices end and wait
 * @param revision how often it was changed
 * @param changes by whom and when, oldest first
 */
public record RunRate(
    OptionalInt readUnitsPerSecond,
    OptionalInt writeUnitsPerSecond,
    boolean paused,
    long revision,
    List<Change> changes) {
  /** Of a run that nobody has changed. */
  public static final RunRate AS_ASKED =
      new RunRate(OptionalInt.empty(), OptionalInt.empty(), false, 0, List.of());

  public RunRate {
    changes = List.copyOf(changes);
  }

  /**
   * One change.
   *
   * @param what for people, as in {@code paused}
   * @param by who
   * @param at when, ISO-8601
   */
  public record Change(String what, String by, String at) {}
}
