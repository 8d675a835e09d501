package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.memory.InMemoryRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random runs with a target that crash anywhere, are invoked twice and end their slices anywhere.
 * Seeds and where the tables are: as {@link CrashAnywhereTest} has them.
 */
class TargetAnywhereTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LazyServer server = new LazyServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void run_withATargetCrashedAnywhereThenRepeated_hasPutEachItemOnceOrToldWhyNot() {
    var troubles = new TreeMap<String, Integer>();
    var told = new TreeMap<String, Integer>();
    RandomRun.forEachSeed(
        seed -> {
          var run = RandomRun.withTarget(seed, new Random(seed * 31));
          var trouble = new Trouble();
          var random = new Random(~seed);
          try (var tables =
              run.isWired()
                  ? Tables.in(server.get(), run, trouble, random)
                  : Tables.inMemory(run, trouble, random)) {
            var records = new InMemoryRecords(trouble);
            var worker =
                TestWorker.inOneThread(
                    TestMigration.up(run.transform()),
                    tables.database(),
                    records,
                    (segment, page) -> trouble.step("after a page"));
            var slices = new BatteredSlices(worker, trouble, run.hasActionsInOrder());
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
            new Expected(run).assertLeftIn(tables, records);
            trouble.happened().forEach((what, often) -> troubles.merge(what, often, Integer::sum));
            errors(records).values().forEach(error -> told.merge(error, 1, Integer::sum));
          }
        });
    assertThat(troubles.keySet())
        .as("what the runs went through: %s", troubles)
        .contains("crash before a write", "crash after a write", "twice after a write");
    assertThat(told.keySet())
        .as("what was told: %s", told)
        .contains("KeyCollision", "TargetTaken", "KeyMissing");
  }

  @Test
  void dryRun_ofARunWithATarget_foreseesWhatTheRunThenTells() {
    RandomRun.forEachSeed(
        seed -> {
          var run = RandomRun.withTarget(seed, new Random(seed * 31));
          if (run.put() instanceof Target.Put.Always || run.segments() > 1) {
            return; // what is overwritten is told by a dry run alone, and by one segment as a whole
          }
          try (var tables = run.isWired() ? Tables.in(server.get(), run) : Tables.inMemory(run)) {
            var before = tables.contents(RandomRun.TARGET);
            var foreseen = new InMemoryRecords();
            var dry =
                TestWorker.inOneThread(
                        TestMigration.up(run.transform()), tables.database(), foreseen)
                    .run(run.slice(0).mode(Mode.DRY_RUN));
            assertThat(tables.contents(RandomRun.TARGET)).as("a dry run").isEqualTo(before);
            var records = new InMemoryRecords();
            var applied =
                TestWorker.inOneThread(
                        TestMigration.up(run.transform()), tables.database(), records)
                    .run(run.slice(0));

            assertThat(errors(foreseen)).as("foreseen").containsAllEntriesOf(errors(records));
            if (run.put() instanceof Target.Put.IfAbsent) {
              assertThat(errors(foreseen)).isEqualTo(errors(records));
              for (var counter :
                  List.of(
                      Counter.SCANNED,
                      Counter.PUT,
                      Counter.THERE_ALREADY,
                      Counter.LEFT_OUT,
                      Counter.FAILED)) {
                assertThat(dry.tally().count(counter))
                    .as(counter.field())
                    .isEqualTo(applied.tally().count(counter));
              }
            }
          }
        });
  }

  /** The errors of the failure records, by the items' numbers. */
  private static Map<String, String> errors(InMemoryRecords records) {
    var errors = new TreeMap<String, String>();
    for (String line : records.linesThatCount("failures")) {
      var record = json(line);
      errors.put(number(item(record.get("item"))), record.get("error").textValue());
    }
    return errors;
  }

  private static String number(Item item) {
    return item.number(RandomTransform.NUMBER).toPlainString();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private static Item item(JsonNode node) {
    return DynamoDbJson.parse(node.toString());
  }

  /** What a run must leave, worked out without the worker. */
  private static final class Expected {
    private final RandomRun run;
    private final InMemoryTable before;
    private final InMemoryTable others = RandomRun.others();
    private final InMemoryTable later = RandomRun.others();

    /** Key in the target to the items that come there, by their numbers. */
    private final Map<Item, Map<String, Item>> candidates = new TreeMap<>(Expected::byText);

    private final Set<String> failing = new HashSet<>();

    Expected(RandomRun run) {
      this.run = run;
      this.before = run.target();
      for (Item item : run.table().contents().values()) {
        if (!comes(item)) {
          failing.add(number(item));
        }
      }
    }

    private static int byText(Item one, Item other) {
      return DynamoDbJson.format(one).compareTo(DynamoDbJson.format(other));
    }

    private boolean comes(Item item) {
      Change change;
      try {
        change = run.transform().apply(item, new TransformContext("run", Instant.EPOCH, Map.of()));
      } catch (IllegalStateException e) {
        return false;
      }
      if (change == null) {
        return false;
      }
      var result = change instanceof Change.Replace replace ? replace.item() : item;
      boolean isLeftOut = change instanceof Change.Delete;
      if (!isLeftOut && !before.keys().stream().allMatch(result::stores)) {
        return false;
      }
      change.actions().forEach(action -> RandomRun.carriedOut(action, others));
      change.deferred().forEach(action -> RandomRun.carriedOut(action, later));
      if (isLeftOut) {
        return true;
      }
      if (RandomRun.isTooLarge(result)) {
        return false;
      }
      candidates
          .computeIfAbsent(before.keyOf(result), any -> new TreeMap<>())
          .put(number(item), DynamoDbJson.parse(DynamoDbJson.format(result)));
      return true;
    }

    void assertLeftIn(Tables tables, InMemoryRecords records) {
      assertThat(tables.contents(RandomRun.TABLE))
          .as("the table that was read")
          .isEqualTo(run.table().contents());
      assertThat(tables.contents(RandomTransform.OTHERS))
          .as("actions")
          .isEqualTo(others.contents());
      assertThat(tables.contents(RandomTransform.LATER)).as("deferred").isEqualTo(later.contents());
      var left =
          InMemoryTable.withKeys(before.keys().toArray(String[]::new))
              .filledWith(tables.contents(RandomRun.TARGET).values());
      var maybe = new HashSet<String>();
      int keys = before.size();
      for (var place : candidates.entrySet()) {
        keys += before.get(place.getKey()).isPresent() ? 0 : 1;
        assertPlace(place.getKey(), place.getValue(), left, maybe);
      }
      assertThat(left.size()).as("items in the target").isEqualTo(keys);
      var failed = errors(records).keySet();
      assertThat(failed).as("failure records").containsAll(failing);
      assertThat(failed)
          .as("failure records: %s", records.linesThatCount("failures"))
          .allMatch(key -> failing.contains(key) || maybe.contains(key));
      assertCollisionsNameBoth(records);
    }

    private void assertPlace(
        Item key, Map<String, Item> ofKey, InMemoryTable left, Set<String> maybe) {
      var there = left.get(key).orElseThrow(() -> new AssertionError("nothing is at " + key));
      var was = before.get(key);
      if (was.isPresent()) {
        assertThat(there).as("what was there before").isEqualTo(was.get());
      } else if (run.put() instanceof Target.Put.ReplaceOlder) {
        assertThat(there)
            .as("the newest")
            .isEqualTo(
                ofKey.values().stream()
                    .max(Comparator.comparing(item -> item.number(RandomTransform.NUMBER)))
                    .orElseThrow());
      } else {
        assertThat(ofKey.values()).as("one of those that come there").contains(there);
      }
      for (var candidate : ofKey.entrySet()) {
        if (!(run.put() instanceof Target.Put.IfAbsent)) {
          maybe.add(candidate.getKey());
        } else if (!candidate.getValue().equals(there)) {
          failing.add(candidate.getKey());
        }
      }
    }

    private void assertCollisionsNameBoth(InMemoryRecords records) {
      for (String line : records.linesThatCount("failures")) {
        var record = json(line);
        if (record.get("error").textValue().equals("KeyCollision")) {
          var number = number(item(record.get("item")));
          assertThat(candidates.values())
              .as(line)
              .anyMatch(ofKey -> ofKey.containsKey(number) && ofKey.size() > 1);
          assertThat(item(record.get("otherKey"))).as(line).isNotEqualTo(item(record.get("key")));
        }
      }
    }
  }
}
