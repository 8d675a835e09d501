package dev.godwit.cli.engine;

import dev.godwit.cli.local.LocalRunFiles.Origin;
import dev.godwit.cli.table.DynamoDbConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a command's flags say of where runs of this machine have their tables and migrations. They
 * win over what was kept of a run.
 *
 * @param endpoint where DynamoDB answers
 * @param region which region to sign for
 * @param migrationsJars empty when nothing was said
 */
public record LocalSurroundings(
    Optional<URI> endpoint, Optional<String> region, List<Path> migrationsJars) {
  public LocalSurroundings {
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
