package dev.godwit.cli.engine;

import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import java.util.function.Supplier;

/**
 * Where a run has its table, its ledger and its migrations.
 *
 * @param migrations loaded when they are needed
 * @param doubt why another ledger may be the right one, for people; empty when this one is
 */
record Whereabouts(
    DynamoDbConnection connection,
    String ledgerTable,
    Supplier<Migrations> migrations,
    String doubt) {
  /** Where the ledger is known. */
  Whereabouts(DynamoDbConnection connection, String ledgerTable, Supplier<Migrations> migrations) {
    this(connection, ledgerTable, migrations, "");
  }
}
