package dev.godwit.cli.ledger;

import java.util.Optional;

/**
 * What somebody did by hand to the history of a migration on a table.
 *
 * @param action {@code baseline} or {@code repair}
 * @param by who
 * @param at when, ISO-8601
 * @param code the digest of the code that the history has since then
 * @param before the history's entry as it was until then; empty if there was none
 */
public record ByHandEntry(
    String migration,
    String action,
    String by,
    String at,
    String code,
    Optional<HistoryEntry> before) {}
