package dev.godwit.cli.run;

import java.time.Instant;
import java.util.Optional;

/**
 * A line of the list of runs.
 *
 * @param status {@code RUNNING}, {@code KILLED}, how it ended, or {@code INCOMPLETE} when the
 *     ledger has only half a record of it
 * @param startedAt empty when that is not known
 */
public record ListedRun(
    String runId,
    String tableName,
    String migration,
    String status,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt) {}
