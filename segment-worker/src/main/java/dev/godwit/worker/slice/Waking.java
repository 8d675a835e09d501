package dev.godwit.worker.slice;

import dev.godwit.run.slice.WakeRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.code.MigrationFinder;
import dev.godwit.worker.pace.Deadline;
import jakarta.inject.Inject;

/**
 * Looks, before a run begins, whether it could: whether its migration is there and goes together
 * with what is asked for, and whether its target is there. Thread-safe.
 */
public final class Waking {
  private final MigrationFinder migrations;
  private final Database database;

  @Inject
  Waking(MigrationFinder migrations, Database database) {
    this.migrations = migrations;
    this.database = database;
  }

  /**
   * Answers the digest of the migration's code.
   *
   * @throws BadSliceRequest when the run cannot be as it is asked for
   * @throws TransformChanged when the code is not what whoever started the run expects
   * @throws TableRefused when the target is not there, or may not be looked at
   */
  public String wake(WakeRequest wake, Deadline deadline) {
    var digest = migrations.digest(wake);
    migrations.target(wake).ifPresent(target -> database.target(target, deadline));
    return digest;
  }
}
