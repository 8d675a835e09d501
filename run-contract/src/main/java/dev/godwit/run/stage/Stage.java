package dev.godwit.run.stage;

import dev.godwit.migration.Migrations;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of a team's environments.
 *
 * @param name as its users call it
 * @param stateMachine the ARN of the state machine that its runs are on; empty for runs on the
 *     machine of whoever gives the command
 * @param region of runs on a machine; empty for the one that is found
 * @param endpointUrl where the DynamoDB of runs on a machine answers; empty for the region's own
 * @param tables the names of its tables; a {@code *} stands for any characters. Empty for any table
 * @param parameters what its runs' transforms may read, name to text
 */
public record Stage(
    String name,
    Optional<String> stateMachine,
    Optional<String> region,
    Optional<URI> endpointUrl,
    List<String> tables,
    Map<String, String> parameters) {
  public Stage {
    tables = List.copyOf(tables);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Whether {@code table} is one of its tables. */
  public boolean has(String table) {
    return tables.isEmpty()
        || tables.stream().anyMatch(pattern -> Migrations.isNamed(pattern, table));
  }

  /** Its tables that are named without a {@code *}. */
  public List<String> namedTables() {
    return tables.stream().filter(name -> !name.contains("*")).toList();
  }
}
