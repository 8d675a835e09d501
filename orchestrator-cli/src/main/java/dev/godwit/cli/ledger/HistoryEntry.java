package dev.godwit.cli.ledger;

/**
 * How a migration stands on a table.
 *
 * @param state {@code applied} or {@code undone}
 * @param runId the run that made it so
 * @param at when that run ended, ISO-8601
 */
public record HistoryEntry(String migration, String state, String runId, String at) {}
