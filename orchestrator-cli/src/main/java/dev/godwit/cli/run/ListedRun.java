package dev.godwit.cli.run;

import java.time.Instant;
import java.util.Optional;

/**
 * A line of the list of runs.
 *
 * @param status {@code RUNNING}, {@code KILLED}, or how it ended
 */
public record ListedRun(
    String runId,
    String tableName,
    String migration,
    String status,
    Instant startedAt,
    Optional<Instant> endedAt) {}
