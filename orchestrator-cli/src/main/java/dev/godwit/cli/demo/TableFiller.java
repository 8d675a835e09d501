package dev.godwit.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.demo.ItemSource.Numbered;
import dev.godwit.cli.progress.ItemProgress;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.wire.ServiceRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** Writes many items into a table at once. Holds a few batches in memory, however many come. */
final class TableFiller {
  /** DynamoDB's limit: API reference, BatchWriteItem; read 2026-11-20. */
  private static final int BATCH = 25;

  private static final int THREADS = 4;
  private static final Duration WAIT_FOR_UNPROCESSED = Duration.ofMillis(50);
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final ServiceCalls wire;
  private final String table;
  private final LongFunction<String> nameOf;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  /**
   * @param nameOf what the item of a number is called, for people
   */
  TableFiller(ServiceCalls wire, String table, LongFunction<String> nameOf) {
    this.wire = wire;
    this.table = table;
    this.nameOf = nameOf;
  }

  /** An item as it is sent. */
  private static final class Row {
    private final long number;
    private final byte[] item;

    Row(Numbered numbered) {
      var out = new ByteArrayOutputStream();
      DynamoDbJson.write(numbered.item(), out);
      this.number = numbered.number();
      this.item = out.toByteArray();
    }
  }

  /**
   * Writes {@code items}, in no certain order; no two may have one key.
   *
   * @throws CommandFailed when DynamoDB refuses one; names it
   */
  void fill(Stream<Numbered> items, ItemProgress progress) {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(THREADS),
            new ThreadPoolExecutor.CallerRunsPolicy());
    try {
      var batch = new ArrayList<Row>();
      for (var each = items.iterator(); each.hasNext() && failure.get() == null; ) {
        batch.add(new Row(each.next()));
        if (batch.size() == BATCH || !each.hasNext()) {
          var full = List.copyOf(batch);
          pool.execute(() -> writeUnlessFailed(full, progress));
          batch.clear();
        }
      }
    } finally {
      awaitEnd(pool);
    }
    var failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void writeUnlessFailed(List<Row> batch, ItemProgress progress) {
    if (failure.get() != null) {
      return;
    }
    try {
      writeOrName(batch);
      progress.add(batch.size());
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  /** DynamoDB refuses a batch whole, and does not say for which item. */
  private void writeOrName(List<Row> batch) {
    try {
      write(batch);
    } catch (ServiceRefused refused) {
      if (batch.size() > 1) {
        batch.forEach(row -> writeOrName(List.of(row)));
        return;
      }
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          nameOf.apply(batch.get(0).number) + ": DynamoDB refused this item: " + refused.reason(),
          refused);
    }
  }

  private void write(List<Row> batch) {
    var body = requestBody(batch);
    for (JsonNode unprocessed = call(body); !unprocessed.isEmpty(); unprocessed = call(body)) {
      pause();
      body =
          JSON.createObjectNode()
              .set("RequestItems", unprocessed)
              .toString()
              .getBytes(StandardCharsets.UTF_8);
    }
  }

  private JsonNode call(byte[] body) {
    try {
      return JSON.readTree(wire.call("BatchWriteItem", body)).path("UnprocessedItems");
    } catch (IOException e) {
      throw new UncheckedIOException("DynamoDB's answer is not JSON", e);
    }
  }

  private byte[] requestBody(List<Row> batch) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(("{\"RequestItems\":{\"" + table + "\":[").getBytes(StandardCharsets.US_ASCII));
    var separator = "";
    for (Row row : batch) {
      out.writeBytes(
          (separator + "{\"PutRequest\":{\"Item\":").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(row.item);
      out.writeBytes("}}".getBytes(StandardCharsets.US_ASCII));
      separator = ",";
    }
    out.writeBytes("]}}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static void pause() {
    try {
      Thread.sleep(WAIT_FOR_UNPROCESSED.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(ThreadPoolExecutor pool) {
    pool.shutdown();
    try {
      while (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
        // the last batches are on their way
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
