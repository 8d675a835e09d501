package dev.godwit.migration;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a transform may know of its run. Equal for every item of the run, on every worker and after
 * every retry.
 *
 * @param runId the run's name
 * @param startedAt when the run was started; the only time a transform should use
 * @param parameters given by whoever started the run, name to text
 */
public record TransformContext(String runId, Instant startedAt, Map<String, String> parameters) {
  public TransformContext {
    parameters = Map.copyOf(parameters);
  }

  /** The parameter {@code name}, or empty when the run was started without it. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
