package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.run.Guard;
import dev.godwit.worker.write.PlannedWrite;
import dev.godwit.worker.write.WritePlanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the worker does to one item, without sending it: reads it from a page, plans the write that
 * its change takes, and writes that as a statement. Run by {@code scripts/bench}, not by the tests.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ItemBenchmark.ITEMS)
public class ItemBenchmark {
  static final int ITEMS = 1000;

  private static final List<String> KEYS = List.of("id");

  private final WritePlanner planner =
      new WritePlanner(KEYS, new Guard.ReadSet(), Optional.empty());
  private final UpdateStatement statement = new UpdateStatement("Birds", KEYS);
  private byte[] page = {};
  private List<Item> items = List.of();
  private List<PlannedWrite> writes = List.of();

  /** A page, its items and what is to be written of them. */
  @Setup
  public void prepare() {
    page =
        IntStream.range(0, ITEMS)
            .mapToObj(ItemBenchmark::item)
            .collect(Collectors.joining(",", "{\"Items\":[", "]}"))
            .getBytes(StandardCharsets.UTF_8);
    items = decode();
    writes = plan();
  }

  private static String item(int number) {
    return """
    {"id":{"S":"%1$d"},"country":{"S":"NZ"},"name":{"S":"Pūkorokoro Miranda %1$d"},\
    "lat":{"S":"-37.1%1$d"},"lng":{"S":"175.3%1$d"},"visits":{"N":"%1$d"},"tags":{"SS":["wader","kuaka"]}}"""
        .formatted(number);
  }

  /** From a page of bytes to items. */
  @Benchmark
  public List<Item> decode() {
    var decoded = new ArrayList<Item>(ITEMS);
    WireJson.read(
        page,
        (name, value) -> decoded.addAll(WireJson.array(value, item -> WireJson.item(item, page))));
    return decoded;
  }

  /** From items, one attribute added to each, to planned writes. */
  @Benchmark
  public List<PlannedWrite> plan() {
    var planned = new ArrayList<PlannedWrite>(ITEMS);
    for (Item item : items) {
      var changed = item.with("updatedAt", "2026-11-20T00:00:00Z");
      planner.plan(item, Change.replace(changed)).ifPresent(planned::add);
    }
    return planned;
  }

  /** From planned writes to the bodies of requests, 25 to each. */
  @Benchmark
  public int write() {
    int bytes = 0;
    for (int from = 0; from < ITEMS; from += StatementBatch.MOST_STATEMENTS) {
      var body = new JsonBytes();
      for (PlannedWrite write : writes.subList(from, from + StatementBatch.MOST_STATEMENTS)) {
        if (statement.fits(write)) {
          statement.write(write, body);
        }
      }
      bytes += body.toByteArray().length;
    }
    return bytes;
  }
}
