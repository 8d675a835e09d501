package dev.godwit.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.progress.ItemProgress;
import dev.godwit.cli.table.DynamoDbWire;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Writes many items into a table at once. Holds a few batches in memory, however many come. */
final class TableFiller {
  /** DynamoDB's limit: API reference, BatchWriteItem; read 2026-11-20. */
  private static final int BATCH = 25;

  private static final int THREADS = 4;
  private static final Duration WAIT_FOR_UNPROCESSED = Duration.ofMillis(50);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DynamoDbWire wire;
  private final String table;
  private final List<String> keys;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  TableFiller(DynamoDbWire wire, String table, List<String> keys) {
    this.wire = wire;
    this.table = table;
    this.keys = keys;
  }

  /**
   * Writes {@code items}, in no certain order: of several with one key, any may be the one that
   * stays.
   *
   * @throws CommandFailed when DynamoDB refuses one
   */
  void fill(Stream<Item> items, ItemProgress progress) {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(THREADS),
            new ThreadPoolExecutor.CallerRunsPolicy());
    try {
      var batch = new LinkedHashMap<List<Value>, byte[]>();
      int read = 0;
      for (var each = items.iterator(); each.hasNext() && failure.get() == null; ) {
        var item = each.next();
        read++;
        var key = keyOf(item);
        batch.remove(key);
        batch.put(key, bytes(item));
        if (read == BATCH || !each.hasNext()) {
          var full = Map.copyOf(batch);
          int count = read;
          pool.execute(() -> writeUnlessFailed(full, count, progress));
          batch.clear();
          read = 0;
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

  private void writeUnlessFailed(Map<List<Value>, byte[]> batch, int count, ItemProgress progress) {
    if (failure.get() != null) {
      return;
    }
    try {
      write(batch);
      progress.add(count);
    } catch (DynamoDbException e) {
      failure.compareAndSet(
          null,
          new CommandFailed(
              ExitCode.BAD_USAGE,
              "DynamoDB refused an item: " + e.awsErrorDetails().errorMessage(),
              e));
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void write(Map<List<Value>, byte[]> batch) {
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

  private byte[] requestBody(Map<List<Value>, byte[]> batch) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(("{\"RequestItems\":{\"" + table + "\":[").getBytes(StandardCharsets.US_ASCII));
    var separator = "";
    for (byte[] item : batch.values()) {
      out.writeBytes(
          (separator + "{\"PutRequest\":{\"Item\":").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(item);
      out.writeBytes("}}".getBytes(StandardCharsets.US_ASCII));
      separator = ",";
    }
    out.writeBytes("]}}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private List<Value> keyOf(Item item) {
    return keys.stream().map(item::value).toList();
  }

  private static byte[] bytes(Item item) {
    var out = new ByteArrayOutputStream();
    DynamoDbJson.write(item, out);
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
