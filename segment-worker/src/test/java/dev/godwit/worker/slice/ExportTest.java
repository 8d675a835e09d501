package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.results.ExportedPart;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.export.ExportMigration;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Runs that keep items in files as they are. */
class ExportTest {
  private static Item item(int number) {
    return Item.empty().with("id", "user-" + number).with("n", number);
  }

  private static List<Item> items(int number) {
    return IntStream.range(0, number).mapToObj(ExportTest::item).toList();
  }

  private static List<Item> exported(InMemoryRecords records, int segments) {
    var items = new ArrayList<Item>();
    for (String name : ExportedPart.whole(records.files("export"), "run", segments)) {
      try (var gzip = new GZIPInputStream(new ByteArrayInputStream(records.read(name)))) {
        new String(gzip.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(DynamoDbJson::parse)
            .forEach(items::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return items;
  }

  private static TestSlice slice() {
    return TestSlice.of("Users", List.of("id")).mode(Mode.EXPORT);
  }

  @Test
  void run_anExport_keepsEachItemAndWritesToNoTable() {
    var table = InMemoryTable.withKeys("id").filledWith(items(2500));
    var records = new InMemoryRecords();

    var tally =
        TestWorker.inOneThread(
                TestMigration.up((item, context) -> Change.delete()),
                new InMemoryDatabase().with("Users", table).pagesOf(() -> 400),
                records)
            .run(slice())
            .tally();

    assertThat(exported(records, 1)).containsExactlyInAnyOrderElementsOf(items(2500));
    assertThat(table.size()).isEqualTo(2500);
    assertThat(tally.count(Counter.SCANNED)).isEqualTo(2500);
  }

  @Test
  void run_crashedAnywhereThenRepeated_hasEachItemExactlyOnceInTheFilesThatCount() {
    var happened = new TreeMap<String, Integer>();
    int seeds = Integer.getInteger("godwit.seeds", 200);
    for (int seed = 1; seed <= seeds; seed++) {
      var random = new Random(seed);
      var trouble = new Trouble();
      int number = random.nextInt(80);
      var table = InMemoryTable.withKeys("id").filledWith(items(number));
      var records = new InMemoryRecords(trouble);
      var worker =
          TestWorker.inOneThread(
              TestMigration.up((item, context) -> Change.keep()),
              new InMemoryDatabase(trouble)
                  .with("Users", table)
                  .pagesOf(() -> 1 + random.nextInt(9)),
              records,
              (segment, page) -> trouble.step("after a page"));
      int segments = 1 + random.nextInt(4);
      var all = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < segments; segment++) {
        all.add(new BatteredSlices.Segment(slice().segment(segment, segments)));
      }
      new BatteredSlices(worker, trouble, false).finish(all, random);

      assertThat(exported(records, segments))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(items(number));
      trouble.happened().forEach((what, often) -> happened.merge(what, often, Integer::sum));
    }
    assertThat(happened.keySet()).contains("crash after a record", "crash after a page");
  }

  @Test
  void filter_ofParameters_isThatOfTheScan() {
    var filter =
        ExportMigration.filter(
                Map.of(
                    "filter",
                    "#k = :k",
                    "filterNames",
                    "{\"#k\":\"kind\"}",
                    "filterValues",
                    "{\":k\":{\"S\":\"user\"}}"))
            .orElseThrow();

    assertThat(filter.expression()).isEqualTo("#k = :k");
    assertThat(filter.names()).containsEntry("#k", "kind");
    assertThat(filter.values().get(":k")).isEqualTo(dev.godwit.migration.Value.string("user"));
    assertThat(ExportMigration.filter(Map.of("other", "x"))).isEmpty();
    assertThatThrownBy(() -> ExportMigration.filter(Map.of("filter", "a", "filterNames", "x")))
        .hasMessageContaining("names of a filter are a JSON object");
    assertThatThrownBy(
            () -> ExportMigration.filter(Map.of("filter", "a", "filterValues", "{\":k\":1}")))
        .hasMessageContaining("values of a filter are DynamoDB JSON");
  }
}
