package dev.godwit.cli.engine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.godwit.cli.engine.WorkerFactory.OpenWorker;
import dev.godwit.cli.local.LocalRunFiles.Origin;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.session.LocalEngines;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.lambda.SegmentWorkerHandler;
import dev.godwit.worker.lambda.WorkerSettings;
import dev.godwit.worker.record.FolderRecordStore;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Embedded engines with the real worker. */
public final class EmbeddedEngines implements LocalEngines {
  private static final int IN_FLIGHT_PER_SLICE = 4;
  private static final int SENDERS = 16;

  /** A thread of a segment reads while all senders write. */
  private static final int CONNECTIONS = 128;

  @Override
  public RunEngine open(
      DynamoDbConnection connection, Migrations migrations, Path folder, Optional<Origin> origin) {
    return embedded(connection, migrations, folder, origin, EmbeddedEngine.slicesThatFit());
  }

  /** One that goes on with runs, whose origins are kept already. */
  EmbeddedEngine embedded(DynamoDbConnection connection, Migrations migrations, Path folder) {
    return embedded(
        connection, migrations, folder, Optional.empty(), EmbeddedEngine.slicesThatFit());
  }

  static EmbeddedEngine embedded(
      DynamoDbConnection connection,
      Migrations migrations,
      Path folder,
      Optional<Origin> origin,
      int slicesThatFit) {
    return new EmbeddedEngine(
        connection,
        pages -> worker(connection, migrations, folder, pages),
        folder,
        origin,
        slicesThatFit);
  }

  private static OpenWorker worker(
      DynamoDbConnection connection, Migrations migrations, Path folder, PageListener pages) {
    var database =
        new DynamoDbDatabase(
            connection
                .configured(DynamoDbClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS)),
            false);
    var records = new FolderRecordStore(folder.resolve(EmbeddedEngine.RESULTS_BUCKET));
    var handler =
        new SegmentWorkerHandler(
            new WorkerSettings(migrations, database, records, IN_FLIGHT_PER_SLICE, SENDERS, pages));
    return new OpenWorker() {
      @Override
      public RequestStreamHandler handler() {
        return handler;
      }

      @Override
      public void close() {
        handler.close();
        database.close();
      }
    };
  }
}
