package dev.godwit.worker.slice;

import dev.godwit.migration.Change;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.run.slice.Woken;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.code.MigrationCode;
import dev.godwit.worker.code.MigrationFinder;
import dev.godwit.worker.code.RunHooks;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Pacers;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.source.LocalSourceFiles;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A worker as Lambda has it, put together by hand. */
public final class TestWorker {
  /** Reads the tests' classes once. */
  private static final MigrationCode CODE = new MigrationCode();

  private final SegmentWorker worker;
  private final DeferredActions deferredActions;
  private final Waking waking;

  /** When clocks that are not the system's begin. */
  static final Instant BEGIN = Instant.parse("2026-11-20T09:30:00Z");

  private TestWorker(
      Migration migration,
      Database database,
      RecordStore records,
      Threads threads,
      PageListener listener,
      RateSource rates,
      Timer timer) {
    var pacers = new Pacers(rates, timer);
    var finder = new MigrationFinder(Migrations.of(List.of(migration)), CODE, records);
    InstantSource clock = () -> BEGIN.plusNanos(timer.nanos());
    var files = new LocalSourceFiles();
    this.waking = new Waking(finder, new RunHooks(finder), database, files);
    this.worker =
        new SegmentWorker(
            new SliceParts.Factory(finder, database, records, files, threads, pacers, timer),
            listener,
            timer,
            clock);
    this.deferredActions =
        new DeferredActions(database, records, threads, pacers, listener, timer, clock);
  }

  /** A worker that does one thing after another, on a clock that moves when it sleeps. */
  public static TestWorker inOneThread(
      Migration migration, Database database, RecordStore records, PageListener listener) {
    return inOneThread(migration, database, records, listener, new FakeTimer());
  }

  private static TestWorker inOneThread(
      Migration migration,
      Database database,
      RecordStore records,
      PageListener listener,
      Timer timer) {
    Executor here = Runnable::run;
    return new TestWorker(
        migration, database, records, new Threads(here, here, 8), listener, RateSource.NONE, timer);
  }

  /** A worker that does one thing after another, and goes by rate documents. */
  static TestWorker goingBy(
      RateSource rates, Migration migration, Database database, RecordStore records, Timer timer) {
    Executor here = Runnable::run;
    return new TestWorker(
        migration, database, records, new Threads(here, here, 8), PageListener.NONE, rates, timer);
  }

  /** A worker that does one thing after another, on the clock {@code timer}. */
  public static TestWorker inOneThread(
      Migration migration, Database database, RecordStore records, Timer timer) {
    return inOneThread(migration, database, records, PageListener.NONE, timer);
  }

  public static TestWorker inOneThread(
      Migration migration, Database database, RecordStore records) {
    return inOneThread(migration, database, records, PageListener.NONE);
  }

  /** A worker with threads of its own, on the system's clock. */
  public static TestWorker threaded(Migration migration, Database database, RecordStore records) {
    return threaded(migration, database, records, PageListener.NONE);
  }

  /** A worker with threads of its own, on the system's clock, that tells {@code listener}. */
  public static TestWorker threaded(
      Migration migration, Database database, RecordStore records, PageListener listener) {
    return threaded(migration, database, records, listener, Timer.SYSTEM);
  }

  /** A worker with threads of its own, on the clock {@code timer}. */
  public static TestWorker threaded(
      Migration migration, Database database, RecordStore records, Timer timer) {
    return threaded(migration, database, records, PageListener.NONE, timer);
  }

  private static TestWorker threaded(
      Migration migration,
      Database database,
      RecordStore records,
      PageListener listener,
      Timer timer) {
    return new TestWorker(
        migration,
        database,
        records,
        new Threads(daemons(), daemons(), 8),
        listener,
        RateSource.NONE,
        timer);
  }

  /** The digest of the code that migrations under test are made of. */
  public static String code() {
    return CODE.digest(TestMigration.up((item, context) -> Change.keep()));
  }

  /** Looks, before a run begins. */
  Woken wake(WakeRequest wake) {
    return waking.wake(wake, Deadline.NEVER);
  }

  /** Runs one slice. */
  public SliceResult run(SliceRequest slice, Deadline deadline) {
    return slice.deferred().isPresent()
        ? deferredActions.run(slice, deadline)
        : worker.run(slice, deadline);
  }

  /** Runs a segment to its end, in one slice. */
  public SliceResult run(TestSlice slice) {
    return run(slice.request(), Deadline.NEVER);
  }

  private static ExecutorService daemons() {
    return Executors.newCachedThreadPool(
        runnable -> {
          var thread = new Thread(runnable, "test-worker");
          thread.setDaemon(true);
          return thread;
        });
  }
}
