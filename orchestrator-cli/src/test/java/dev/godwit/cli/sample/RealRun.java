package dev.godwit.cli.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Tally;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.lambda.SegmentWorkerHandler;
import dev.godwit.worker.lambda.WorkerSettings;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.record.FolderRecordStore;
import dev.godwit.worker.source.NoSourceFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Migrates a generated table with the real worker, one item to a request: DynamoDB Local says what
 * these have consumed, indexes included, which it does not of statements.
 */
final class RealRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MILLIS_LEFT = 900_000;

  private RealRun() {}

  /** What was counted, as DynamoDB reported it. */
  static Tally over(GeneratedTable table, DynamoDbConnection connection, Path folder)
      throws IOException {
    var counted = new Tally.Sum();
    var migration = table.migration();
    try (var database = new DynamoDbDatabase(connection.service(), true);
        var worker =
            new SegmentWorkerHandler(
                new WorkerSettings(
                    Migrations.of(List.of(migration)),
                    database,
                    RateSource.NONE,
                    new FolderRecordStore(folder),
                    NoSourceFiles.NONE,
                    4,
                    4,
                    (segment, page) -> {
                      synchronized (counted) {
                        counted.add(page);
                      }
                    }))) {
      var now = Instant.now().toString();
      var wake = JsonNodeFactory.instance.objectNode();
      wake.putObject("wake")
          .put("runId", "real")
          .put("tableName", table.name())
          .put("migration", migration.id())
          .put("direction", "up");
      var slice =
          JSON.createObjectNode()
              .put("runId", "real")
              .put("startedAt", now)
              .put("tableName", table.name())
              .put("migration", migration.id())
              .put("direction", "up")
              .put("mode", "apply")
              .put("guard", "read-set")
              .put("segment", 0)
              .put("totalSegments", 1)
              .put("sliceSeconds", 240)
              .put("itemFailuresAllowed", 1_000_000)
              .put("attempt", 0)
              .put("enteredAt", now)
              .put("retry", 0);
      table.keys().forEach(slice.putArray("keys")::add);
      slice.putObject("parameters");
      slice.set("code", asked(worker, wake).get("code"));
      JsonNode cursor;
      do {
        var result = asked(worker, slice);
        cursor = result.get("cursor");
        slice.set("cursor", cursor);
        slice.set("segmentTally", result.get("segmentTally"));
      } while (cursor != null);
    }
    return counted.total();
  }

  private static JsonNode asked(SegmentWorkerHandler worker, ObjectNode request)
      throws IOException {
    var out = new ByteArrayOutputStream();
    worker.handle(
        new ByteArrayInputStream(JSON.writeValueAsBytes(request)), out, () -> MILLIS_LEFT);
    return JSON.readTree(out.toByteArray());
  }
}
