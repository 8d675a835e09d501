package dev.godwit.cli.engine;

import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.table.DynamoDbConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a command's flags say of where a run of this machine has its table, its ledger and its
 * migrations; it wins over what was kept of the run.
 *
 * @param endpoint where DynamoDB answers
 * @param region which region to sign for
 * @param ledgerTable the ledger's name
 * @param migrationsJars empty when nothing was said
 */
public record OriginOverrides(
    Optional<URI> endpoint,
    Optional<String> region,
    Optional<String> ledgerTable,
    List<Path> migrationsJars) {
  /** Nothing was said. */
  public static final OriginOverrides NONE =
      new OriginOverrides(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public OriginOverrides {
    migrationsJars = List.copyOf(migrationsJars);
  }

  /** Whether a connection can be made without a run's origin. */
  boolean hasConnection() {
    return endpoint.isPresent() || region.isPresent();
  }

  DynamoDbConnection connection(Optional<Origin> origin) {
    return DynamoDbConnection.found(
        endpoint.or(() -> origin.flatMap(Origin::endpoint)),
        region.or(() -> origin.map(Origin::region)));
  }

  List<Path> migrationsJars(Optional<Origin> origin) {
    return migrationsJars.isEmpty()
        ? origin.map(Origin::migrationsJars).orElse(List.of())
        : migrationsJars;
  }
}
