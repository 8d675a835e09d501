package dev.godwit.worker.pace;

import java.util.OptionalDouble;

/** The part of a run's budget that one slice may use at present. Thread-safe. */
@FunctionalInterface
interface Share {
  /** Units per second; absent for no budget. It may take as long as a read of the ledger. */
  OptionalDouble unitsPerSecond();
}
