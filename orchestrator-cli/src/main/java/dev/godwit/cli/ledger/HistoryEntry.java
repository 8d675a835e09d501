package dev.godwit.cli.ledger;

import dev.godwit.run.ledger.MigrationState;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * How a migration stands on a table.
 *
 * @param state {@code applied}, {@code partial} or {@code undone}
 * @param runId the run that made it so; empty if it was marked so by hand
 * @param at when that run ended, or it was marked, ISO-8601
 * @param failed how many items of that run failed: they are as they were
 * @param code the digest of the code that it ran with, or that was accepted since, where that is
 *     known
 */
public record HistoryEntry(
    String migration, String state, String runId, String at, long failed, Optional<String> code) {
  /** The state, as a rule is made of it. */
  public MigrationState standing() {
    return MigrationState.of(state);
  }

  /** When it was made; the beginning of time if that cannot be read. */
  public Instant instant() {
    try {
      return Instant.parse(at);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
