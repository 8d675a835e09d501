package dev.godwit.migration;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link RunHook} may know of its run.
 *
 * @param runId the run's name
 * @param tableName the table that the run is over
 * @param targetTable the other table that its items are put into; empty for a run in place
 * @param startedAt when the run was started
 * @param parameters given by whoever started the run, name to text
 */
public record RunContext(
    String runId,
    String tableName,
    Optional<String> targetTable,
    Instant startedAt,
    Map<String, String> parameters) {
  public RunContext {
    parameters = Map.copyOf(parameters);
  }

  /** The parameter {@code name}, or empty when the run was started without it. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
