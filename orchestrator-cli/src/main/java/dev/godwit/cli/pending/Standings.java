package dev.godwit.cli.pending;

import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.pending.Standing.Remark;
import dev.godwit.cli.pending.Standing.State;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Counter;
import dev.godwit.run.ledger.MigrationState;
import dev.godwit.worker.code.MigrationCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds the migrations that are known here against a table's history. */
public final class Standings {
  private final Map<String, Migration> here = new TreeMap<>();
  private final MigrationCode code = new MigrationCode();

  /**
   * @param here all that are known here, for whatever table
   */
  public Standings(Migrations here) {
    here.all().forEach(migration -> this.here.put(migration.id(), migration));
  }

  /**
   * How each migration stands on {@code table} that is meant for it or is in its history, by id.
   *
   * @param history of that table
   * @param runs that the ledger knows, over whatever table
   */
  public List<Standing> of(String table, List<HistoryEntry> history, Collection<RunRecord> runs) {
    var entries = new HashMap<String, HistoryEntry>();
    history.forEach(entry -> entries.put(entry.migration(), entry));
    var ids = new TreeSet<>(entries.keySet());
    here.values().stream()
        .filter(migration -> Migrations.isMeantFor(migration, table))
        .forEach(migration -> ids.add(migration.id()));
    var newestApplied =
        history.stream()
            .filter(entry -> !entry.standing().isPending())
            .map(HistoryEntry::migration)
            .max(Comparator.naturalOrder());
    var standings = new ArrayList<Standing>();
    for (String id : ids) {
      var theirs =
          runs.stream()
              .filter(run -> run.tableName().equals(table) && run.migration().equals(id))
              .toList();
      boolean outOfOrder = newestApplied.filter(newest -> newest.compareTo(id) > 0).isPresent();
      standings.add(of(table, id, Optional.ofNullable(entries.get(id)), theirs, outOfOrder));
    }
    return List.copyOf(standings);
  }

  private Standing of(
      String table,
      String id,
      Optional<HistoryEntry> entry,
      List<RunRecord> runs,
      boolean outOfOrder) {
    var migration = Optional.ofNullable(here.get(id));
    var codeHere = migration.map(code::digest);
    var standing = entry.map(HistoryEntry::standing).orElse(MigrationState.NONE);
    boolean pending =
        standing.isPending()
            && migration.filter(known -> Migrations.isMeantFor(known, table)).isPresent();
    var newest =
        runs.stream()
            .max(Comparator.comparing(RunRecord::startedAt))
            .filter(run -> entry.isEmpty() || isLater(run, entry.get()));
    var state = state(standing, newest);
    var run =
        entry.isEmpty()
            ? newest
            : runs.stream().filter(one -> one.runId().equals(entry.get().runId())).findFirst();
    var applied = entry.flatMap(HistoryEntry::code);

    var remarks = new ArrayList<Remark>();
    if (pending && outOfOrder) {
      remarks.add(Remark.OUT_OF_ORDER);
    }
    if (!standing.isPending()
        && applied.isPresent()
        && codeHere.isPresent()
        && !applied.equals(codeHere)) {
      remarks.add(Remark.CHANGED_SINCE);
    }
    if (migration.isEmpty()) {
      remarks.add(Remark.MISSING_HERE);
    }
    if (entry.isPresent()) {
      newest.flatMap(Standings::outcome).ifPresent(remarks::add);
    }
    return new Standing(
        table,
        id,
        state,
        pending,
        remarks,
        entry
            .map(HistoryEntry::runId)
            .or(() -> run.map(RunRecord::runId))
            .filter(name -> !name.isEmpty()),
        entry
            .map(HistoryEntry::at)
            .or(() -> run.map(one -> one.endedAt().orElse(one.startedAt()).toString())),
        run.flatMap(one -> one.endedAt().map(end -> Duration.between(one.startedAt(), end))),
        run.map(one -> OptionalLong.of(changed(one))).orElseGet(OptionalLong::empty),
        entry.map(HistoryEntry::failed).orElse(0L),
        applied,
        codeHere);
  }

  private static State state(MigrationState standing, Optional<RunRecord> newest) {
    return switch (standing) {
      case APPLIED -> State.APPLIED;
      case PARTIAL -> State.PARTIAL;
      case UNDONE -> State.UNDONE;
      case NONE ->
          newest
              .flatMap(Standings::outcome)
              .map(outcome -> outcome == Remark.LATER_RUN_FAILED ? State.FAILED : State.RUNNING)
              .orElse(State.PENDING);
    };
  }

  /** What to say of a run that the history does not have; nothing of one that succeeded. */
  private static Optional<Remark> outcome(RunRecord run) {
    if (run.isOpen()) {
      return Optional.of(Remark.LATER_RUN_GOES_ON);
    }
    return run.status().equals("SUCCEEDED")
        ? Optional.empty()
        : Optional.of(Remark.LATER_RUN_FAILED);
  }

  /** One run has a table at a time: what began after an entry was made is later than it. */
  private static boolean isLater(RunRecord run, HistoryEntry entry) {
    return !run.runId().equals(entry.runId()) && run.startedAt().isAfter(entry.instant());
  }

  private static long changed(RunRecord run) {
    return run.counted().count(Counter.UPDATED)
        + run.counted().count(Counter.DELETED)
        + run.counted().count(Counter.PUT);
  }
}
