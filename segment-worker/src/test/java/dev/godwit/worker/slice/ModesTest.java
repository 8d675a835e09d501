package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.testkit.TransformTester;
import dev.godwit.worker.memory.InMemoryRecords;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dry runs, verification, guards and the stamp. */
class ModesTest extends SliceFixture {
  private static final ItemTransform ADD_ONE =
      (item, context) -> Change.replace(item.with("n", item.number("n").add(BigDecimal.ONE)));

  @Test
  void run_dryRun_writesNothingAndCountsWhatWouldBe() throws Exception {
    fill(10);
    var others = another("id");
    var before = contents();

    var tally =
        worker(
                (item, context) ->
                    switch (item.number("n").intValue()) {
                      case 0 -> Change.delete();
                      case 1 -> Change.replace(item.with("id", "moved"));
                      case 2 -> Change.replace(item.with("large", new byte[410_000]));
                      case 3 -> Change.keep().and(Action.put(others.name(), item(3)));
                      case 4 -> Change.later(Action.put(others.name(), item(4)));
                      case 5 -> throw new IllegalStateException("five");
                      default -> Change.replace(item.with("ten", "0123456789"));
                    })
            .run(slice().mode(Mode.DRY_RUN).failuresAllowed(2))
            .tally();

    assertThat(contents()).isEqualTo(before);
    assertThat(others.all()).isEmpty();
    assertThat(records().files("deferred")).isEmpty();
    assertThat(tally.count(Counter.SCANNED)).isEqualTo(10);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(5);
    assertThat(tally.count(Counter.DELETED)).isEqualTo(1);
    assertThat(tally.count(Counter.KEPT)).isEqualTo(2);
    assertThat(tally.count(Counter.FAILED)).as("one throws, one grows too large").isEqualTo(2);
    assertThat(tally.count(Counter.ACTIONS)).isEqualTo(1);
    assertThat(tally.count(Counter.DEFERRED)).isEqualTo(1);
    assertThat(tally.count(Counter.TOO_LARGE)).isEqualTo(1);
    assertThat(tally.count(Counter.GROWTH_BYTES))
        .as("four times ten bytes and a name, no longer the deleted one, an id")
        .isEqualTo(4 * (10 + 3) - item(0).sizeBytes());
    assertThat(tally.count(Counter.WRITE_UNITS))
        .as("four small ones, a delete, a move and two actions")
        .isEqualTo(4 + 1 + 4 + 2);
  }

  @Test
  void run_ofTheCanary_countsByHowMuchItemsGrow() {
    fill(10);

    var worker = worker((item, context) -> Change.replace(item.with("ten", "0123456789")));

    assertThat(worker.run(slice().ofCanary()).tally().count(Counter.GROWTH_BYTES))
        .isEqualTo(10 * 13);
    assertThat(
            worker((item, context) -> Change.delete())
                .run(slice().ofCanary())
                .tally()
                .count(Counter.GROWTH_BYTES))
        .isNegative();
  }

  @Test
  void run_checkOfTheCanary_readsNothingStale() {
    fill(3);
    var stale = mock(Database.class, delegatesTo(database()));
    doThrow(new AssertionError("may be from before what the canary has just written"))
        .when(stale)
        .segment(any(), anyInt(), anyInt(), any(), any());

    var check =
        TestWorker.inOneThread(
                TestMigration.up((item, context) -> Change.keep()), stale, new InMemoryRecords())
            .run(slice().mode(Mode.VERIFY).ofCanary());

    assertThat(check.tally().count(Counter.KEPT)).isEqualTo(3);
  }

  @Test
  void run_checkOfTheCanary_triedAgain_leavesTheRecordsOfWhatHasFailedAsTheyAre() {
    fill(10);
    ItemTransform fails =
        (item, context) -> {
          if (item.number("n").intValue() == 3) {
            throw new IllegalStateException("three");
          }
          return Change.replace(item.with("ten", "0123456789"));
        };
    worker(fails).run(slice().ofCanary().failuresAllowed(1));
    var onRecord = records().lines("failures");
    assertThat(onRecord).hasSize(1);
    var before = contents();

    var check =
        worker((item, context) -> Change.replace(item.with("ten", item.string("id"))))
            .run(slice().mode(Mode.VERIFY).ofCanary().retried());

    assertThat(contents()).isEqualTo(before);
    assertThat(check.tally().count(Counter.UPDATED)).as("would be changed again").isEqualTo(10);
    assertThat(records().lines("failures")).isEqualTo(onRecord);
    assertThat(records().files("failures")).hasSize(1);

    var failing = worker(fails).run(slice().mode(Mode.VERIFY).ofCanary());
    assertThat(failing.tally().count(Counter.FAILED))
        .as("told, and not held against the allowance a second time")
        .isEqualTo(1);
    assertThat(failing.cursor()).isEmpty();
  }

  @Test
  void run_dryRunOfMovesThatCollide_foreseesThoseThatFindTheirPlaceTaken() {
    fill(30);
    ItemTransform transform =
        (item, context) ->
            switch (item.number("n").intValue()) {
              case 1, 2, 3 -> Change.replace(item.with("id", "one place for three"));
              case 10 -> Change.replace(item.with("id", "00020"));
              case 11 -> Change.replace(item.with("id", "free"));
              default -> Change.keep();
            };
    var dry = worker(transform).run(slice().mode(Mode.DRY_RUN).failuresAllowed(10)).tally();
    var foreseen = Set.copyOf(records().lines("failures"));
    var pages =
        TestWorker.inOneThread(
                TestMigration.up(transform), new SmallPages(database(), 4), new InMemoryRecords())
            .run(slice().mode(Mode.DRY_RUN).failuresAllowed(10))
            .tally();
    var run = worker(transform).run(slice().failuresAllowed(10)).tally();

    for (var tally : List.of(dry, pages, run)) {
      assertThat(tally.count(Counter.UPDATED)).isEqualTo(2);
      assertThat(tally.count(Counter.FAILED)).isEqualTo(3);
    }
    assertThat(foreseen).hasSize(3).allMatch(line -> line.contains("\"TargetExists\""));
  }

  @Test
  void run_dryRunOfActionsThatWouldBeRefused_foreseesTheItemsThatWouldFail() {
    fill(6);
    var others = another("key", "age:N");
    ItemTransform transform =
        (item, context) -> {
          var to = Item.empty().with("key", "k" + item.number("n"));
          return switch (item.number("n").intValue()) {
            case 0 -> Change.replace(item.with("x", 1)).and(Action.put(others.name(), to));
            case 1 ->
                Change.replace(item.with("x", 1))
                    .and(Action.putIfAbsent(others.name(), to.with("age", "one")));
            case 2 ->
                Change.replace(item.with("x", 1))
                    .and(
                        Action.put(
                            others.name(), to.with("age", 2).with("large", new byte[410_000])));
            case 3 ->
                Change.replace(item.with("x", 1))
                    .and(Action.delete(others.name(), item.only(List.of("id"))));
            default ->
                Change.replace(item.with("x", 1))
                    .and(Action.put(others.name(), to.with("age", item.value("n"))));
          };
        };
    var dry = worker(transform).run(slice().mode(Mode.DRY_RUN).failuresAllowed(10)).tally();
    var foreseen = Set.copyOf(records().lines("failures"));
    assertThat(others.all()).isEmpty();
    var run = worker(transform).run(slice().failuresAllowed(10)).tally();

    for (var tally : List.of(dry, run)) {
      assertThat(tally.count(Counter.UPDATED)).isEqualTo(2);
      assertThat(tally.count(Counter.FAILED)).isEqualTo(4);
      assertThat(tally.count(Counter.ACTIONS)).isEqualTo(2);
    }
    assertThat(foreseen)
        .as("the same records")
        .isEqualTo(Set.copyOf(records().lines("failures")))
        .hasSize(4);
  }

  @Test
  void run_verifyOfAChangeThatWouldBeRefused_stillFindsIt() {
    fill(1);

    var tally =
        worker((item, context) -> Change.replace(item.with("large", new byte[410_000])))
            .run(slice().mode(Mode.VERIFY).failuresAllowed(1))
            .tally();

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(1);
  }

  @Test
  void run_dryRun_samplesBeforeAndAfter() throws Exception {
    fill(1);

    worker((item, context) -> Change.replace(item.with("ten", 10))).run(slice().mode(Mode.DRY_RUN));

    var sample = new ObjectMapper().readTree(records().lines("samples").get(0));
    assertThat(DynamoDbJson.parse(sample.get("before").toString())).isEqualTo(item(0));
    assertThat(DynamoDbJson.parse(sample.get("after").toString()))
        .isEqualTo(item(0).with("ten", 10));
  }

  @Test
  void run_dryRunOfManyItems_samplesTwentyAtMost() {
    fill(60);

    worker(ADD_ONE).run(slice().mode(Mode.DRY_RUN));

    assertThat(records().lines("samples")).hasSize(20);
  }

  @Test
  void run_verify_findsWhatWasWrittenBackMeanwhileAndWritesNothing() {
    fill(20);
    var worker = worker((item, context) -> Change.replace(item.with("marked", true)));
    worker.run(slice());
    assertThat(worker.run(slice().mode(Mode.VERIFY)).tally().count(Counter.UPDATED)).isZero();

    table().put(item(4));
    var before = contents();

    assertThat(worker.run(slice().mode(Mode.VERIFY)).tally().count(Counter.UPDATED)).isEqualTo(1);
    assertThat(records().lines("samples")).hasSize(1);
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void run_twiceWithStamp_transformsEachItemOnce() {
    fill(30);
    var worker = worker(ADD_ONE);

    worker.run(slice().stamp("by"));
    var again = worker.run(slice().stamp("by")).tally();

    assertThat(again.count(Counter.UPDATED)).isZero();
    assertThat(again.amount(Counter.WRITE_UNITS)).isZero();
    assertThat(contents().values())
        .allSatisfy(
            item ->
                assertThat(item.number("n").intValue())
                    .isEqualTo(Integer.parseInt(item.string("id")) + 1));
  }

  @Test
  void run_twiceWithoutStamp_transformsTwiceAndTheTesterSaysSoBeforehand() {
    fill(3);
    var worker = worker(ADD_ONE);
    worker.run(slice());
    worker.run(slice());

    assertThat(stored(0).number("n").intValue()).isEqualTo(2);
    assertThatThrownBy(() -> TransformTester.of(ADD_ONE).apply(item(0)).assertIdempotent())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not idempotent");
  }

  @Test
  void run_downAfterUpWithStamp_undoesEachItemOnce() {
    fill(10);
    var before = contents();
    var worker =
        worker(
            TestMigration.up(ADD_ONE)
                .down(
                    (item, context) ->
                        Change.replace(item.with("n", item.number("n").subtract(BigDecimal.ONE)))));

    worker.run(slice().stamp("by"));
    worker.run(slice().stamp("by").down());
    worker.run(slice().stamp("by").down());
    assertThat(contents().values())
        .allSatisfy(
            item -> assertThat(item.without("by")).isEqualTo(before.get(item.string("id"))));

    assertThat(worker.run(slice().stamp("by")).tally().count(Counter.UPDATED)).isEqualTo(10);
  }

  @Test
  void run_versionGuard_raisesTheVersionInTheSameWriteOrStartsIt() {
    table().put(item(0).with("version", 41));
    table().put(item(1));

    worker((item, context) -> Change.replace(item.with("marked", true)))
        .run(slice().guard("version:version"));

    assertThat(contents().get("00000")).isEqualTo(item(0).with("version", 42).with("marked", true));
    assertThat(contents().get("00001")).isEqualTo(item(1).with("version", 1).with("marked", true));
  }

  @Test
  void run_versionRaisedMeanwhile_decidesAgainOnTheItemAsItIs() {
    table().put(item(0).with("version", 1));
    var meanwhile = item(0).with("version", 2).with("n", 70);

    var tally =
        worker(
                (item, context) -> {
                  if (item.number("version").intValue() == 1) {
                    table().put(meanwhile);
                  }
                  return Change.replace(item.with("made", item.value("n")));
                })
            .run(slice().guard("version:version"))
            .tally();

    assertThat(tally.count(Counter.CONFLICTS)).isEqualTo(1);
    assertThat(contents().get("00000")).isEqualTo(meanwhile.with("made", 70).with("version", 3));
  }

  @Test
  void run_someoneIsAlwaysFirst_isAFailureRecordAfterSomeTriesAndNoOverwrite() {
    table().put(item(0));

    var tally =
        worker(
                (item, context) -> {
                  table().put(item(0).with("n", item.number("n").intValue() + 1));
                  return Change.replace(item.with("made", item.value("n")));
                })
            .run(slice().failuresAllowed(1))
            .tally();

    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records().lines("failures").get(0)).contains("\"error\":\"Conflict\"");
    assertThat(stored(0).has("made")).isFalse();
  }

  @Test
  void run_noGuard_writesWholeItemsAndStillRefusesToMoveOntoAnother() {
    fill(40);

    var tally =
        worker(
                (item, context) ->
                    switch (item.number("n").intValue()) {
                      case 1 -> Change.delete();
                      case 2 -> Change.replace(item.with("id", "00003"));
                      case 4 -> Change.replace(item.with("id", "moved"));
                      default -> Change.replace(item.with("marked", true));
                    })
            .run(slice().guard("none").failuresAllowed(1))
            .tally();

    assertThat(tally.count(Counter.DELETED)).isEqualTo(1);
    assertThat(records().lines("failures").get(0)).contains("TargetExists");
    assertThat(contents()).doesNotContainKeys("00001", "00004").containsKey("moved").hasSize(39);
    assertThat(contents().values().stream().filter(item -> item.has("marked"))).hasSize(37);
  }

  @Test
  void run_nothingChanges_writesNothing() {
    table()
        .put(
            item(0)
                .with("number", new BigDecimal("1.50"))
                .with("set", Value.stringSet(Set.of("a", "b"))));

    var tally =
        worker(
                (item, context) ->
                    Change.replace(
                        item.with("number", new BigDecimal("1.5"))
                            .with("set", Value.stringSet(List.of("b", "a")))
                            .with("n", Value.number(0))))
            .run(slice())
            .tally();

    assertThat(tally.counts().keySet()).doesNotContain(Counter.WRITE_UNITS, Counter.UPDATED);
    assertThat(tally.count(Counter.KEPT)).isEqualTo(1);
  }

  @Test
  void run_attributeAddedMeanwhile_staysBesideWhatTheRunWrites() {
    table().put(item(0).with("map", Value.map(Map.of("deep", Value.number(1)))));

    worker(
            (item, context) -> {
              table()
                  .put(
                      item(0)
                          .with("map", Value.map(Map.of("deep", Value.number(2))))
                          .with("new", 1));
              return Change.replace(item.with("marked", true));
            })
        .run(slice());

    assertThat(contents().get("00000"))
        .isEqualTo(
            item(0)
                .with("map", Value.map(Map.of("deep", Value.number(2))))
                .with("new", 1)
                .with("marked", true));
  }
}
