package dev.godwit.worker.pace;

import dev.godwit.run.ledger.Slowdown;
import java.util.Optional;

/** Where rate documents are. Thread-safe. */
@FunctionalInterface
public interface RateSource {
  /** Knows of no document: every run goes as it was asked for. */
  RateSource NONE = (ledger, runId) -> Optional.of(Rate.AS_ASKED);

  /**
   * Reads a run's rate document, once and soon: a second at most. It need not be the newest.
   *
   * @param ledger the table that it is in
   * @return {@link Rate#AS_ASKED} when there is none; empty when it cannot be read now
   */
  Optional<Rate> read(String ledger, String runId);

  /**
   * Writes a step down into a run's rate document, once and soon, on the condition that it is the
   * next: that the document has one less.
   *
   * @param ledger the table that it is in
   * @return false when somebody was faster, or it is not known to be written
   */
  default boolean slow(String ledger, String runId, Use use, Slowdown next) {
    return false;
  }
}
