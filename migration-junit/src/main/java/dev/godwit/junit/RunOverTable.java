package dev.godwit.junit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.lambda.SegmentWorkerHandler;
import dev.godwit.worker.lambda.WorkerSettings;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.record.FolderRecordStore;
import dev.godwit.worker.source.LocalSourceFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run over a {@link TestTable}: what the state machine asks of the worker, one segment after the
 * other.
 */
final class RunOverTable {
  private static final int IN_FLIGHT = 4;
  private static final int SENDERS = 4;
  private static final int SLICE_SECONDS = 240;

  /** A slice ends when Lambda's time does; here nothing hurries it. */
  private static final long MILLIS_LEFT = 900_000;

  private final Database database;
  private final TestTable table;
  private final Migration migration;
  private final String runId;
  private final Tally.Sum counted = new Tally.Sum();

  RunOverTable(Database database, TestTable table, Migration migration) {
    this.database = database;
    this.table = table;
    this.migration = migration;
    this.runId = database.nextRunId();
  }

  TestRun up() {
    return run(Direction.UP);
  }

  TestRun down() {
    return run(Direction.DOWN);
  }

  private TestRun run(Direction direction) {
    var records = new FolderRecordStore(database.folder());
    var tables = new DynamoDbDatabase(database.service(), false);
    try (var worker =
        new SegmentWorkerHandler(
            new WorkerSettings(
                Migrations.of(List.of(migration)),
                tables,
                RateSource.NONE,
                records,
                new LocalSourceFiles(),
                IN_FLIGHT,
                SENDERS,
                (segment, page) -> count(page)))) {
      Optional<WorkerException> trouble = Optional.empty();
      try {
        var woken = asked(worker, wake(direction));
        var request = request(woken, direction);
        call(worker, "before", woken, request);
        for (int segment = 0; segment < table.segments(); segment++) {
          slices(worker, request.deepCopy().put("segment", segment));
        }
        for (int segment = 0; segment < table.segments(); segment++) {
          var deferred = ResultsLayout.deferred(runId, segment);
          if (!records.list(deferred.substring(0, deferred.lastIndexOf('/'))).contains(deferred)) {
            continue;
          }
          var actions = request.deepCopy().put("segment", segment);
          actions.putObject("deferred").put("key", deferred);
          slices(worker, actions);
        }
        call(worker, "after", woken, request);
      } catch (WorkerException e) {
        trouble = Optional.of(e);
      }
      return new TestRun(counted.total(), trouble, failures(records), () -> again().run(direction));
    }
  }

  private RunOverTable again() {
    return new RunOverTable(database, table, migration);
  }

  private synchronized void count(Tally page) {
    counted.add(page);
  }

  /** Slice after slice, until one answers no cursor. */
  private static void slices(SegmentWorkerHandler worker, ObjectNode slice) {
    JsonNode cursor;
    do {
      var result = asked(worker, slice);
      cursor = result.get("cursor");
      slice.set("cursor", cursor);
      slice.set("segmentTally", result.get("segmentTally"));
    } while (cursor != null);
  }

  /** What the migration does once for a run, if it does anything then. */
  private static void call(
      SegmentWorkerHandler worker, String hook, JsonNode woken, ObjectNode slice) {
    for (JsonNode present : woken.get("hooks")) {
      if (present.textValue().equals(hook)) {
        asked(
            worker,
            slice
                .deepCopy()
                .retain("runId", "tableName", "migration", "code", "startedAt", "parameters")
                .put("hook", hook));
      }
    }
  }

  private ObjectNode wake(Direction direction) {
    var wake = JsonNodeFactory.instance.objectNode();
    wake.putObject("wake")
        .put("runId", runId)
        .put("tableName", table.name())
        .put("migration", migration.id())
        .put("direction", direction.toString());
    return wake;
  }

  private ObjectNode request(JsonNode woken, Direction direction) {
    var now = Instant.now().toString();
    var request = JsonNodeFactory.instance.objectNode();
    request
        .put("runId", runId)
        .put("startedAt", now)
        .put("tableName", table.name())
        .put("migration", migration.id())
        .put("direction", direction.toString())
        .put("mode", Mode.APPLY.toString())
        .put("guard", "read-set")
        .put("totalSegments", table.segments())
        .put("sliceSeconds", SLICE_SECONDS)
        .put("itemFailuresAllowed", 0)
        .put("attempt", 0)
        .put("enteredAt", now)
        .put("retry", 0);
    table.keys().forEach(request.putArray("keys")::add);
    var parameters = request.putObject("parameters");
    table.parameters().forEach(parameters::put);
    request.set("code", woken.get("code"));
    if (woken.has("source")) {
      request.set("source", woken.get("source"));
    }
    return request;
  }

  private static JsonNode asked(SegmentWorkerHandler worker, JsonNode request) {
    try {
      var out = new ByteArrayOutputStream();
      worker.handle(
          new ByteArrayInputStream(Database.JSON.writeValueAsBytes(request)),
          out,
          () -> MILLIS_LEFT);
      return Database.JSON.readTree(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("The worker answers no JSON", e);
    }
  }

  private List<TestRun.Failure> failures(FolderRecordStore records) {
    var failures = new ArrayList<TestRun.Failure>();
    for (String file : records.list(ResultsLayout.folder(runId, Kind.FAILURES))) {
      try (var lines =
          Database.JSON.readerFor(JsonNode.class).<JsonNode>readValues(records.read(file))) {
        lines.forEachRemaining(
            line ->
                failures.add(
                    new TestRun.Failure(
                        line.get("key").toString(),
                        line.get("error").textValue(),
                        line.get("message").textValue())));
      } catch (IOException e) {
        throw new UncheckedIOException("The record " + file + " is no JSON lines", e);
      }
    }
    return failures;
  }
}
