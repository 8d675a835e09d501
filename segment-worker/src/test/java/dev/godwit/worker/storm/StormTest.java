package dev.godwit.worker.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.AnsweringAsTheService;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.slice.SmallPages;
import dev.godwit.worker.slice.TestMigration;
import dev.godwit.worker.slice.TestSlice;
import dev.godwit.worker.slice.TestWorker;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Runs over a table in the midst of a {@link Storm}, with answers of the real service mixed in.
 * Whatever the storm does takes {@code made} away with the value that it was made of, so wherever
 * {@code made} is, it must be of the present value: the migration can only have written it to an
 * item that still had the value it was shown.
 */
class StormTest {
  private static final int SEGMENTS = 4;
  private static final long SEED = 20261120;

  /** Each answer of the real service comes to one request in so many. */
  private static final int ONE_IN = 12;

  @Test
  void run_batchedWriterInAStorm_losesNothingAndBringsNothingBack() throws Exception {
    storm(false, "read-set");
  }

  @Test
  void run_singleWriterInAStorm_losesNothingAndBringsNothingBack() throws Exception {
    storm(true, "read-set");
  }

  @Test
  void run_versionGuardInAStorm_losesNothingAndBringsNothingBack() throws Exception {
    storm(false, "version:revision");
  }

  @Test
  void run_versionGuardAndSingleWriterInAStorm_losesNothingAndBringsNothingBack() throws Exception {
    storm(true, "version:revision");
  }

  @Test
  void undo_batchedWriterInAStorm_losesNothingAndTakesBackWhatTheRunHasLeft() throws Exception {
    undone(false, "read-set");
  }

  @Test
  void undo_versionGuardAndSingleWriterInAStorm_losesNothingAndTakesBackWhatTheRunHasLeft()
      throws Exception {
    undone(true, "version:revision");
  }

  /** A storm blows while runs are carried out, and while each of them is undone. */
  private static void undone(boolean oneByOne, String guard) throws Exception {
    var timer = new FakeTimer();
    try (var server = LocalDynamoDb.inMemory();
        var answers = AnsweringAsTheService.mixing(ONE_IN, SEED);
        var database =
            new DynamoDbDatabase(
                TestClients.of(server, answers), oneByOne, PageListener.NONE, timer)) {
      var table = LocalTable.create(server, "Storm", "id");
      var records = new InMemoryRecords();
      var worker =
          TestWorker.threaded(
              TestMigration.up((item, context) -> make(item)),
              new SmallPages(database, 7, StormTest::linger),
              records,
              timer);
      var storm = new Storm(table, SEED);

      storm.begin();
      var run = Tally.ZERO;
      var undo = Tally.ZERO;
      for (int i = 0; !isEnough(run, storm) || !isEnough(undo); i++) {
        var name = "run" + i;
        run =
            run.plus(
                eachSegment(worker, slice -> slice.guard(guard).run(name).keepingBeforeImages()));
        undo = undo.plus(eachSegment(worker, slice -> undoing(slice, guard, name)));
      }
      storm.end();

      assertExplained(table.all(), storm, false);
      assertThat(table.all())
          .as("what the runs have made; one that they have moved may have been visited since")
          .noneMatch(item -> item.has("made") && !item.string("id").startsWith("renamed "));
      assertThat(String.join("\n", records.lines("failures"))).contains("ChangedSince");
    }
  }

  private static boolean isEnough(Tally undo) {
    return undo.count(Counter.CONFLICTS) >= 5 && undo.count(Counter.UPDATED) >= 50;
  }

  private static TestSlice undoing(TestSlice slice, String guard, String run) {
    return slice.guard(guard).run("undo-" + run).undoOf(run).keepingBeforeImages();
  }

  private static void linger() {
    try {
      TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(3000));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void storm(boolean oneByOne, String guard) throws Exception {
    var timer = new FakeTimer(); // nobody has the time to wait for what is throttled
    try (var server = LocalDynamoDb.inMemory();
        var answers = AnsweringAsTheService.mixing(ONE_IN, SEED);
        var database =
            new DynamoDbDatabase(
                TestClients.of(server, answers), oneByOne, PageListener.NONE, timer)) {
      var table = LocalTable.create(server, "Storm", "id");
      var worker =
          TestWorker.threaded(
              TestMigration.up((item, context) -> make(item)),
              new SmallPages(database, 7),
              new InMemoryRecords(),
              timer);
      var storm = new Storm(table, SEED);

      storm.begin();
      var tally = Tally.ZERO;
      do {
        tally = tally.plus(run(worker, guard, Mode.APPLY));
      } while (!isEnough(tally, storm));
      storm.end();

      assertExplained(table.all(), storm, false);

      run(worker, guard, Mode.APPLY);
      assertExplained(table.all(), storm, true);
      assertThat(run(worker, guard, Mode.VERIFY).count(Counter.UPDATED)).isZero();
      assertThat(answers.given())
          .as("answers that only the service gives")
          .hasSizeGreaterThanOrEqualTo(oneByOne ? 4 : 8);
    }
  }

  private static boolean isEnough(Tally tally, Storm storm) {
    return tally.count(Counter.CONFLICTS) >= 20
        && tally.count(Counter.UPDATED) >= 150
        && storm.writes() >= 400;
  }

  private static Change make(Item item) throws InterruptedException {
    var made = "made of " + item.number("value").toPlainString();
    var result = item.with("made", made);
    if (item.bool("rename")) {
      result = result.with("id", "renamed " + item.string("life")).with("rename", false);
    }
    // the longer between what was read and what is written, the more may happen in between
    TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(1000));
    return Change.replace(result);
  }

  private static Tally run(TestWorker worker, String guard, Mode mode) {
    return eachSegment(worker, slice -> slice.guard(guard).mode(mode));
  }

  private static Tally eachSegment(TestWorker worker, UnaryOperator<TestSlice> asked) {
    return IntStream.range(0, SEGMENTS)
        .parallel()
        .mapToObj(
            segment ->
                worker
                    .run(
                        asked.apply(
                            TestSlice.of("Storm", List.of("id"))
                                .segment(segment, SEGMENTS)
                                .failuresAllowed(Long.MAX_VALUE)))
                    .tally())
        .reduce(Tally.ZERO, Tally::plus);
  }

  private static void assertExplained(List<Item> items, Storm storm, boolean allMade) {
    var found = new HashSet<String>();
    for (Item item : items) {
      var name = item.string("life");
      assertThat(found.add(name)).as("%s is there once", name).isTrue();
      var life = Objects.requireNonNull(storm.lives().get(name), () -> "Nobody created " + name);
      assertThat(life.isOver()).as("%s was deleted and is back", name).isFalse();
      assertThat(item.number("value").longValueExact())
          .as("the last value of %s is there", name)
          .isEqualTo(life.lastValue());
      assertThat(item.number("revision").longValueExact())
          .as("the last revision of %s is there", name)
          .isGreaterThanOrEqualTo(life.lastRevision());
      for (int thread = 0; thread < Storm.THREADS; thread++) {
        assertThat(item.number("visits" + thread).longValueExact())
            .as("visits of thread %d to %s", thread, name)
            .isEqualTo(life.visits(thread));
      }
      if (allMade || item.has("made")) {
        assertThat(item.string("made"))
            .as("%s is made of its present value", name)
            .isEqualTo("made of " + life.lastValue());
      }
    }
    storm
        .lives()
        .forEach(
            (name, life) ->
                assertThat(found.contains(name))
                    .as("%s is there unless it was deleted", name)
                    .isEqualTo(!life.isOver()));
  }
}
