package dev.godwit.cli.lifecycle;

import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.run.RunStatus;
import java.util.Optional;

/** What is said of how a run stands and what can be done now, the same for all places. */
final class Advice {
  /** As the worker names the refusal to go on with other code. */
  static final String TRANSFORM_CHANGED = "TransformChanged";

  private Advice() {}

  /**
   * What can be done with a run.
   *
   * @param busy whether somebody is about to close its books, or to go on with it
   * @param newCode whether it failed because its migration's code is another by now
   */
  static Optional<String> about(
      Execution execution,
      Settlement settlement,
      boolean busy,
      boolean newCode,
      Place.Manners manners) {
    var runId = execution.runId();
    if (execution.killed()) {
      return Optional.of(
          "Its process died. Go on where it stood: 'godwit redrive "
              + runId
              + "'. End it and free its table: 'godwit stop "
              + runId
              + "'.");
    }
    if (execution.goesOn()) {
      return Optional.of(watchOrStop(runId));
    }
    if (busy) {
      return Optional.of(
          settlement.stage() == Settlement.Stage.TAKEN_TO_REDRIVE
              ? "It is being redriven."
              : "Its books are being closed.");
    }
    return switch (settlement.stage()) {
      case NOT_OPENED ->
          Optional.of(
              "It never began; nothing was changed. Start a new run, under another --run-id, when what it says is mended.");
      case ENDED, OPEN ->
          Optional.of(
              "Its books are not closed and its table is not free: 'godwit stop "
                  + runId
                  + "' closes them."
                  + or(goOn(execution, newCode, manners)));
      case TAKEN_TO_REDRIVE ->
          Optional.of(
              "A redrive has taken its table and did not go on: 'godwit stop "
                  + runId
                  + "' frees it."
                  + or(goOn(execution, newCode, manners)));
      case UNKNOWN ->
          Optional.of(
              "Whether its table is free is not known. "
                  + settlement.doubt()
                  + "."
                  + or(goOn(execution, newCode, manners)));
      case NO_BOOKS, CLOSED -> {
        var raised =
            settlement
                .capacityNotRestored()
                .map(why -> "The table's capacity is still raised: " + why);
        var next = goOn(execution, newCode, manners);
        yield raised.isPresent() && next.isPresent()
            ? Optional.of(raised.get() + " " + next.get())
            : raised.or(() -> next);
      }
    };
  }

  private static String or(Optional<String> next) {
    return next.map(text -> " " + text).orElse("");
  }

  static String resume(String runId, RunRate rate) {
    return (rate.isHeldByAlarm()
            ? "It waits while a CloudWatch alarm is on, and goes on when none is. Let it go on before that: 'godwit resume "
            : rate.isAtGate()
                ? "Its canary has passed, and it waits at the gate. Let it go on: 'godwit resume "
                : "It is paused. Let it go on: 'godwit resume ")
        + runId
        + "'. Stop it: 'godwit stop "
        + runId
        + "'.";
  }

  static String watchOrStop(String runId) {
    return "Watch it: 'godwit watch " + runId + "'. Stop it: 'godwit stop " + runId + "'.";
  }

  /** Of a run that has ended. */
  private static Optional<String> goOn(
      Execution execution, boolean newCode, Place.Manners manners) {
    if (execution.status() == RunStatus.SUCCEEDED) {
      return Optional.empty();
    }
    if (execution.notRedrivable().isPresent()) {
      return Optional.of(
          "It cannot be redriven: "
              + execution.notRedrivable().get()
              + " Start a new run: what is migrated already is kept.");
    }
    var command = "'godwit redrive " + execution.runId();
    if (newCode || execution.failure().orElse("").contains(TRANSFORM_CHANGED)) {
      return Optional.of(
          "Its migration's code is not what it began with. Put that back and redrive it, or go on with the new code where it stood"
              + manners.redrivable()
              + ": "
              + command
              + " --accept-new-code'.");
    }
    return Optional.of("Go on where it stood" + manners.redrivable() + ": " + command + "'.");
  }
}
