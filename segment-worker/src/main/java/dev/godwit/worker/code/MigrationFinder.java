package dev.godwit.worker.code;

import dev.godwit.migration.GodwitException;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Direction;
import dev.godwit.run.Exporting;
import dev.godwit.run.SourceJson;
import dev.godwit.run.SourceRules;
import dev.godwit.run.TargetRules;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.run.slice.HookRequest;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.export.ExportMigration;
import dev.godwit.worker.record.RecordStore;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the migration that a request names, and sees to it that its code is the run's. Thread-safe.
 */
public final class MigrationFinder {
  private static final String NO_CODE = "none";

  private final Migrations migrations;
  private final MigrationCode code;
  private final RecordStore records;

  @Inject
  public MigrationFinder(Migrations migrations, MigrationCode code, RecordStore records) {
    this.migrations = migrations;
    this.code = code;
    this.records = records;
  }

  /**
   * The migration of {@code slice}.
   *
   * @throws BadSliceRequest when there is none for that table, or it does not go that way
   * @throws TransformChanged when its code is not what the run began with, and nobody has accepted
   *     the code that is here
   */
  public Found of(SliceRequest slice) {
    var found = find(slice.migration(), slice.tableName(), slice.direction());
    var here = code.digest(found.migration);
    if (isOther(slice.runId(), slice.code(), here)) {
      throw TransformChanged.since(slice.runId(), slice.migration(), slice.code(), here);
    }
    return found;
  }

  /**
   * The digest of the code that {@code wake} asks about. A run's writes are taken back without the
   * migration's code; what is said of it then is what was given.
   *
   * @throws BadSliceRequest as {@link #of(SliceRequest)}
   * @throws TransformChanged as {@link #of(SliceRequest)}
   */
  public String digest(WakeRequest wake) {
    if (wake.undo().isPresent()) {
      return wake.code().orElse(NO_CODE);
    }
    var here = code.digest(of(wake));
    var expected = wake.code().orElse(here);
    if (isOther(wake.runId(), expected, here)) {
      throw TransformChanged.before(wake.runId(), wake.migration(), expected, here);
    }
    return here;
  }

  /**
   * The migration that {@code request} is about.
   *
   * @throws BadSliceRequest when there is none for that table
   * @throws TransformChanged as {@link #of(SliceRequest)}
   */
  Migration of(HookRequest request) {
    var migration = find(request.migration(), request.tableName(), Direction.UP).migration;
    var here = code.digest(migration);
    if (isOther(request.runId(), request.code(), here)) {
      throw TransformChanged.since(request.runId(), request.migration(), request.code(), here);
    }
    return migration;
  }

  /**
   * The migration that {@code wake} asks about.
   *
   * @throws BadSliceRequest when there is none for that table, or it does not go that way
   */
  Migration of(WakeRequest wake) {
    return find(wake.migration(), wake.tableName(), wake.direction()).migration;
  }

  /**
   * Where {@code slice} puts its items; absent for a run in place.
   *
   * @throws BadSliceRequest when that does not go together with what is asked for
   */
  public static Optional<Target> target(SliceRequest slice, Migration migration) {
    return checked(slice.target(), source(slice, migration), migration, slice.asked());
  }

  /**
   * Where the run that {@code wake} is about puts its items; absent for one in place.
   *
   * @throws BadSliceRequest when there is no such migration, or its target does not go together
   *     with what is asked for
   */
  public Optional<Target> target(WakeRequest wake) {
    if (wake.undo().isPresent()) {
      return Optional.empty();
    }
    var migration = of(wake);
    return checked(wake.target(), source(wake.source(), migration), migration, wake.asked());
  }

  /**
   * Where the items come from of the run that {@code wake} is about; absent for one that takes back
   * another.
   *
   * @throws BadSliceRequest when its migration cannot say
   */
  public Optional<Source> source(WakeRequest wake) {
    return wake.undo().isPresent()
        ? Optional.empty()
        : Optional.of(source(wake.source(), of(wake)));
  }

  /**
   * Where the items of {@code slice} come from.
   *
   * @throws BadSliceRequest when its migration cannot say
   */
  public static Source source(SliceRequest slice, Migration migration) {
    return source(slice.source().map(GivenSource::source), migration);
  }

  private static Source source(Optional<Source> named, Migration migration) {
    return named.orElseGet(() -> source(migration));
  }

  /** What is made goes into the run's own table, unless somebody names another. */
  private static Optional<Target> checked(
      Optional<Target> named, Source source, Migration migration, TargetRules.Asked asked) {
    var target = named.or(() -> target(migration, asked.tableName()));
    if (source instanceof Source.Generator && target.isEmpty()) {
      target = Optional.of(Target.table(asked.tableName()));
    }
    try {
      if (SourceJson.isNameable(source)) {
        SourceRules.check(source, target, asked);
      }
      boolean reads = SourceRules.readsTheTable(source);
      target.ifPresent(there -> TargetRules.check(there, reads ? asked : asked.withoutReading()));
    } catch (IllegalArgumentException e) {
      throw new BadSliceRequest(String.valueOf(e.getMessage()), e);
    }
    return target;
  }

  /**
   * Where the items of {@code migration} come from.
   *
   * @throws BadSliceRequest when it cannot say
   */
  @SuppressWarnings("CatchingUnchecked") // user code
  private static Source source(Migration migration) {
    try {
      return Objects.requireNonNull(migration.source(), "source() is null");
    } catch (RuntimeException e) {
      throw new BadSliceRequest(
          "Migration " + migration.id() + " cannot say its source: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // user code
  static Optional<Target> target(Migration migration, String table) {
    try {
      return migration.target(table);
    } catch (RuntimeException e) {
      throw new BadSliceRequest(
          "Migration " + migration.id() + " cannot say its target: " + e.getMessage(), e);
    }
  }

  /** Reads the code of every migration, so that no slice has to. */
  public void readAll() {
    migrations.all().forEach(code::digest);
  }

  /**
   * A migration, and which of its transforms is asked for.
   *
   * @param migration the migration
   * @param transform its transform in the direction of the run
   */
  public record Found(Migration migration, ItemTransform transform) {}

  private Found find(String id, String table, Direction direction) {
    try {
      var migration =
          id.equals(Exporting.MIGRATION) ? new ExportMigration() : migrations.byId(id, table);
      return new Found(migration, transform(migration, direction));
    } catch (GodwitException e) {
      throw e instanceof BadSliceRequest bad
          ? bad
          : new BadSliceRequest(String.valueOf(e.getMessage()), e);
    }
  }

  private static ItemTransform transform(Migration migration, Direction direction) {
    return switch (direction) {
      case UP -> migration.up();
      case DOWN ->
          migration
              .down()
              .orElseThrow(
                  () ->
                      new BadSliceRequest(
                          "Migration " + migration.id() + " has no down transform", null));
    };
  }

  private boolean isOther(String runId, String expected, String here) {
    return !here.equals(expected) && !isAccepted(runId, here);
  }

  /** Asked only when the code is another: whoever redrives a run may have accepted it. */
  private boolean isAccepted(String runId, String digest) {
    var folder = ResultsLayout.folder(runId, Kind.ACCEPTED_CODE) + "/";
    return records.list(folder).contains(ResultsLayout.acceptedCode(runId, digest));
  }
}
