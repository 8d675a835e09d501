package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.MigrationState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The ledger's items about runs, as a test says them. */
final class InMemoryLedger implements RunLedger {
  final Map<String, History> histories = new HashMap<>();
  final Map<String, Books> books = new HashMap<>();
  final Map<String, String> targets = new HashMap<>();
  Optional<String> holder = Optional.empty();

  void applied(String migration, String runId) {
    histories.put(migration, new History(MigrationState.APPLIED, runId, 0));
  }

  @Override
  public History history(String tableName, String migration) {
    return histories.getOrDefault(migration, History.NONE);
  }

  @Override
  public Optional<String> target(String runId) {
    return Optional.ofNullable(targets.get(runId));
  }

  @Override
  public Optional<String> holder(String tableName) {
    return holder;
  }

  @Override
  public Books books(String runId) {
    return books.getOrDefault(runId, Books.NONE);
  }

  @Override
  public void takeBack(String tableName, String migration, String runId) {
    var history = history(tableName, migration);
    if (history.runId().equals(runId) && history.state() != MigrationState.UNDONE) {
      histories.put(migration, new History(MigrationState.UNDONE, runId, 0));
    }
  }
}
