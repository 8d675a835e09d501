package dev.godwit.cli.engine;

import dev.godwit.asl.Execution;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.run.slice.Sharing;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets a run that this process carries out work on as many segments at once as its rate document
 * says, whoever has written that: fewer from then on, more when all of its workers know. Used from
 * one thread.
 */
final class LiveConcurrency {
  private final Supplier<RunRate> told;
  private final int most;
  private final LongSupplier nanoTime;
  private OptionalInt seen = OptionalInt.empty();
  private long seenSince;

  /**
   * @param told what the document says
   * @param most how many fit into this process
   * @param nanoTime as {@link System#nanoTime}
   */
  LiveConcurrency(Supplier<RunRate> told, int most, LongSupplier nanoTime) {
    this.told = told;
    this.most = most;
    this.nanoTime = nanoTime;
  }

  /**
   * Called every few seconds.
   *
   * @return what the document says; empty when it cannot be read
   */
  Optional<RunRate> look(Execution execution) {
    long now = nanoTime.getAsLong();
    RunRate rate;
    try {
      rate = told.get();
    } catch (CommandFailed e) {
      return Optional.empty(); // a ledger that does not answer is asked again
    }
    limit(execution, rate.maxConcurrency(), now);
    return Optional.of(rate);
  }

  private void limit(Execution execution, OptionalInt asked, long now) {
    if (!asked.equals(seen)) {
      seen = asked;
      seenSince = now;
    }
    var present = execution.maxConcurrency(EmbeddedExecutions.SEGMENTS_STATE);
    if (asked.isEmpty() || present.isEmpty()) {
      return;
    }
    int wanted = Math.min(asked.getAsInt(), most);
    boolean allKnow = now - seenSince >= Sharing.RAISED_AFTER.toNanos();
    if (wanted < present.getAsInt() || (wanted > present.getAsInt() && allKnow)) {
      execution.limitMapRuns(EmbeddedExecutions.SEGMENTS_STATE, wanted);
    }
  }
}
