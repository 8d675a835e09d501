package dev.godwit.cli.ledger;

/**
 * How a migration stands on a table.
 *
 * @param state {@code applied}, {@code partial} or {@code undone}
 * @param runId the run that made it so
 * @param at when that run ended, ISO-8601
 * @param failed how many items of that run failed: they are as they were
 */
public record HistoryEntry(String migration, String state, String runId, String at, long failed) {}
