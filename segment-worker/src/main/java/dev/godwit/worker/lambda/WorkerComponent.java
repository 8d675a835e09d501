package dev.godwit.worker.lambda;

import dagger.BindsInstance;
import dagger.Component;
import dev.godwit.worker.code.MigrationFinder;
import dev.godwit.worker.code.RunHooks;
import dev.godwit.worker.slice.DeferredActions;
import dev.godwit.worker.slice.SegmentWorker;
import dev.godwit.worker.slice.Threads;
import dev.godwit.worker.slice.Waking;
import jakarta.inject.Singleton;

/**
 * The worker's object graph. All of it is made in init, none of it holds what must differ between
 * copies.
 */
@Singleton
@Component(modules = WorkerModule.class)
interface WorkerComponent {
  SegmentWorker segmentWorker();

  DeferredActions deferredActions();

  MigrationFinder migrations();

  Waking waking();

  RunHooks hooks();

  Threads threads();

  @Component.Factory
  interface Factory {
    WorkerComponent create(@BindsInstance WorkerSettings settings);
  }
}
