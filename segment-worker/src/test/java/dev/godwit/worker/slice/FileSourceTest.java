package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.source.ItemFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose items come from a file. */
class FileSourceTest {
  private static final ItemTransform KEEP = (item, context) -> Change.keep();

  /** Doubles the number of an item once. */
  private static final ItemTransform DOUBLE =
      (item, context) ->
          item.has("twice")
              ? Change.keep()
              : Change.replace(item.with("twice", item.number("n").longValueExact() * 2L));

  @TempDir Path folder;

  private final LazyServer server = new LazyServer();
  private final InMemoryTable table = InMemoryTable.withKeys("id");
  private final InMemoryRecords records = new InMemoryRecords();

  @AfterEach
  void stop() {
    server.close();
  }

  private static Item item(int number) {
    return Item.empty().with("id", "user-" + number).with("n", number);
  }

  private static List<Item> items(int number) {
    return IntStream.range(0, number).mapToObj(FileSourceTest::item).toList();
  }

  private Source file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Source file(String name, byte[] content) {
    try {
      return Source.file(Files.write(folder.resolve(name), content).toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private TestWorker worker(ItemTransform up) {
    return TestWorker.inOneThread(
        TestMigration.up(up), new InMemoryDatabase().with("Users", table), records);
  }

  private static TestSlice slice() {
    return TestSlice.of("Users", List.of("id"));
  }

  @Test
  void run_inPlace_changesWhatTheTableHoldsAsItIsThereAndBringsNothingBack() {
    table.filledWith(List.of(item(0), item(1), item(2).with("n", 20), item(9)));
    var file = file("items.jsonl", ItemFiles.lines(items(4)));

    var tally = worker(DOUBLE).run(slice().source(file)).tally();

    assertThat(table.contents().values())
        .containsExactlyInAnyOrder(
            item(0).with("twice", 0),
            item(1).with("twice", 2),
            item(2).with("n", 20).with("twice", 40),
            item(9));
    assertThat(tally.count(Counter.SCANNED)).isEqualTo(4);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(3);
    assertThat(tally.count(Counter.CONFLICTS)).as("one has changed, one is gone").isEqualTo(2);
    assertThat(tally.count(Counter.GONE)).isEqualTo(1);
    assertThat(tally.amount(Counter.READ_UNITS)).isZero();
  }

  @Test
  void run_inPlaceOnDynamoDb_doesTheSameAlsoWithAKeyTwice() {
    var users = LocalTable.create(server.get(), "Users", "id");
    List.of(item(0), item(2).with("n", 20)).forEach(users::put);
    var file =
        file(
            "items.jsonl",
            ItemFiles.lines(List.of(item(0), item(1), item(2), item(0).with("n", 7))));
    try (var database = new DynamoDbDatabase(TestClients.of(server.get()), false)) {
      var tally =
          TestWorker.inOneThread(TestMigration.up(DOUBLE), database, records)
              .run(slice().source(file))
              .tally();

      assertThat(users.all())
          .containsExactlyInAnyOrder(
              item(0).with("twice", 0), item(2).with("n", 20).with("twice", 40));
      assertThat(tally.count(Counter.UPDATED)).isEqualTo(2);
      assertThat(tally.count(Counter.GONE)).isEqualTo(1);
      assertThat(tally.count(Counter.KEPT)).as("the second time").isEqualTo(1);
    }
  }

  @Test
  void run_inPlaceThatDeletesAndKeepsImages_deletesOnlyWhatIsAsInTheFile() {
    table.filledWith(List.of(item(0), item(1).with("n", 10)));
    var file = file("items.jsonl", ItemFiles.lines(items(2)));
    ItemTransform delete = (item, context) -> item.has("kept") ? Change.keep() : Change.delete();

    var tally = worker(delete).run(slice().source(file).keepingBeforeImages()).tally();

    assertThat(table.size()).isZero();
    assertThat(tally.count(Counter.CONFLICTS)).isEqualTo(1);
    assertThat(tally.count(Counter.DELETED)).isEqualTo(2);
    assertThat(records.files("before-images")).as("one for each round").hasSize(2);
  }

  @Test
  void run_withATarget_putsThemThereOrIntoTheTableItself() {
    var file =
        file(
            "items.jsonl.gz",
            ItemFiles.gzipped(ItemFiles.lines(items(50)).getBytes(StandardCharsets.UTF_8)));
    table.filledWith(List.of(item(3), item(4).with("by", "hand")));

    var tally =
        worker(KEEP)
            .run(slice().source(file).target(Target.table("Users")).failuresAllowed(1))
            .tally();

    assertThat(table.size()).isEqualTo(50);
    assertThat(tally.count(Counter.PUT)).isEqualTo(48);
    assertThat(tally.count(Counter.THERE_ALREADY)).isEqualTo(1);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records.lines("failures").get(0))
        .contains("\"TargetTaken\"")
        .contains("items.jsonl.gz, byte ");
  }

  @Test
  void run_damagedLines_areOnRecordWithTheirPlacesAndTheRestGoesOn() {
    var lines = ItemFiles.lines(items(3));
    var file = file("items.jsonl", lines + "{\"id\":\n" + ItemFiles.lines(List.of(item(7))));

    var tally =
        worker(KEEP)
            .run(slice().source(file).target(Target.table("Users")).failuresAllowed(1))
            .tally();

    assertThat(tally.count(Counter.PUT)).isEqualTo(4);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records.lines("failures"))
        .singleElement()
        .asString()
        .contains("\"DamagedText\"")
        .contains("items.jsonl, byte " + lines.length() + ",")
        .contains("\"from\"");
    assertThatThrownBy(
            () -> worker(KEEP).run(slice().run("b").source(file).target(Target.table("Users"))))
        .isInstanceOf(ItemFailuresExceeded.class);
  }

  @Test
  void run_itemsWithoutTheTablesKey_areOnRecord() {
    var file =
        file(
            "items.jsonl",
            ItemFiles.lines(
                List.of(Item.empty().with("n", 1), Item.empty().with("id", 3), item(1))));
    table.filledWith(items(2));

    var tally = worker(DOUBLE).run(slice().source(file).failuresAllowed(2)).tally();

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(1);
    assertThat(records.lines("failures"))
        .anyMatch(line -> line.contains("KeyMissing"))
        .anyMatch(line -> line.contains("KeyOfWrongType"));
  }

  /** DynamoDB refuses the whole of a read that has a key of another type. */
  @Test
  void run_dryOverKeysThatTheTableCannotHave_foreseesTheirRecords() {
    var users = LocalTable.create(server.get(), "Users", "id");
    users.put(item(1));
    var file =
        file(
            "items.jsonl",
            ItemFiles.lines(
                List.of(
                    Item.empty().with("id", 3),
                    Item.empty().with("id", ""),
                    Item.empty().with("id", "k".repeat(2049)),
                    item(1))));
    try (var database = new DynamoDbDatabase(TestClients.of(server.get()), false)) {
      var tally =
          TestWorker.inOneThread(TestMigration.up(DOUBLE), database, records)
              .run(slice().source(file).mode(Mode.DRY_RUN).failuresAllowed(3))
              .tally();

      assertThat(tally.count(Counter.UPDATED)).isEqualTo(1);
      assertThat(tally.count(Counter.FAILED)).isEqualTo(3);
    }
    assertThat(records.lines("failures")).anyMatch(line -> line.contains("KeyOfWrongType"));
  }

  @Test
  void run_retryingFailures_offersThemAsTheyAreOnRecordAndDamageStaysDamage() {
    var file = file("items.jsonl", ItemFiles.lines(items(5)) + "x\n");
    ItemTransform broken =
        (item, context) -> {
          if (item.number("n").intValueExact() == 3) {
            throw new IllegalStateException("no 3");
          }
          return Change.keep();
        };
    var target = Target.table("Users");
    worker(broken).run(slice().source(file).target(target).failuresAllowed(2));
    assertThat(table.size()).isEqualTo(4);

    var again = slice().run("again").source(file).target(target).retryFailuresOf("run");
    var tally = worker(KEEP).run(again.failuresAllowed(1)).tally();

    assertThat(table.get(item(3))).contains(item(3));
    assertThat(tally.count(Counter.SCANNED)).isEqualTo(2);
    assertThat(tally.count(Counter.PUT)).isEqualTo(1);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
  }

  @Test
  void run_dryAndVerifiedInPlace_tellsOfWhatTheTableHoldsNow() {
    table.filledWith(List.of(item(0).with("twice", 0), item(1)));
    var file = file("items.jsonl", ItemFiles.lines(items(3)));

    var dry = worker(DOUBLE).run(slice().source(file).mode(Mode.DRY_RUN)).tally();
    var verified = worker(DOUBLE).run(slice().source(file).mode(Mode.VERIFY)).tally();

    for (var tally : List.of(dry, verified)) {
      assertThat(tally.count(Counter.SCANNED)).isEqualTo(3);
      assertThat(tally.count(Counter.KEPT)).isEqualTo(1);
      assertThat(tally.count(Counter.UPDATED)).isEqualTo(1);
      assertThat(tally.count(Counter.GONE)).isEqualTo(1);
    }
    assertThat(table.get(item(1))).contains(item(1));
  }

  @Test
  void run_verifiedWithATarget_comparesAndCounts() {
    table.filledWith(List.of(item(0), item(1).with("n", 5), item(8)));
    var file = file("items.jsonl", ItemFiles.lines(items(3)));

    var tally =
        worker(KEEP)
            .run(slice().source(file).target(Target.table("Users")).mode(Mode.VERIFY))
            .tally();

    assertThat(tally.count(Counter.THERE_ALREADY)).isEqualTo(1);
    assertThat(tally.count(Counter.DIFFERENT)).isEqualTo(1);
    assertThat(tally.count(Counter.PUT)).as("missing").isEqualTo(1);
    assertThat(tally.count(Counter.IN_TARGET)).isEqualTo(3);
  }

  @Test
  void run_aFileThatIsAnotherThanWhenTheRunBegan_isRefusedAndNamed() throws IOException {
    var file = file("items.jsonl", ItemFiles.lines(items(3)));
    var worker = worker(KEEP);
    var given = worker.wake(wake(file)).source().orElseThrow();
    assertThat(worker.run(slice().source(given)).tally().count(Counter.SCANNED)).isEqualTo(3);

    Files.writeString(folder.resolve("items.jsonl"), ItemFiles.lines(items(4)));

    assertThatThrownBy(() -> worker.run(slice().source(given)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("items.jsonl has changed since the run began");
    var ofFolder = worker.wake(wake(Source.file(folder + "/"))).source().orElseThrow();
    Files.writeString(folder.resolve("more.jsonl"), "");
    assertThatThrownBy(() -> worker.run(slice().source(ofFolder)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("when the run began");
  }

  @Test
  void wake_aFileThatIsNotThere_isRefused() {
    assertThatThrownBy(
            () -> worker(KEEP).wake(wake(Source.file(folder.resolve("none.jsonl").toString()))))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("There is no file");
  }

  @Test
  void run_withoutAGuardInPlace_isRefused() {
    var file = file("items.jsonl", "");

    assertThatThrownBy(() -> slice().source(file).guard("none").request())
        .hasMessageContaining("Leave out guard none");
    assertThatThrownBy(
            () ->
                TestWorker.inOneThread(
                        new OfAFile(file), new InMemoryDatabase().with("Users", table), records)
                    .run(slice().guard("none")))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("Leave out guard none");
  }

  @Test
  void run_ofAMigrationWithAFile_readsItUnlessTheRunSaysOtherwise() {
    table.filledWith(items(3));
    var worker =
        TestWorker.inOneThread(
            new OfAFile(file("items.jsonl", ItemFiles.lines(items(2)))),
            new InMemoryDatabase().with("Users", table),
            records);

    assertThat(worker.run(slice()).tally().count(Counter.SCANNED)).isEqualTo(2);
    assertThat(worker.run(slice().run("b").source(Source.scan())).tally().count(Counter.SCANNED))
        .isEqualTo(3);
  }

  @Test
  void run_crashedAnywhereThenRepeated_leavesWhatOneCleanRunLeaves() {
    var happened = new TreeMap<String, Integer>();
    int seeds = Integer.getInteger("godwit.seeds", 120);
    for (int seed = 1; seed <= seeds; seed++) {
      var random = new Random(seed);
      boolean inPlace = random.nextBoolean();
      int number = random.nextInt(80);
      var text = inFile(items(number), random);
      var file = file("items", random.nextBoolean() ? text : ItemFiles.gzipped(text, random));
      var trouble = new Trouble();
      var users = InMemoryTable.withKeys("id");
      if (inPlace) {
        for (int n = 0; n < number; n += 2) {
          users.put(n % 3 == 0 ? item(n).with("n", 1000 + n) : item(n), Condition.always());
        }
      }
      var told = new InMemoryRecords(trouble);
      var database =
          new InMemoryDatabase(trouble)
              .with("Users", users)
              .writesPerRequest(1 + random.nextInt(25))
              .busyWhen(() -> random.nextInt(10) == 0);
      int segments = 1 + random.nextInt(4);
      var worker =
          TestWorker.inOneThread(
              TestMigration.up(DOUBLE),
              database,
              told,
              (segment, page) -> trouble.step("after a page"));
      var given = worker.wake(wake(file)).source().orElseThrow();
      var all = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < segments; segment++) {
        var slice =
            slice().segment(segment, segments).source(given).failuresAllowed(Long.MAX_VALUE);
        all.add(new BatteredSlices.Segment(inPlace ? slice : slice.target(Target.table("Users"))));
      }
      new BatteredSlices(worker, trouble, false).finish(all, random);

      for (int n = 0; n < number; n++) {
        int now = inPlace && n % 3 == 0 ? 1000 + n : n;
        var expected =
            inPlace && n % 2 == 1
                ? Optional.<Item>empty()
                : Optional.of(item(n).with("n", now).with("twice", 2L * now));
        assertThat(users.get(item(n))).as("seed %d", seed).isEqualTo(expected);
      }
      assertThat(told.linesThatCount("failures")).as("seed %d", seed).isEmpty();
      trouble.happened().forEach((what, often) -> happened.merge(what, often, Integer::sum));
    }
    assertThat(happened.keySet())
        .contains("crash before a write", "crash after a write", "crash after a page");
  }

  private static byte[] inFile(List<Item> items, Random random) {
    return (random.nextBoolean() ? ItemFiles.lines(items) : ItemFiles.array(items))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static WakeRequest wake(Source source) {
    return new WakeRequest(
        "run",
        "Users",
        TestSlice.MIGRATION,
        Direction.UP,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(source),
        Optional.empty());
  }

  /** A migration whose items come from a file. */
  private record OfAFile(Source source) implements dev.godwit.migration.Migration {
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
    public ItemTransform up() {
      return KEEP;
    }
  }
}
