package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.dynamodb.ServiceAnswer;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.memory.Steps;
import dev.godwit.worker.pace.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random tables, random transforms, and runs that crash anywhere, are invoked twice and end their
 * slices anywhere. One in twenty goes through the real writers to DynamoDB Local, with answers of
 * the real service mixed in; the others are in memory. Seeds are 1 to {@code -Dgodwit.seeds}, 1,000
 * when not set; {@code -Dgodwit.seed} tries one alone.
 */
class CrashAnywhereTest {
  private static final int MOST_CRASHES = 30;

  private final Lazy server = new Lazy();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void run_crashedAnywhereOrInvokedTwiceThenRepeated_leavesWhatOneCleanRunAndTheTransformLeave() {
    var troubles = new TreeMap<String, Integer>();
    forEachSeed(
        seed -> {
          var run = new RandomRun(seed);
          var expected = run.expected();
          InMemoryRecords clean;
          try (var tables = undisturbed(run)) {
            var attempt = new Attempt(run, tables, new Trouble());
            attempt.undisturbed(expected);
            attempt.assertLeaves(expected);
            clean = attempt.records;
          }

          var trouble = new Trouble();
          var random = new Random(~seed);
          try (var tables = disturbed(run, trouble, random)) {
            var battered = new Attempt(run, tables, trouble);
            battered.battered(random);
            battered.assertLeaves(expected);
            assertThat(new TreeSet<>(battered.records.linesThatCount("failures")))
                .as("failure records")
                .isEqualTo(new TreeSet<>(clean.lines("failures")));
            assertThat(new TreeSet<>(battered.records.lines("deferred-actions")))
                .as("deferred actions")
                .isEqualTo(new TreeSet<>(clean.lines("deferred-actions")));
            trouble.happened().forEach((what, often) -> troubles.merge(what, often, Integer::sum));
            tables.answers().forEach((what, often) -> troubles.merge(what, often, Integer::sum));
            troubles.merge("slice cut short", battered.cutShort, Integer::sum);
            troubles.merge("no item in time", battered.late, Integer::sum);
          }
        });
    assertThat(troubles.keySet())
        .as("what the runs went through: %s", troubles)
        .contains(
            "crash before a write",
            "crash after a write",
            "crash before a record",
            "crash after a record",
            "crash after a page",
            "twice after a write",
            ServiceAnswer.CONFLICT_WITHOUT_ITEM.name(),
            ServiceAnswer.STATEMENT_NOT_UNDERSTOOD.name(),
            ServiceAnswer.WRITES_LEFT_UNDONE.name());
    assertThat(troubles).allSatisfy((what, often) -> assertThat(often).as(what).isPositive());
  }

  private Tables undisturbed(RandomRun run) {
    return run.isWired() ? Tables.in(server.get(), run) : Tables.inMemory(run);
  }

  private Tables disturbed(RandomRun run, Trouble trouble, Random random) {
    return run.isWired()
        ? Tables.in(server.get(), run, trouble, random)
        : Tables.inMemory(run, trouble, random);
  }

  private static void forEachSeed(SeedTest test) {
    int only = Integer.getInteger("godwit.seed", 0);
    int last = only == 0 ? Integer.getInteger("godwit.seeds", 1000) : only;
    for (int seed = Math.max(1, only); seed <= last; seed++) {
      try {
        test.run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "Seed " + seed + " (" + new RandomRun(seed) + "), again with -Dgodwit.seed=" + seed, e);
      }
    }
  }

  @FunctionalInterface
  private interface SeedTest {
    void run(long seed);
  }

  /** DynamoDB Local, once it is needed. */
  private static final class Lazy implements AutoCloseable {
    private Optional<LocalDynamoDb> started = Optional.empty();

    LocalDynamoDb get() {
      if (started.isEmpty()) {
        started = Optional.of(LocalDynamoDb.inMemory());
      }
      return started.get();
    }

    @Override
    public void close() {
      started.ifPresent(LocalDynamoDb::close);
    }
  }

  /** One run over a copy of the tables. */
  private static final class Attempt {
    private final RandomRun run;
    private final Trouble trouble;
    private final Tables tables;
    private final InMemoryRecords records;
    private final RandomTransform transform;
    private final TestWorker worker;
    private int late;
    private int cutShort;

    Attempt(RandomRun run, Tables tables, Trouble trouble) {
      this.run = run;
      this.tables = tables;
      this.trouble = trouble;
      this.records = new InMemoryRecords(trouble);
      this.transform = run.transform();
      this.worker =
          TestWorker.inOneThread(
              TestMigration.up(transform),
              tables.database(),
              records,
              (segment, page) -> trouble.step("after a page"));
    }

    void undisturbed(RandomRun.Expected expected) {
      long failed = 0;
      for (int segment = 0; segment < run.segments(); segment++) {
        var result = worker.run(run.slice(segment));
        assertThat(result.cursor()).isEmpty();
        assertAddsUp(result.tally());
        assertThat(result.tally().count(Counter.CONFLICTS)).as("conflicts").isZero();
        failed += result.tally().count(Counter.FAILED);
      }
      assertThat(failed).as("failed").isEqualTo(expected.failed());
      assertThat(Set.copyOf(records.lines("failures"))).as("failure records").hasSize((int) failed);
      for (String file : records.files("deferred")) {
        worker.run(run.slice(0).deferred(file));
      }
    }

    void battered(Random random) {
      var segments = new ArrayList<Segment>();
      for (int segment = 0; segment < run.segments(); segment++) {
        segments.add(new Segment(run.slice(segment)));
      }
      finish(segments, random);
      finish(
          records.files("deferred").stream()
              .map(file -> new Segment(run.slice(0).deferred(file)))
              .collect(Collectors.toCollection(ArrayList::new)),
          random);
    }

    /** Advances any of {@code segments}, slice by slice, until all have come to their end. */
    private void finish(List<Segment> segments, Random random) {
      int crashes = 0;
      while (!segments.isEmpty()) {
        var segment = segments.get(random.nextInt(segments.size()));
        var deadline = deadline(random);
        if (crashes < MOST_CRASHES && random.nextInt(3) > 0 && prepareTrouble(segment, random)) {
          deadline = ofOneOfTwo(random);
        }
        try {
          var result = worker.run(segment.slice.request(), deadline);
          assertAddsUp(result.tally());
          if (random.nextInt(8) == 0) {
            segment.slice.retried();
            continue; // the answer was lost: the same request comes once more
          }
          segment.before = segment.slice.request();
          segment.slice.after(result);
          if (result.cursor().isEmpty()) {
            segments.remove(segment);
          } else {
            cutShort++;
          }
        } catch (Steps.Crash e) {
          crashes++;
          again(segment, random);
        } catch (TableUnavailable e) {
          late++; // throttled until its time was over: the same request comes once more
          again(segment, random);
        } finally {
          trouble.disarm();
        }
      }
    }

    /** Mostly at once; else the segment has failed, and its run is redriven. */
    private static void again(Segment segment, Random random) {
      if (random.nextInt(3) > 0) {
        segment.slice.retried();
      } else {
        segment.slice.redriven();
      }
    }

    /** Answers whether it is a second invocation, rather than a crash. */
    private boolean prepareTrouble(Segment segment, Random random) {
      int steps = random.nextInt(30);
      boolean isTwice = random.nextBoolean();
      if (!isTwice) {
        trouble.crashIn(steps);
      } else {
        var again = random.nextBoolean() ? segment.before : segment.slice.request();
        var deadline = ofOneOfTwo(random);
        trouble.arm("twice", steps, () -> again(again, deadline));
      }
      return isTwice;
    }

    private void again(SliceRequest slice, Deadline deadline) {
      try {
        worker.run(slice, deadline);
      } catch (TableUnavailable e) {
        late++;
      }
    }

    /**
     * One of two at once that is cut short amid an item's actions may have the last word on them.
     */
    private Deadline ofOneOfTwo(Random random) {
      return run.hasActionsInOrder() ? Deadline.NEVER : deadline(random);
    }

    private static Deadline deadline(Random random) {
      return random.nextInt(4) == 0 ? Deadline.NEVER : new CountedDeadline(random.nextInt(60));
    }

    void assertLeaves(RandomRun.Expected expected) {
      assertThat(tables.contents(RandomRun.TABLE))
          .as("the table")
          .isEqualTo(expected.table().contents());
      assertThat(tables.contents(RandomTransform.OTHERS))
          .as("actions")
          .isEqualTo(expected.others().contents());
      assertThat(tables.contents(RandomTransform.LATER))
          .as("deferred")
          .isEqualTo(expected.later().contents());
      assertThat(Set.copyOf(transform.offered()))
          .as("items offered")
          .containsAll(
              run.table().contents().values().stream()
                  .map(item -> item.number(RandomTransform.NUMBER).toPlainString())
                  .toList());
    }

    private static void assertAddsUp(Tally tally) {
      assertThat(tally.count(Counter.SCANNED))
          .as("scanned = kept + updated + deleted + failed: %s", tally)
          .isEqualTo(
              tally.count(Counter.KEPT)
                  + tally.count(Counter.UPDATED)
                  + tally.count(Counter.DELETED)
                  + tally.count(Counter.FAILED));
    }
  }

  /** A segment, or a file of deferred actions, on its way. */
  private static final class Segment {
    private final TestSlice slice;
    private SliceRequest before;

    Segment(TestSlice slice) {
      this.slice = slice;
      this.before = slice.request();
    }
  }
}
