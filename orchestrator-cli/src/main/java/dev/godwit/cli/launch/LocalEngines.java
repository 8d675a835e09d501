package dev.godwit.cli.launch;

import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import java.nio.file.Path;
import java.util.Optional;

/** Makes engines that run on this machine, and looks at what they have left. */
public interface LocalEngines {
  /**
   * An engine over one DynamoDB.
   *
   * @param ledgerTable the ledger that its runs are written to
   * @param results where results and failure records go
   * @param origin kept of each run that begins, for those who go on with it; empty to keep none
   */
  RunEngine open(
      DynamoDbConnection connection,
      String ledgerTable,
      Migrations migrations,
      Path results,
      Optional<Origin> origin);

  /** The runs of the folder {@code results}, with the table's books in that ledger. Close it. */
  RunLifecycle runs(
      DynamoDbConnection connection, String ledgerTable, Migrations migrations, Path results);
}
