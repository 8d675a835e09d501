package dev.godwit.cli.ledger;

/**
 * Who holds a table.
 *
 * @param runId the run that does
 * @param executionArn the execution that carries it out
 * @param since when it took the table, ISO-8601
 */
public record Lease(String runId, String executionArn, String since) {}
