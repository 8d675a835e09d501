package dev.godwit.cli.engine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.Executions;
import dev.godwit.cli.lifecycle.ExecutionsContract;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Tally;
import dev.godwit.worker.BadSliceRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The embedded engine, with the real definitions and a worker that waits to be told how to end. */
class EmbeddedExecutionsTest extends ExecutionsContract {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final LocalDynamoDb dynamoDb = LocalDynamoDb.inMemory();
  private Optional<EmbeddedExecutions> executions = Optional.empty();
  private volatile CountDownLatch told = new CountDownLatch(1);
  private volatile boolean failing;

  @BeforeEach
  void open() {
    dynamoDb.createTable("Cities", "id");
    var where =
        new Whereabouts(
            DynamoDbConnection.local(dynamoDb.endpoint()),
            LedgerTable.OF_MACHINES,
            () -> Migrations.of(List.of()));
    executions =
        Optional.of(
            new EmbeddedExecutions(
                folder,
                RunSource.given(where, Optional.empty()),
                place -> pages -> worker(),
                Integer.MAX_VALUE));
  }

  @AfterEach
  void close() {
    told.countDown();
    executions.ifPresent(EmbeddedExecutions::close);
    dynamoDb.close();
  }

  private WorkerFactory.OpenWorker worker() {
    return new WorkerFactory.OpenWorker() {
      @Override
      public RequestStreamHandler handler() {
        return (in, out, context) -> out.write(JSON.writeValueAsBytes(answer(JSON.readTree(in))));
      }

      @Override
      public void close() {}
    };
  }

  private JsonNode answer(JsonNode event) throws IOException {
    if (event.has("wake")) {
      return JSON.readTree("{\"code\": \"c0de\"}");
    }
    try {
      told.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failing) {
      throw new BadSliceRequest("So the test says", new IllegalStateException());
    }
    return JSON.readTree(
        "{\"segment\": %d, \"tally\": {\"scanned\": 1}, \"segmentTally\": {\"scanned\": 1}}"
            .formatted(event.path("segment").asInt()));
  }

  @Override
  protected Executions executions() {
    return executions.orElseThrow();
  }

  @Override
  protected void fail(String runId) {
    failing = true;
    end(runId);
  }

  @Override
  protected void succeed(String runId) {
    failing = false;
    end(runId);
  }

  private void end(String runId) {
    told.countDown();
    awaitEnd(runId);
    told = new CountDownLatch(1);
  }

  @Override
  protected void awaitEnd(String runId) {
    told.countDown();
    executions.orElseThrow().underWay(runId).orElseThrow().follow(UNHEARD, new StopSignal());
  }

  private static final RunObserver UNHEARD =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}
      };
}
