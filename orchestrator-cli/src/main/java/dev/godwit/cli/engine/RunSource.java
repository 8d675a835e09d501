package dev.godwit.cli.engine;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.folder.RunsFolder;
import dev.godwit.cli.ledger.LedgerSearch;
import dev.godwit.cli.ledger.LedgerSearch.Found;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.migrations.MigrationJars;
import dev.godwit.migration.Migrations;
import java.util.List;
import java.util.Optional;

/** Knows where the runs of a folder have what belongs to them. */
interface RunSource {
  /**
   * Of a run that is kept in the folder, or is about to begin.
   *
   * @throws CommandFailed when that is not known
   */
  Whereabouts of(String runId);

  /** Of runs over {@code tableName}, if {@code newestRun} was the last of them. */
  Whereabouts over(String tableName, Optional<String> newestRun);

  /** What is kept of a run that begins, for those who go on with it. */
  Optional<Origin> kept();

  /** All runs have theirs at one place, which is known. */
  static RunSource given(Whereabouts where, Optional<Origin> kept) {
    return new RunSource() {
      @Override
      public Whereabouts of(String runId) {
        return where;
      }

      @Override
      public Whereabouts over(String tableName, Optional<String> newestRun) {
        return where;
      }

      @Override
      public Optional<Origin> kept() {
        return kept;
      }
    };
  }

  /**
   * As {@link #kept}, and for a run that is about to begin as for {@code earlier}.
   *
   * @param withCode whether it needs that one's migrations
   */
  static RunSource like(
      String earlier, boolean withCode, RunsFolder files, OriginOverrides overrides) {
    var kept = kept(files, overrides);
    return new RunSource() {
      @Override
      public Whereabouts of(String runId) {
        if (files.origin(runId).isPresent()) {
          return kept.of(runId);
        }
        var where = kept.of(earlier);
        return withCode
            ? where
            : new Whereabouts(
                where.connection(), where.ledgerTable(), () -> Migrations.of(List.of()));
      }

      @Override
      public Whereabouts over(String tableName, Optional<String> newestRun) {
        return kept.over(tableName, newestRun);
      }

      @Override
      public Optional<Origin> kept() {
        var where = kept.of(earlier);
        var jars = overrides.migrationsJars(files.origin(earlier));
        return Optional.of(
            Origin.of(where.connection(), where.ledgerTable(), withCode ? jars : List.of()));
      }
    };
  }

  /** As it was kept of each run when it began, unless a command says otherwise. */
  static RunSource kept(RunsFolder files, OriginOverrides overrides) {
    return new RunSource() {
      @Override
      public Whereabouts of(String runId) {
        var origin = files.origin(runId);
        if (origin.isEmpty() && !overrides.hasConnection()) {
          throw new CommandFailed(
              ExitCode.BAD_USAGE,
              "Where the run "
                  + runId
                  + " has its table was not kept; give --region or --endpoint-url");
        }
        return where(
            origin,
            new Found(
                overrides
                    .ledgerTable()
                    .or(() -> origin.map(Origin::ledgerTable))
                    .orElse(LedgerTable.OF_MACHINES),
                ""));
      }

      @Override
      public Whereabouts over(String tableName, Optional<String> newestRun) {
        var origin = newestRun.flatMap(files::origin);
        return where(
            origin,
            overrides
                .ledgerTable()
                .or(() -> origin.map(Origin::ledgerTable))
                .map(name -> new Found(name, ""))
                .orElseGet(() -> found(tableName)));
      }

      private Found found(String tableName) {
        var connection = overrides.connection(Optional.empty());
        if (!connection.isAws()) {
          return new Found(LedgerTable.OF_MACHINES, "");
        }
        try (var client = connection.client()) {
          return new LedgerSearch(client).of(tableName);
        }
      }

      private Whereabouts where(Optional<Origin> origin, Found ledger) {
        return new Whereabouts(
            overrides.connection(origin),
            ledger.ledgerTable(),
            () -> MigrationJars.load(overrides.migrationsJars(origin)),
            ledger.doubt());
      }

      @Override
      public Optional<Origin> kept() {
        return Optional.empty();
      }
    };
  }
}
