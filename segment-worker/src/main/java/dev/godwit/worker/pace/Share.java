package dev.godwit.worker.pace;

import dev.godwit.run.Tally;
import java.util.OptionalDouble;

/** The part of a run's budget that one slice may use at present. Thread-safe. */
@FunctionalInterface
interface Share {
  /** Units per second; absent for no budget. It may take as long as a read of the ledger. */
  OptionalDouble unitsPerSecond();

  /**
   * How often throttling has slowed the whole run, as is known. With a budget that is in {@link
   * #unitsPerSecond}.
   */
  default long slowdowns() {
    return 0;
  }

  /**
   * DynamoDB has throttled whoever has this share. It may take as long as a write to the ledger.
   */
  default void throttled(Tally throttles) {}
}
