package dev.godwit.run.slice;

import dev.godwit.migration.Target;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a worker to do what a migration has to do once for a run.
 *
 * @param hook which of it
 * @param runId the run
 * @param tableName the table that it is over
 * @param migration the id of the migration
 * @param code the digest of the code that the run began with
 * @param startedAt when the run was started
 * @param parameters given by whoever started the run, name to text
 * @param target another table that items are put into; absent for the migration's own
 */
public record HookRequest(
    Hook hook,
    String runId,
    String tableName,
    String migration,
    String code,
    Instant startedAt,
    Map<String, String> parameters,
    Optional<Target> target) {
  public HookRequest {
    parameters = Map.copyOf(parameters);
  }
}
