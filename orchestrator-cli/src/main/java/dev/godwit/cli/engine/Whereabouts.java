package dev.godwit.cli.engine;

import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import java.util.function.Supplier;

/**
 * Where a run has its table, its ledger and its migrations.
 *
 * @param migrations loaded when they are needed
 */
record Whereabouts(
    DynamoDbConnection connection, String ledgerTable, Supplier<Migrations> migrations) {}
