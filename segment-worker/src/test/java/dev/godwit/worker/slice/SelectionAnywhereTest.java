package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.migration.Value;
import dev.godwit.run.SourceRules;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs over an index, or over some partition keys, that crash anywhere, are invoked twice and end
 * anywhere, leave what one clean run leaves: every item that was selected is done once.
 */
class SelectionAnywhereTest {
  /** Doubles a number once; that of some items takes them out of the index, or moves them in it. */
  private static final ItemTransform DOUBLE =
      (item, context) -> item.has("twice") ? Change.keep() : Change.replace(doubled(item));

  private static Item doubled(Item item) {
    long number = item.number("n").longValueExact();
    var doubled = item.with("twice", number * 2);
    return switch ((int) (number % 3)) {
      case 0 -> doubled.without("state");
      case 1 -> doubled.with("state", "state-" + (number + 1) % 4);
      default -> doubled;
    };
  }

  @TempDir Path folder;

  private static Item item(int number) {
    var item =
        Item.empty()
            .with("owner", "owner-" + number % 7)
            .with("id", String.format("%04d", number))
            .with("n", number);
    return number % 2 == 0 ? item.with("state", "state-" + number % 4) : item;
  }

  private Source source(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Source.index("keys");
      case 1 -> Source.index("all");
      case 2 -> Source.query(Value.string("state-0"), Value.string("state-2")).ofIndex("keys");
      case 3 -> Source.query(owners().toArray(Value[]::new));
      default -> Source.queryOfKeysIn(new Source.File(keys(), Source.Format.JSON));
    };
  }

  private static List<Value> owners() {
    return IntStream.range(0, 5).mapToObj(owner -> Value.string("owner-" + owner)).toList();
  }

  private String keys() {
    var lines = new StringBuilder();
    owners().forEach(owner -> lines.append("{\"owner\": \"" + owner.asString() + "\"}\n"));
    try {
      return Files.writeString(folder.resolve("keys.jsonl"), lines).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSelected(Source source, int number) {
    boolean isByIndex = SourceRules.index(source).isPresent();
    return isByIndex ? number % 2 == 0 : number % 7 < 5;
  }

  @Test
  void run_crashedAnywhereThenRepeated_leavesWhatOneCleanRunLeaves() {
    var happened = new TreeMap<String, Integer>();
    int seeds = Integer.getInteger("godwit.seeds", 150);
    for (int seed = 1; seed <= seeds; seed++) {
      var random = new Random(seed);
      boolean hasTarget = random.nextInt(4) == 0;
      int number = random.nextInt(90);
      var source = source(random);
      var trouble = new Trouble();
      var table =
          InMemoryTable.withKeys("owner", "id")
              .filledWith(
                  IntStream.range(0, number).mapToObj(SelectionAnywhereTest::item).toList());
      var target = InMemoryTable.withKeys("owner", "id");
      var records = new InMemoryRecords(trouble);
      var database =
          new InMemoryDatabase(trouble)
              .with("Birds", table)
              .with("Others", target)
              .withIndex("Birds", "keys", false, "state")
              .withIndex("Birds", "all", true, "state", "id")
              .pagesOf(() -> 1 + random.nextInt(9))
              .writesPerRequest(1 + random.nextInt(25))
              .busyWhen(() -> random.nextInt(10) == 0);
      var worker =
          TestWorker.inOneThread(
              TestMigration.up(DOUBLE),
              database,
              records,
              (segment, page) -> trouble.step("after a page"));
      int segments = 1 + random.nextInt(4);
      var all = new ArrayList<BatteredSlices.Segment>();
      for (int segment = 0; segment < segments; segment++) {
        var slice =
            TestSlice.of("Birds", List.of("owner", "id"))
                .segment(segment, segments)
                .source(source)
                .failuresAllowed(Long.MAX_VALUE);
        all.add(
            new BatteredSlices.Segment(hasTarget ? slice.target(Target.table("Others")) : slice));
      }

      new BatteredSlices(worker, trouble, false).finish(all, random);

      for (int n = 0; n < number; n++) {
        boolean isDone = isSelected(source, n);
        assertThat(table.get(item(n)))
            .as("seed %d, item %d of %s", seed, n, source)
            .contains(isDone && !hasTarget ? doubled(item(n)) : item(n));
        assertThat(target.get(item(n)).isPresent())
            .as("seed %d, item %d of %s in the target", seed, n, source)
            .isEqualTo(isDone && hasTarget);
      }
      assertThat(records.linesThatCount("failures")).as("seed %d", seed).isEmpty();
      trouble.happened().forEach((what, often) -> happened.merge(what, often, Integer::sum));
    }
    assertThat(happened.keySet())
        .contains("crash before a write", "crash after a write", "crash after a page");
  }
}
