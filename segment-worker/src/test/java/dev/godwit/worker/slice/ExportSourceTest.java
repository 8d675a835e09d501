package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.ExportFolder;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.TableRefused;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose items come from an export of DynamoDB to S3. */
class ExportSourceTest {
  private static final ItemTransform KEEP = (item, context) -> Change.keep();

  private static final ItemTransform MARK =
      (item, context) ->
          item.has("marked")
              ? Change.keep()
              : Change.replace(item.with("marked", item.number("n").longValueExact()));

  @TempDir Path folder;

  private final InMemoryTable table = InMemoryTable.withKeys("id");
  private final InMemoryRecords records = new InMemoryRecords();

  private static Item item(int number) {
    return Item.empty().with("id", "user-" + number).with("n", number);
  }

  private static List<Item> items(int from, int to) {
    return IntStream.range(from, to).mapToObj(ExportSourceTest::item).toList();
  }

  private TestWorker worker(ItemTransform up) {
    return TestWorker.inOneThread(
        TestMigration.up(up), new InMemoryDatabase().with("Users", table), records);
  }

  private static TestSlice slice() {
    return TestSlice.of("Users", List.of("id"));
  }

  @Test
  void run_aFullExport_hasTheItemsOfAllItsFilesInAnySegments() throws IOException {
    var export =
        Source.export(
            new ExportFolder(folder)
                .full(items(0, 1500))
                .full(List.of())
                .full(items(1500, 1600))
                .manifest());

    for (int segment = 0; segment < 2; segment++) {
      worker(KEEP).run(slice().segment(segment, 2).source(export).target(Target.table("Users")));
    }

    assertThat(table.contents().values()).containsExactlyInAnyOrderElementsOf(items(0, 1600));
  }

  @Test
  void run_anOldExportInPlace_decidesAboutWhatHasChangedSinceAgain() throws IOException {
    table.filledWith(List.of(item(0), item(1).with("n", 100), item(7)));
    var export = Source.export(new ExportFolder(folder).full(items(0, 3)).manifest());

    var tally = worker(MARK).run(slice().source(export)).tally();

    assertThat(table.contents().values())
        .containsExactlyInAnyOrder(
            item(0).with("marked", 0), item(1).with("n", 100).with("marked", 100), item(7));
    assertThat(tally.count(Counter.GONE)).isEqualTo(1);
  }

  @Test
  void run_anIncrementalExport_hasWhatIsThereAtItsEndAndLeavesWhatWasDeleted() throws IOException {
    var meta = "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"1680109764000000\"}},\"Keys\":";
    var export =
        Source.export(
            new ExportFolder(folder)
                .lines(
                    List.of(
                        meta
                            + "{\"id\":{\"S\":\"a\"}},\"NewImage\":{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}}}",
                        meta
                            + "{\"id\":{\"S\":\"b\"}},\"OldImage\":{\"id\":{\"S\":\"b\"},\"n\":{\"N\":\"2\"}}}",
                        meta
                            + "{\"id\":{\"S\":\"c\"}},\"NewImage\":{\"id\":{\"S\":\"c\"},\"n\":{\"N\":\"4\"}},\"OldImage\":{\"id\":{\"S\":\"c\"},\"n\":{\"N\":\"3\"}}}"))
                .manifest());
    var target = slice().source(export).target(Target.table("Users"));

    var dry = worker(KEEP).run(target.mode(Mode.DRY_RUN)).tally();
    var tally = worker(KEEP).run(target.mode(Mode.APPLY)).tally();

    assertThat(table.contents().values().stream().map(DynamoDbJson::format))
        .containsExactlyInAnyOrder(
            "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}}",
            "{\"id\":{\"S\":\"c\"},\"n\":{\"N\":\"4\"}}");
    for (var each : List.of(dry, tally)) {
      assertThat(each.count(Counter.SCANNED)).isEqualTo(3);
      assertThat(each.count(Counter.PUT)).isEqualTo(2);
      assertThat(each.count(Counter.GONE)).isEqualTo(1);
    }
  }

  @Test
  void wake_anExportOfAnotherTableOrFormatOrThatDoesNotAddUp_isRefusedAndNamed()
      throws IOException {
    assertRefused(new ExportFolder(folder).full(items(0, 1)).ofTable("Orders"), "another table");
    assertRefused(new ExportFolder(folder).full(items(0, 1)).inFormat("ION"), "in the format ION");
    assertRefused(
        new ExportFolder(folder).full(items(0, 5)).claiming(2),
        "says that the export has 7 items, and its data files have 5");
    var whole = new ExportFolder(folder).full(items(0, 1));
    Files.writeString(Path.of(whole.manifest()), "{}");
    assertThatThrownBy(() -> worker(KEEP).wake(wake(summary())))
        .hasMessageContaining("it has no tableArn");
    Files.delete(Path.of(whole.manifest()).resolveSibling("manifest-files.json"));
    assertThatThrownBy(() -> worker(KEEP).wake(wake(summary())))
        .hasMessageContaining("There is no file");
  }

  private String summary() {
    return folder + "/AWSDynamoDB/01690000000000-a1b2c3d4/manifest-summary.json";
  }

  private void assertRefused(ExportFolder export, String why) throws IOException {
    var manifest = export.manifest();
    assertThatThrownBy(() -> worker(KEEP).wake(wake(manifest)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining(manifest)
        .hasMessageContaining(why);
  }

  @Test
  void run_aDataFileThatIsAnother_isRefusedAndNamedBeforeAnyOfItsItems() throws IOException {
    var export = new ExportFolder(folder).full(items(0, 3)).full(items(3, 6));
    var source = Source.export(export.manifest());
    Files.write(
        export.file(1),
        ItemFiles.gzipped("{\"Item\":{\"id\":{\"S\":\"x\"}}}\n".getBytes(StandardCharsets.UTF_8)));

    assertThatThrownBy(() -> worker(KEEP).run(slice().source(source).target(Target.table("Users"))))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("file1.json.gz")
        .hasMessageContaining("another checksum");
    assertThat(table.contents().values()).containsExactlyInAnyOrderElementsOf(items(0, 3));
  }

  @Test
  void run_aDataFileWithFewerItemsThanItsManifestSays_isRefusedAndNamed() throws IOException {
    var manifest = new ExportFolder(folder).full(items(0, 3)).manifest();
    var files = Path.of(manifest).resolveSibling("manifest-files.json");
    Files.writeString(files, Files.readString(files).replace("\"itemCount\":3", "\"itemCount\":4"));
    Files.writeString(
        Path.of(manifest),
        Files.readString(Path.of(manifest)).replace("\"itemCount\":3", "\"itemCount\":4"));

    assertThatThrownBy(
            () ->
                worker(KEEP)
                    .run(slice().source(Source.export(manifest)).target(Target.table("Users"))))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("has 3 items, and its manifest says 4");
  }

  @Test
  void run_aLineThatIsNone_isOnRecordAndTheRestGoesOn() throws IOException {
    var export =
        Source.export(
            new ExportFolder(folder)
                .lines(List.of("{\"Item\":{\"id\":{\"S\":\"a\"}}}", "{\"id\":{\"S\":\"b\"}}", "{"))
                .manifest());

    var tally =
        worker(KEEP)
            .run(slice().source(export).target(Target.table("Users")).failuresAllowed(2))
            .tally();

    assertThat(tally.count(Counter.PUT)).isEqualTo(1);
    assertThat(records.lines("failures"))
        .hasSize(2)
        .allMatch(line -> line.contains("file0.json.gz, byte "))
        .anyMatch(line -> line.contains("has Item, NewImage or Keys"));
  }

  @Test
  void run_crashedAnywhereThenRepeated_leavesWhatOneCleanRunLeaves() throws IOException {
    int seeds = Integer.getInteger("godwit.seeds", 60);
    for (int seed = 1; seed <= seeds; seed++) {
      var random = new Random(seed);
      var export = new ExportFolder(folder.resolve("export-" + seed));
      int number = 0;
      for (int file = random.nextInt(5); file >= 0; file--) {
        int more = random.nextInt(30);
        export.full(items(number, number + more));
        number += more;
      }
      boolean inPlace = random.nextBoolean();
      var users = InMemoryTable.withKeys("id");
      for (int n = 0; inPlace && n < number; n += 2) {
        users.put(item(n), Condition.always());
      }
      var trouble = new Trouble();
      var told = new InMemoryRecords(trouble);
      var worker =
          TestWorker.inOneThread(
              TestMigration.up(MARK),
              new InMemoryDatabase(trouble).with("Users", users).writesPerRequest(5),
              told,
              (segment, page) -> trouble.step("after a page"));
      var given = worker.wake(wake(export.manifest())).source().orElseThrow();
      int segments = 1 + random.nextInt(4);
      var all = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < segments; segment++) {
        var slice =
            slice().segment(segment, segments).source(given).failuresAllowed(Long.MAX_VALUE);
        all.add(new BatteredSlices.Segment(inPlace ? slice : slice.target(Target.table("Users"))));
      }
      new BatteredSlices(worker, trouble, false).finish(all, random);

      for (int n = 0; n < number; n++) {
        assertThat(users.get(item(n)))
            .as("seed %d", seed)
            .isEqualTo(
                inPlace && n % 2 == 1
                    ? Optional.<Item>empty()
                    : Optional.of(item(n).with("marked", n)));
      }
      assertThat(told.linesThatCount("failures")).as("seed %d", seed).isEmpty();
    }
  }

  private static WakeRequest wake(String manifest) {
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
        Optional.of(Source.export(manifest)),
        Optional.empty());
  }
}
