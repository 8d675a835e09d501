package dev.godwit.worker.code;

import dev.godwit.migration.Migration;
import dev.godwit.migration.RunContext;
import dev.godwit.migration.RunHook;
import dev.godwit.migration.Target;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.slice.Hook;
import dev.godwit.run.slice.HookRequest;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.HookFailed;
import dev.godwit.worker.TransformChanged;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What migrations do once for a run.
 *
 * <p>If the process dies on any line, the hook was called or was not, and is called again.
 *
 * <p>Thread-safe.
 */
public final class RunHooks {
  private final MigrationFinder migrations;

  @Inject
  public RunHooks(MigrationFinder migrations) {
    this.migrations = migrations;
  }

  /**
   * What the run that {@code wake} is about has to do once. A run down, one that writes nothing,
   * and one that takes writes back have nothing.
   *
   * @throws BadSliceRequest when there is no such migration, or it cannot say
   */
  public List<Hook> of(WakeRequest wake) {
    if (wake.undo().isPresent()
        || wake.direction() == Direction.DOWN
        || wake.mode().orElse(Mode.APPLY) != Mode.APPLY) {
      return List.of();
    }
    var migration = migrations.of(wake);
    return Arrays.stream(Hook.values()).filter(hook -> found(hook, migration).isPresent()).toList();
  }

  /**
   * Does what {@code request} asks for. A migration that has nothing to do then does nothing: its
   * code may have been accepted since the run began.
   *
   * @throws BadSliceRequest when there is no such migration, or it cannot say
   * @throws TransformChanged when its code is not what the run began with
   * @throws HookFailed when the hook does
   */
  @SuppressWarnings("CatchingUnchecked") // user code
  public void call(HookRequest request) {
    var migration = migrations.of(request);
    var hook = found(request.hook(), migration);
    if (hook.isEmpty()) {
      return;
    }
    var run =
        new RunContext(
            request.runId(),
            request.tableName(),
            request
                .target()
                .or(() -> MigrationFinder.target(migration, request.tableName()))
                .map(Target::tableName),
            request.startedAt(),
            request.parameters());
    try {
      hook.get().run(run);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HookFailed.of(request, e);
    } catch (Exception | LinkageError | StackOverflowError e) {
      throw HookFailed.of(request, e);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // user code
  private static Optional<RunHook> found(Hook hook, Migration migration) {
    try {
      return Objects.requireNonNull(hook.of(migration), "it is null");
    } catch (RuntimeException e) {
      throw new BadSliceRequest(
          "Migration "
              + migration.id()
              + " cannot say what it does "
              + hook
              + " a run: "
              + e.getMessage(),
          e);
    }
  }
}
