package dev.godwit.cli.session;

import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import java.nio.file.Path;

/** Makes engines that run on this machine. */
@FunctionalInterface
public interface LocalEngines {
  /**
   * An engine over one DynamoDB.
   *
   * @param results where results and failure records go
   */
  RunEngine open(DynamoDbConnection connection, Migrations migrations, Path results);
}
