package dev.godwit.worker.slice;

import dev.godwit.migration.Change;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.MeteredRun;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.SharedClock;
import dev.godwit.worker.pace.SliceDeadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A run as Step Functions and Lambda would carry it out, on a clock of the test's own: so many
 * segments at once, each slice in a function that is free, or in a new one; the worker is the real
 * one, and the table a meter.
 */
final class Fleet implements AutoCloseable {
  private static final int SLICE_SECONDS = 60;

  final SharedClock clock = new SharedClock();
  final MeteredRun metered;
  private final Random random;
  private final int[] items;
  private final int atOnce;
  private final double budget;
  private final DynamoDbDatabase database;
  private final InMemoryRecords records = new InMemoryRecords();
  private final List<TestWorker> free = new ArrayList<>();
  private final Map<Integer, TestSlice> unfinished = new HashMap<>();

  /** Segments that have not begun. */
  private final Deque<Integer> first = new ArrayDeque<>();

  private double lostResults;
  private double failingChildren;
  private double missedCounts;
  private String settings = "";
  private int scanned;
  private int slices;
  private int redrives;

  Fleet(long seed, int[] items, int atOnce, double budget, double failingReads) {
    this(seed, items, atOnce, budget, failingReads, false);
  }

  /**
   * As above.
   *
   * @param budget infinite for none
   * @param oneByOne whether each write is a request of its own, which says what has throttled it
   */
  Fleet(long seed, int[] items, int atOnce, double budget, double failingReads, boolean oneByOne) {
    this.random = new Random(seed);
    this.items = items.clone();
    this.atOnce = atOnce;
    this.budget = budget;
    this.metered = new MeteredRun(items, failingReads, clock, random);
    this.database = new DynamoDbDatabase(metered.client(), oneByOne, PageListener.NONE, clock);
  }

  /** So many results of slices are lost, of one: they are tried again. */
  Fleet losing(double results) {
    this.lostResults = results;
    return this;
  }

  /** So many slices fail their segment, of one: it is redriven when the others are done. */
  Fleet failing(double children) {
    this.failingChildren = children;
    return this;
  }

  /** So many finished segments are never counted, of one. */
  Fleet missing(double counts) {
    this.missedCounts = counts;
    return this;
  }

  /** How many slices came to an end. */
  int slices() {
    return slices;
  }

  int redrives() {
    return redrives;
  }

  /** Changes the rate document; {@code attributes} are DynamoDB JSON. */
  void set(String attributes) {
    settings = attributes;
    write();
  }

  private void write() {
    var counted = "\"scanned-3\":{\"N\":\"" + scanned + "\"}";
    metered.document(settings.isEmpty() ? counted : settings + "," + counted);
  }

  /** Does {@code what} at that time of the run. */
  void at(Duration time, Runnable what) {
    clock.add(
        () -> {
          clock.sleep(time);
          what.run();
        });
  }

  /** So many more segments at once from that time on. */
  void moreAt(Duration time, int more) {
    clock.add(
        () -> {
          clock.sleep(time);
          for (int i = 0; i < more; i++) {
            clock.add(
                () -> {
                  clock.sleep(Duration.ofMillis(random.nextInt(500)));
                  while (!first.isEmpty()) {
                    child(first.remove());
                  }
                });
          }
        });
  }

  /** Carries the run out, with all redrives that it takes. */
  void run() {
    first.addAll(shuffled(IntStream.range(0, items.length).boxed().toList()));
    clock.add(() -> round(first));
    clock.run();
  }

  private List<Integer> shuffled(List<Integer> segments) {
    var all = new ArrayList<>(segments);
    Collections.shuffle(all, random);
    return all;
  }

  /** The thread that calls this is one of the slots; the last of them redrives what has failed. */
  private void round(Deque<Integer> waiting) {
    int[] working = {Math.min(atOnce, waiting.size())};
    Runnable slot =
        () -> {
          while (!waiting.isEmpty()) {
            child(waiting.remove());
          }
          if (--working[0] == 0 && !unfinished.isEmpty()) {
            redrives++;
            clock.sleep(Duration.ofSeconds(3));
            round(new ArrayDeque<>(shuffled(List.copyOf(unfinished.keySet()))));
          }
        };
    int others = working[0] - 1;
    for (int i = 0; i < others; i++) {
      clock.add(
          () -> {
            clock.sleep(Duration.ofMillis(random.nextInt(2_000))); // Lambda's ramp
            slot.run();
          });
    }
    slot.run();
  }

  private void child(int segment) {
    var slice =
        Optional.ofNullable(unfinished.remove(segment))
            .map(TestSlice::redriven)
            .orElseGet(() -> first(segment));
    while (true) {
      pause(20, 60);
      var result = slice(slice);
      if (random.nextDouble() < lostResults) {
        pause(0, 2_000);
        slice.retried();
      } else if (random.nextDouble() < failingChildren) {
        unfinished.put(segment, slice);
        return;
      } else if (result.cursor().isPresent()) {
        slice.after(result);
        pause(10, result.paused() ? 30_000 : 50);
      } else {
        break;
      }
    }
    pause(10, 50);
    if (random.nextDouble() >= missedCounts) {
      scanned++;
      write();
    }
    pause(10, 50);
  }

  private TestSlice first(int segment) {
    var slice =
        TestSlice.of("Metered", List.of("id"))
            .seconds(SLICE_SECONDS)
            .segment(segment, items.length)
            .sharing(atOnce, items.length);
    return Double.isInfinite(budget)
        ? slice
        : slice.writeUnitsPerSecond(budget / Math.min(atOnce, items.length));
  }

  private SliceResult slice(TestSlice slice) {
    var worker = free.isEmpty() ? worker() : free.remove(next());
    try {
      return worker.run(
          slice.request(),
          new SliceDeadline(Duration.ofSeconds(SLICE_SECONDS), clock::nanos, () -> Long.MAX_VALUE));
    } finally {
      slices++;
      free.add(worker);
    }
  }

  /** Mostly the function that was used last, as with Lambda, and at times any. */
  private int next() {
    return random.nextInt(4) == 0 ? random.nextInt(free.size()) : free.size() - 1;
  }

  private TestWorker worker() {
    return TestWorker.goingBy(
        database.rates(),
        TestMigration.up((item, context) -> Change.replace(item.with("marked", true))),
        database,
        records,
        clock);
  }

  private void pause(int least, int most) {
    clock.sleep(Duration.ofMillis(least + random.nextInt(most - least)));
  }

  @Override
  public void close() {
    database.close();
  }
}
