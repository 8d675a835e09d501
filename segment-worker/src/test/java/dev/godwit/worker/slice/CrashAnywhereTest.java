package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.Counter;
import dev.godwit.worker.dynamodb.ServiceAnswer;
import dev.godwit.worker.memory.InMemoryRecords;
import java.util.ArrayList;
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
 * the real service mixed in; the others are in memory. Seeds are 1 to {@code -Dgodwit.seeds}, 500
 * when not set; {@code -Dgodwit.seed} tries one alone.
 */
class CrashAnywhereTest {
  private final LazyServer server = new LazyServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void run_crashedAnywhereOrInvokedTwiceThenRepeated_leavesWhatOneCleanRunAndTheTransformLeave() {
    var troubles = new TreeMap<String, Integer>();
    RandomRun.forEachSeed(
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
            troubles.merge("slice cut short", battered.slices.cutShort(), Integer::sum);
            troubles.merge("no item in time", battered.slices.late(), Integer::sum);
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

  /** One run over a copy of the tables. */
  private static final class Attempt {
    private final RandomRun run;
    private final Tables tables;
    private final InMemoryRecords records;
    private final RandomTransform transform;
    private final TestWorker worker;
    private final BatteredSlices slices;

    Attempt(RandomRun run, Tables tables, Trouble trouble) {
      this.run = run;
      this.tables = tables;
      this.records = new InMemoryRecords(trouble);
      this.transform = run.transform();
      this.worker =
          TestWorker.inOneThread(
              TestMigration.up(transform),
              tables.database(),
              records,
              (segment, page) -> trouble.step("after a page"));
      this.slices = new BatteredSlices(worker, trouble, run.hasActionsInOrder());
    }

    void undisturbed(RandomRun.Expected expected) {
      long failed = 0;
      for (int segment = 0; segment < run.segments(); segment++) {
        var result = worker.run(run.slice(segment));
        assertThat(result.cursor()).isEmpty();
        BatteredSlices.assertAddsUp(result.tally());
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
      var segments = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < run.segments(); segment++) {
        segments.add(new BatteredSlices.Segment(run.slice(segment)));
      }
      slices.finish(segments, random);
      slices.finish(
          records.files("deferred").stream()
              .map(file -> new BatteredSlices.Segment(run.slice(0).deferred(file)))
              .collect(Collectors.toCollection(ArrayList::new)),
          random);
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
  }
}
