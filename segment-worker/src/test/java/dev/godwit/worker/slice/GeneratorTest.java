package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemGenerator;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Runs whose items are made. */
class GeneratorTest {
  private static final ItemTransform KEEP = (item, context) -> Change.keep();

  private final InMemoryTable table = InMemoryTable.withKeys("id");
  private final InMemoryRecords records = new InMemoryRecords();

  /** Items numbered below {@code items}, each in the shard that its number says. */
  private static ItemGenerator numbers(long items) {
    return (shard, shards, position, context) -> numbers(items, shard, shards, position);
  }

  private static Iterator<Item> numbers(long items, int shard, int shards, long position) {
    return LongStream.iterate(shard + position * shards, n -> n < items, n -> n + shards)
        .mapToObj(GeneratorTest::item)
        .iterator();
  }

  private static Item item(long number) {
    return Item.empty().with("id", "user-" + number).with("n", number);
  }

  private TestWorker worker(ItemGenerator generator, ItemTransform up) {
    return TestWorker.inOneThread(
        new Made(generator, up), new InMemoryDatabase().with("Users", table), records);
  }

  private static TestSlice slice() {
    return TestSlice.of("Users", List.of("id"));
  }

  @Test
  void run_itemsThatAreMade_putsThemIntoItsOwnTableWhereNothingIs() {
    table.filledWith(List.of(item(3), item(4).with("by", "hand")));

    var tally =
        worker(
                numbers(2500),
                (item, context) ->
                    item.string("id").endsWith("7") ? Change.delete() : Change.keep())
            .run(slice().failuresAllowed(1))
            .tally();

    assertThat(table.size()).isEqualTo(2250);
    assertThat(table.get(item(4))).contains(item(4).with("by", "hand"));
    assertThat(tally.count(Counter.SCANNED)).isEqualTo(2500);
    assertThat(tally.count(Counter.PUT)).isEqualTo(2248);
    assertThat(tally.count(Counter.THERE_ALREADY)).isEqualTo(1);
    assertThat(tally.count(Counter.LEFT_OUT)).isEqualTo(250);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records.lines("failures")).allMatch(line -> line.contains("\"TargetTaken\""));
  }

  @Test
  void run_crashedAnywhereThenRepeated_putsEachItemOnce() {
    var happened = new TreeMap<String, Integer>();
    for (int seed = 1; seed <= 200; seed++) {
      var random = new Random(seed);
      var trouble = new Trouble();
      var users = InMemoryTable.withKeys("id");
      var told = new InMemoryRecords(trouble);
      var database =
          new InMemoryDatabase(trouble)
              .with("Users", users)
              .writesPerRequest(1 + random.nextInt(25))
              .busyWhen(() -> random.nextInt(10) == 0);
      int items = random.nextInt(80);
      int shards = 1 + random.nextInt(4);
      var worker =
          TestWorker.inOneThread(
              new Made(numbers(items), KEEP),
              database,
              told,
              (segment, page) -> trouble.step("after a page"));
      var segments = new ArrayList<BatteredSlices.Segment>();
      for (int shard = 0; shard < shards; shard++) {
        segments.add(
            new BatteredSlices.Segment(
                slice().segment(shard, shards).failuresAllowed(Long.MAX_VALUE)));
      }
      new BatteredSlices(worker, trouble, false).finish(segments, random);

      assertThat(users.size()).as("seed %d", seed).isEqualTo(items);
      for (int n = 0; n < items; n++) {
        assertThat(users.get(item(n))).as("seed %d", seed).contains(item(n));
      }
      assertThat(told.linesThatCount("failures")).as("seed %d", seed).isEmpty();
      trouble.happened().forEach((what, often) -> happened.merge(what, often, Integer::sum));
    }
    assertThat(happened.keySet())
        .contains("crash before a write", "crash after a write", "crash after a page");
  }

  @Test
  void run_aGeneratorThatYieldsAKeyTwice_putsOneAndHasARecordOfTheOther() {
    ItemGenerator twice =
        (shard, shards, position, context) ->
            List.of(item(1), item(2), item(1).with("again", true))
                .subList((int) position, 3)
                .iterator();

    var tally = worker(twice, KEEP).run(slice().failuresAllowed(1)).tally();

    assertThat(table.get(item(1))).contains(item(1));
    assertThat(tally.count(Counter.PUT)).isEqualTo(2);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records.lines("failures")).anyMatch(line -> line.contains("\"again\""));
  }

  @Test
  void run_aGeneratorThatMakesSomethingElseTheNextTime_leavesTheFirstAndHasARecord() {
    worker(numbers(3), KEEP).run(slice());

    var tally =
        worker(numbers(3), (item, context) -> Change.replace(item.with("other", true)))
            .run(slice().run("again").failuresAllowed(3))
            .tally();

    assertThat(tally.count(Counter.FAILED)).isEqualTo(3);
    assertThat(table.get(item(1))).contains(item(1));
  }

  @Test
  void run_aGeneratorThatFails_keepsWhatCameBeforeAndSaysWhere() {
    ItemGenerator broken =
        (shard, shards, position, context) ->
            LongStream.iterate(position, n -> n + 1)
                .mapToObj(
                    n -> {
                      if (n == 5) {
                        throw new IllegalStateException("user-5 is secret");
                      }
                      return item(n);
                    })
                .iterator();

    assertThatThrownBy(() -> worker(broken, KEEP).run(slice()))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("after the first 5 items of shard 0 of 1")
        .hasMessageContaining("IllegalStateException")
        .hasMessageNotContaining("secret");
    assertThat(table.size()).isEqualTo(5);
  }

  @Test
  void run_dryAndVerified_writesNothingAndSaysWhatIsMissing() {
    table.filledWith(List.of(item(0), item(1), Item.empty().with("id", "other")));

    var dry = worker(numbers(4), KEEP).run(slice().mode(Mode.DRY_RUN)).tally();
    var verified = worker(numbers(4), KEEP).run(slice().mode(Mode.VERIFY)).tally();

    assertThat(table.size()).isEqualTo(3);
    assertThat(dry.count(Counter.PUT)).isEqualTo(2);
    assertThat(dry.count(Counter.THERE_ALREADY)).isEqualTo(2);
    assertThat(verified.count(Counter.PUT)).as("missing").isEqualTo(2);
    assertThat(verified.count(Counter.THERE_ALREADY)).isEqualTo(2);
    assertThat(verified.count(Counter.IN_TARGET)).isEqualTo(3);
  }

  @Test
  void run_withWhatDoesNotGoWithIt_isRefused() {
    assertThatThrownBy(() -> worker(numbers(1), KEEP).run(slice().keepingBeforeImages()))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("keeps no before-images");
    assertThatThrownBy(() -> worker(numbers(1), KEEP).run(slice().guard("none")))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("guard read-set");
    assertThatThrownBy(() -> worker(numbers(1), KEEP).run(slice().run("b").retryFailuresOf("run")))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("cannot be offered again by their keys");
  }

  @Test
  void run_withATarget_putsThemThere() {
    var other = InMemoryTable.withKeys("n");
    var database =
        new InMemoryDatabase()
            .with("Users", table)
            .with("Numbers", other, dev.godwit.migration.AttributeType.N);

    TestWorker.inOneThread(new Made(numbers(5), KEEP), database, records)
        .run(slice().target(Target.table("Numbers")));

    assertThat(other.size()).isEqualTo(5);
    assertThat(table.size()).isZero();
  }

  /** A migration whose items are made. */
  private record Made(ItemGenerator generator, ItemTransform up) implements Migration {
    @Override
    public String id() {
      return TestSlice.MIGRATION;
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "the migration under test";
    }

    @Override
    public Source source() {
      return Source.generator(generator);
    }
  }
}
