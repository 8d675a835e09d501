package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Item;
import dev.godwit.worker.memory.InMemoryRecords;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random runs that crash anywhere, some of them given up half-way; then they are undone, and the
 * undoing is undone, crashing anywhere as well. Seeds and where the tables are: as {@link
 * CrashAnywhereTest} has them.
 */
class UndoAnywhereTest {
  private final LazyServer server = new LazyServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void undo_ofARunThatCrashedAnywhere_putsEveryItemBack_andUndoneItselfTheRunsOwn() {
    var troubles = new TreeMap<String, Integer>();
    RandomRun.forEachSeed(
        seed -> {
          var run = new RandomRun(seed);
          var random = new Random(~seed);
          var trouble = new Trouble();
          try (var tables =
              run.isWired()
                  ? Tables.in(server.get(), run, trouble, random)
                  : Tables.inMemory(run, trouble, random)) {
            var story = new Story(run, tables, trouble, random);
            var original = run.withoutVersions(run.table().contents());
            story.run();
            var migrated = story.items();

            story.undo("run", "undo");
            assertThat(story.items()).as("undone").isEqualTo(original);
            story.undo("undo", "redo");
            assertThat(story.items()).as("redone").isEqualTo(migrated);
            assertThat(story.records.linesThatCount("failures"))
                .as("what could not be taken back")
                .noneMatch(line -> line.contains("ChangedSince"));
            trouble.happened().forEach((what, often) -> troubles.merge(what, often, Integer::sum));
          }
        });
    assertThat(troubles.keySet())
        .as("what the runs went through: %s", troubles)
        .contains(
            "crash before a write",
            "crash after a write",
            "crash before a record",
            "crash after a record",
            "twice after a write");
  }

  /** A run, and what undoes it. */
  private static final class Story {
    private final RandomRun run;
    private final Tables tables;
    private final Random random;
    private final InMemoryRecords records;
    private final BatteredSlices migrating;
    private final BatteredSlices undoing;

    Story(RandomRun run, Tables tables, Trouble trouble, Random random) {
      this.run = run;
      this.tables = tables;
      this.random = random;
      this.records = new InMemoryRecords(trouble);
      this.migrating = slices(TestMigration.up(run.transform()), trouble);
      this.undoing =
          slices(
              TestMigration.up(
                  (item, context) -> {
                    throw new AssertionError("No transform is asked");
                  }),
              trouble);
    }

    private BatteredSlices slices(TestMigration migration, Trouble trouble) {
      var worker =
          TestWorker.inOneThread(
              migration,
              tables.database(),
              records,
              (segment, page) -> trouble.step("after a page"));
      return new BatteredSlices(worker, trouble, run.hasActionsInOrder());
    }

    Map<String, Item> items() {
      return run.withoutVersions(tables.contents(RandomRun.TABLE));
    }

    /** In one case of three some segments are left where they are. */
    void run() {
      var segments = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < run.segments(); segment++) {
        segments.add(new BatteredSlices.Segment(run.slice(segment).keepingBeforeImages()));
      }
      migrating.finish(
          segments, random, random.nextInt(3) == 0 ? random.nextInt(12) : Integer.MAX_VALUE);
    }

    void undo(String undone, String undoingRun) {
      var segments = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < run.segments(); segment++) {
        segments.add(new BatteredSlices.Segment(run.undo(segment, undone, undoingRun)));
      }
      undoing.finish(segments, random);
    }
  }
}
