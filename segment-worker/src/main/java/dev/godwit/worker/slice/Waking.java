package dev.godwit.worker.slice;

import dev.godwit.migration.Source;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.run.slice.Woken;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.code.MigrationFinder;
import dev.godwit.worker.code.RunHooks;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.source.FoundSource;
import dev.godwit.worker.source.SourceFiles;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Looks, before a run begins, whether it could: whether its migration is there and goes together
 * with what is asked for, and whether its source and its target are there. Thread-safe.
 */
public final class Waking {
  private final MigrationFinder migrations;
  private final RunHooks hooks;
  private final Database database;
  private final SourceFiles files;

  @Inject
  Waking(MigrationFinder migrations, RunHooks hooks, Database database, SourceFiles files) {
    this.migrations = migrations;
    this.hooks = hooks;
    this.database = database;
    this.files = files;
  }

  /**
   * Answers the digest of the migration's code, what the run's source is like, and what is to be
   * done once for it.
   *
   * @throws BadSliceRequest when the run cannot be as it is asked for
   * @throws TransformChanged when the code is not what whoever started the run expects
   * @throws TableRefused when its source or its target is not there, or may not be looked at
   */
  public Woken wake(WakeRequest wake, Deadline deadline) {
    var digest = migrations.digest(wake);
    migrations.target(wake).ifPresent(target -> database.target(target, deadline));
    return new Woken(
        digest,
        migrations.source(wake).flatMap(source -> given(source, wake, deadline)),
        hooks.of(wake));
  }

  private Optional<GivenSource> given(Source source, WakeRequest wake, Deadline deadline) {
    var selection = Selection.of(source, wake.tableName(), database, files, deadline);
    if (selection.isPresent()) {
      return Optional.of(selection.get().given());
    }
    return FoundSource.of(source, wake.tableName(), files.until(deadline))
        .map(FoundSource::given)
        .or(() -> wake.source().map(named -> new GivenSource(named, Optional.empty())));
  }
}
