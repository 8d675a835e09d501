package dev.godwit.cli.folder;

import dev.godwit.cli.table.DynamoDbConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a run of this machine came from: what a redrive need not be told again. No credentials.
 *
 * @param endpoint where DynamoDB answers; empty for the region's own
 * @param ledgerTable the ledger that has the run
 * @param migrationsJars empty for the examples
 */
public record Origin(
    Optional<URI> endpoint, String region, String ledgerTable, List<Path> migrationsJars) {
  public Origin {
    migrationsJars = List.copyOf(migrationsJars);
  }

  /** The origin of a run over {@code connection}. */
  public static Origin of(
      DynamoDbConnection connection, String ledgerTable, List<Path> migrationsJars) {
    return new Origin(
        connection.endpoint(),
        connection.region().id(),
        ledgerTable,
        migrationsJars.stream().map(jar -> jar.toAbsolutePath().normalize()).toList());
  }
}
