package dev.godwit.infra.deployment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A ledger in memory; the test plays the state machines' part. */
final class InMemoryBooks implements Books {
  final Set<String> applied = new HashSet<>();
  final Set<String> opened = new HashSet<>();
  final Map<String, Note> notes = new HashMap<>();
  Optional<String> holder = Optional.empty();

  @Override
  public boolean applied(String tableName, String migration) {
    return applied.contains(migration);
  }

  @Override
  public Optional<String> holder(String tableName) {
    return holder;
  }

  @Override
  public boolean opened(String runId) {
    return opened.contains(runId);
  }

  @Override
  public Optional<Note> note(String tableName) {
    return Optional.ofNullable(notes.get(tableName));
  }

  @Override
  public void write(String tableName, Note note) {
    notes.put(tableName, note);
  }
}
