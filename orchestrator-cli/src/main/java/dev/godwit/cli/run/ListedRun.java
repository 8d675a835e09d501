package dev.godwit.cli.run;

import java.time.Instant;
import java.util.Optional;

/**
 * A line of the list of runs.
 *
 * @param tableName empty, as the migration, when the run cannot be read
 * @param status {@code RUNNING}, {@code KILLED}, how it ended, {@code INCOMPLETE} when the ledger
 *     has only half a record of it, {@code DAMAGED} when what this machine keeps of it is not what
 *     was written, or {@code UNREADABLE} when that cannot be read
 * @param startedAt empty when that is not known
 */
public record ListedRun(
    String runId,
    String tableName,
    String migration,
    String status,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt) {}
