package dev.godwit.worker.lambda;

import dagger.Module;
import dagger.Provides;
import dev.godwit.migration.Migrations;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.slice.Database;
import dev.godwit.worker.slice.Threads;
import dev.godwit.worker.source.SourceFiles;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out what the settings hold, and makes the threads. */
@Module
interface WorkerModule {
  @Provides
  static Migrations migrations(WorkerSettings settings) {
    return settings.migrations();
  }

  @Provides
  static Database database(WorkerSettings settings) {
    return settings.database();
  }

  @Provides
  static RateSource rates(WorkerSettings settings) {
    return settings.rates();
  }

  @Provides
  static RecordStore records(WorkerSettings settings) {
    return settings.records();
  }

  @Provides
  static SourceFiles files(WorkerSettings settings) {
    return settings.files();
  }

  @Provides
  static PageListener listener(WorkerSettings settings) {
    return settings.listener();
  }

  @Provides
  static Timer timer() {
    return Timer.SYSTEM;
  }

  @Provides
  static InstantSource clock() {
    return InstantSource.system();
  }

  @Provides
  @Singleton
  static Threads threads(WorkerSettings settings) {
    return new Threads(
        Executors.newCachedThreadPool(daemons("godwit-reader")),
        Executors.newFixedThreadPool(settings.senders(), daemons("godwit-sender")),
        settings.mostInFlight());
  }

  private static ThreadFactory daemons(String name) {
    var count = new AtomicInteger();
    return runnable -> {
      var thread = new Thread(runnable, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
