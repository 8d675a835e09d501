package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Counter;
import dev.godwit.run.results.RecordName;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.memory.Steps;
import dev.godwit.worker.pace.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Slices that crash anywhere, are tried again and redriven, with a transform that decides otherwise
 * each time, while others write and delete: of each item what was decided last counts, in the
 * failure records as in what was deferred. Seeds as in {@link CrashAnywhereTest}.
 */
class LatestWordTest {
  private static final String TABLE = "Decided";
  private static final String LATER = "Later";
  private static final String DONE = "done";

  @Test
  void run_triedAgainAndRedrivenAnyhow_leavesOfEachItemWhatWasDecidedLast() {
    var overtaken = new int[1];
    forEachSeed(
        seed -> {
          var run = new Run(new Random(seed));
          run.migrate();
          run.assertFailuresAreTheLastWord();
          run.applyDeferred();
          run.assertDeferredAreTheLastWord();
          overtaken[0] +=
              run.records.files("failures").size()
                  - RecordName.thatCount(run.records.files("failures")).size();
        });
    assertThat(overtaken[0]).as("files that were overtaken").isPositive();
  }

  private static void forEachSeed(SeedTest test) {
    int only = Integer.getInteger("godwit.seed", 0);
    int last = only == 0 ? Integer.getInteger("godwit.seeds", 500) : only;
    for (int seed = Math.max(1, only); seed <= last; seed++) {
      try {
        test.run(seed);
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("Seed " + seed + ", again with -Dgodwit.seed=" + seed, e);
      }
    }
  }

  @FunctionalInterface
  private interface SeedTest {
    void run(long seed) throws IOException;
  }

  /** One run, from its first try to its end. */
  private static final class Run implements Steps {
    private static final int MOST_CRASHES = 20;
    private static final int MOST_REDRIVES = 4;

    /** Fewer than conflicts make an item a failure. */
    private static final int MOST_CHANGES_OF_AN_ITEM = 5;

    private final Random random;
    private final InMemoryTable table = InMemoryTable.withKeys("id");
    private final InMemoryTable later = InMemoryTable.withKeys("id");
    private final InMemoryRecords records = new InMemoryRecords(this);
    private final TestWorker worker;
    private final int segments;
    private final int allowed;

    /** What was decided last: whether it failed. */
    private final Map<String, Boolean> failed = new HashMap<>();

    /** What was decided last: which decision that was. */
    private final Map<String, Integer> deferred = new HashMap<>();

    private final Map<String, Integer> changes = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private int decisions;
    private int crashes;
    private int redrives;
    private boolean quiet;
    private long failedByTally;

    Run(Random random) {
      this.random = random;
      this.segments = 1 + random.nextInt(3);
      this.allowed = random.nextInt(10);
      int count = random.nextInt(40);
      for (int i = 0; i < count; i++) {
        table.put(
            Item.empty().with("id", "item " + i).with("v", 0).with("defers", random.nextBoolean()),
            Condition.always());
      }
      this.worker =
          TestWorker.inOneThread(
              TestMigration.up(this::decide),
              new InMemoryDatabase(this)
                  .with(TABLE, table)
                  .with(LATER, later)
                  .pagesOf(() -> 1 + random.nextInt(8))
                  .writesPerRequest(1 + random.nextInt(5))
                  .busyWhen(() -> random.nextInt(10) == 0),
              records);
    }

    private Change decide(Item item, TransformContext context) {
      if (item.has(DONE)) {
        return Change.keep();
      }
      var id = item.string("id");
      var changed = item.with(DONE, item.number("v"));
      if (item.bool("defers")) {
        decisions++;
        deferred.put(id, decisions);
        return Change.replace(changed)
            .andLater(Action.put(LATER, Item.empty().with("id", id).with("n", decisions)));
      }
      boolean fails = redrives < MOST_REDRIVES && random.nextInt(3) == 0;
      failed.put(id, fails);
      if (fails) {
        throw new IllegalStateException("Not this time");
      }
      return Change.replace(changed);
    }

    @Override
    public void step(String what) {
      if (quiet) {
        return;
      }
      if (random.nextInt(4) == 0) {
        somebodyWrites();
      }
      if (crashes < MOST_CRASHES && random.nextInt(40) == 0) {
        crashes++;
        throw new Crash();
      }
    }

    private void somebodyWrites() {
      var items = List.copyOf(table.contents().values());
      if (items.isEmpty()) {
        return;
      }
      var item = items.get(random.nextInt(items.size()));
      var id = item.string("id");
      if (changes.merge(id, 1, Integer::sum) > MOST_CHANGES_OF_AN_ITEM) {
        return;
      }
      if (!item.bool("defers") && random.nextInt(5) == 0) {
        table.delete(item.only(List.of("id")), Condition.always());
        deleted.add(id);
      } else {
        table.put(item.with("v", item.number("v").intValue() + 1), Condition.always());
      }
    }

    void migrate() {
      for (int segment = 0; segment < segments; segment++) {
        failedByTally +=
            finish(TestSlice.of(TABLE, List.of("id")).segment(segment, segments), allowed);
      }
    }

    void applyDeferred() {
      for (String file : records.files("deferred")) {
        var slice = TestSlice.of(TABLE, List.of("id")).segment(0, segments).deferred(file);
        assertThat(finish(slice, 0)).as("refused actions").isZero();
      }
    }

    /** Runs slices as the state machine does; answers how many items have failed in the end. */
    private long finish(TestSlice slice, int failuresAllowed) {
      slice.failuresAllowed(failuresAllowed);
      while (true) {
        try {
          var result = worker.run(slice.request(), deadline());
          if (random.nextInt(8) == 0) {
            slice.retried(); // the answer was lost
            continue;
          }
          slice.after(result);
          if (result.cursor().isEmpty()) {
            return result.segmentTally().count(Counter.FAILED);
          }
        } catch (Crash | TableUnavailable e) {
          if (random.nextInt(3) > 0) {
            slice.retried();
          } else {
            slice.redriven();
          }
        } catch (ItemFailuresExceeded e) {
          redrives++;
          slice.redriven();
          if (random.nextInt(3) == 0) {
            slice.failuresAllowed(Long.MAX_VALUE);
          }
        }
      }
    }

    private Deadline deadline() {
      return random.nextInt(4) == 0 ? Deadline.NEVER : new CountedDeadline(random.nextInt(60));
    }

    void assertFailuresAreTheLastWord() throws IOException {
      var onRecord = new ArrayList<String>();
      for (String file : RecordName.thatCount(records.files("failures"))) {
        for (String line :
            new String(records.read(file), StandardCharsets.UTF_8).lines().toList()) {
          onRecord.add(
              DynamoDbJson.parse(new ObjectMapper().readTree(line).get("key").toString())
                  .string("id"));
        }
      }
      assertThat(onRecord).as("one record of each").doesNotHaveDuplicates();
      assertThat(onRecord).as("as many as were counted").hasSize((int) failedByTally);
      var expected = new HashSet<>(failed.keySet());
      failed.forEach((id, isFailed) -> expected.removeIf(any -> any.equals(id) && !isFailed));
      expected.removeAll(deleted);
      onRecord.removeAll(deleted);
      assertThat(onRecord).as("failed at last").containsExactlyInAnyOrderElementsOf(expected);
      assertThat(offeredAgain()).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** What a run of the failures is offered. */
    private Set<String> offeredAgain() {
      quiet = true;
      var offered = new HashSet<String>();
      var retrying =
          TestWorker.inOneThread(
              TestMigration.up(
                  (item, context) -> {
                    offered.add(item.string("id"));
                    return Change.keep();
                  }),
              new InMemoryDatabase().with(TABLE, table),
              records);
      for (int segment = 0; segment < 2; segment++) {
        retrying.run(
            TestSlice.of(TABLE, List.of("id"))
                .run("again")
                .segment(segment, 2)
                .retryFailuresOf("run"));
      }
      quiet = false;
      return offered;
    }

    void assertDeferredAreTheLastWord() {
      var left = new HashMap<String, Integer>();
      later
          .contents()
          .values()
          .forEach(item -> left.put(item.string("id"), item.number("n").intValue()));
      assertThat(left).as("deferred").isEqualTo(deferred);
    }
  }
}
