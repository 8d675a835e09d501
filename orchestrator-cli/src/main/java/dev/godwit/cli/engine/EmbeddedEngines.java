package dev.godwit.cli.engine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.godwit.cli.engine.WorkerFactory.OpenWorker;
import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.launch.LocalEngines;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.lambda.SegmentWorkerHandler;
import dev.godwit.worker.lambda.WorkerSettings;
import dev.godwit.worker.record.FolderRecordStore;
import dev.godwit.worker.source.AnySourceFiles;
import dev.godwit.worker.source.LocalSourceFiles;
import java.nio.file.Path;
import java.util.Optional;

/** Embedded engines with the real worker. */
public final class EmbeddedEngines implements LocalEngines {
  private static final int IN_FLIGHT_PER_SLICE = 4;
  private static final int SENDERS = 16;

  /**
   * What a slice may need: two pages of at most 1 MB, of many small items, decoded, and their
   * writes.
   */
  private static final long SLICE_BYTES = 16L << 20;

  /** What the process needs beside its slices: its classes' own data, the SDK's, the engine's. */
  private static final long OWN_BYTES = 32L << 20;

  @Override
  public RunEngine open(
      DynamoDbConnection connection,
      String ledgerTable,
      Migrations migrations,
      Path folder,
      Optional<Origin> origin) {
    return (request, observer, stop) -> {
      try (var runs =
          lifecycle(
              folder,
              RunSource.given(
                  new Whereabouts(connection, ledgerTable, () -> migrations), origin))) {
        return runs.run(request, observer, stop);
      }
    };
  }

  @Override
  public RunLifecycle runs(
      DynamoDbConnection connection, String ledgerTable, Migrations migrations, Path folder) {
    return lifecycle(
        folder,
        RunSource.given(
            new Whereabouts(connection, ledgerTable, () -> migrations), Optional.empty()));
  }

  static RunLifecycle lifecycle(Path folder, RunSource source) {
    return lifecycle(folder, source, slicesThatFit());
  }

  static RunLifecycle lifecycle(Path folder, RunSource source, int slicesThatFit) {
    return new RunLifecycle(
        new EmbeddedPlace(
            folder,
            source,
            new EmbeddedExecutions(
                folder, source, where -> pages -> worker(where, folder, pages), slicesThatFit)));
  }

  /** However many segments a run may have under way, this process has only so much memory. */
  private static int slicesThatFit() {
    return (int) Math.max(1, (Runtime.getRuntime().maxMemory() - OWN_BYTES) / SLICE_BYTES);
  }

  private static OpenWorker worker(Whereabouts where, Path folder, PageListener pages) {
    var database = new DynamoDbDatabase(where.connection().service(), false, pages);
    var s3 = new LaterS3Files(where.connection());
    var records = new FolderRecordStore(folder.resolve(EngineTasks.RESULTS_BUCKET));
    var handler =
        new SegmentWorkerHandler(
            new WorkerSettings(
                where.migrations().get(),
                database,
                database.rates(),
                records,
                new AnySourceFiles(s3, new LocalSourceFiles()),
                IN_FLIGHT_PER_SLICE,
                SENDERS,
                pages));
    return new OpenWorker() {
      @Override
      public RequestStreamHandler handler() {
        return handler;
      }

      @Override
      public void close() {
        handler.close();
        database.close();
        s3.close();
      }
    };
  }
}
