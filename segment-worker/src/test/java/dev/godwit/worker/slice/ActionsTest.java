package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.worker.ItemFailuresExceeded;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.memory.Steps;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actions go before the item's own write, deferred ones are safe before it. */
class ActionsTest extends SliceFixture {
  private LocalTable others;

  @BeforeEach
  void otherTable() {
    others = another("id");
  }

  @Test
  void run_actionsOfAllKinds_areCarriedOut() {
    fill(30);
    others.put(item(1).with("there", true));
    others.put(item(2).with("there", true));
    others.put(item(3).with("there", true).with("gone", true));
    others.put(item(4).with("there", true));

    var tally =
        worker(
                (item, context) -> {
                  var key = item.only(List.of("id"));
                  return Change.replace(item.with("marked", true))
                      .and(
                          switch (item.number("n").intValue()) {
                            case 1 -> Action.put(others.name(), item.with("put", true));
                            case 2 -> Action.putIfAbsent(others.name(), item.with("put", true));
                            case 3 ->
                                Action.update(others.name(), key, Item.empty().with("set", true))
                                    .removing("gone");
                            case 4 -> Action.delete(others.name(), key);
                            default -> Action.putIfAbsent(others.name(), item);
                          });
                })
            .run(slice())
            .tally();

    assertThat(tally.count(Counter.ACTIONS)).isEqualTo(30);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(30);
    var left = contents(others.all());
    assertThat(left.get("00001")).isEqualTo(item(1).with("put", true));
    assertThat(left.get("00002")).isEqualTo(item(2).with("there", true));
    assertThat(left.get("00003")).isEqualTo(item(3).with("there", true).with("set", true));
    assertThat(left).doesNotContainKey("00004").hasSize(29);
    assertThat(left.get("00029")).isEqualTo(item(29));
  }

  @Test
  void run_updateSetsAndRemovesNothing_makesTheItemWhereItIsMissingAndLeavesItOtherwise() {
    fill(2);
    others.put(item(1).with("there", true));

    var tally =
        worker(
                (item, context) ->
                    Change.keep()
                        .and(Action.update(others.name(), item.only(List.of("id")), Item.empty())))
            .run(slice())
            .tally();

    assertThat(tally.count(Counter.FAILED)).isZero();
    assertThat(contents(others.all()).values())
        .containsExactly(item(0).only(List.of("id")), item(1).with("there", true));
  }

  @Test
  void run_manyItemsActOnOneTarget_doesSoInTheirOrderAndNeverTwiceInARequest() {
    fill(60);
    var target = Item.empty().with("id", "all of them");

    var tally =
        worker(
                (item, context) ->
                    Change.keep()
                        .and(Action.put(others.name(), target.with("last", item.number("n"))))
                        .and(
                            Action.update(
                                others.name(),
                                target,
                                Item.empty().with("then", item.number("n")))))
            .run(slice())
            .tally();

    assertThat(tally.count(Counter.FAILED)).isZero();
    assertThat(tally.count(Counter.ACTIONS)).isEqualTo(120);
    var left = others.all().get(0);
    assertThat(left.value("then"))
        .as("put, then update, item by item")
        .isEqualTo(left.value("last"));
  }

  @Test
  void run_actionIsRefused_failsItsItemAndLeavesItAsItWas() {
    fill(3);

    var tally =
        worker(
                (item, context) ->
                    Change.replace(item.with("marked", true))
                        .and(
                            Action.put(
                                others.name(),
                                item.number("n").intValue() == 1
                                    ? Item.empty().with("id", 1)
                                    : item)))
            .run(slice().failuresAllowed(1))
            .tally();

    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(2);
    assertThat(contents().get("00001")).isEqualTo(item(1));
    assertThat(records().lines("failures").get(0)).contains("An action is refused");
  }

  @Test
  void run_actionOnNoTable_endsTheSliceBeforeAnyItemIsWritten() {
    fill(3);

    assertThatThrownBy(
            () ->
                worker(
                        (item, context) ->
                            Change.replace(item.with("marked", true))
                                .and(Action.put("Nowhere", item)))
                    .run(slice()))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("Nowhere");
    assertThat(contents().values()).noneMatch(item -> item.has("marked"));
  }

  @Test
  void run_deferredActionsCannotBeKept_writesNoItem() {
    fill(5);
    Steps dead =
        what -> {
          throw new Steps.Crash();
        };
    var worker =
        TestWorker.threaded(
            TestMigration.up(
                (item, context) ->
                    Change.replace(item.with("marked", true))
                        .andLater(Action.put(others.name(), item))),
            database(),
            new InMemoryRecords(dead));

    assertThatThrownBy(() -> worker.run(slice())).isInstanceOf(Steps.Crash.class);

    assertThat(contents().values()).noneMatch(item -> item.has("marked"));
  }

  @Test
  void run_deferredActions_waitForTheirOwnSliceAndMayComeTwice() {
    fill(40);
    var worker =
        worker(
            (item, context) ->
                item.has("copied")
                    ? Change.keep()
                    : Change.replace(item.with("copied", true))
                        .andLater(
                            Action.putIfAbsent(
                                table().name(), item.with("id", "copy of " + item.string("id")))));

    var tally = worker.run(slice()).tally();
    assertThat(tally.count(Counter.DEFERRED)).isEqualTo(40);
    assertThat(contents()).as("none of them yet").hasSize(40);

    for (int times = 0; times < 2; times++) {
      for (String file : records().files("deferred")) {
        worker.run(slice().deferred(file));
      }
      assertThat(contents()).hasSize(80);
      assertThat(contents().get("copy of 00007")).isEqualTo(item(7).with("id", "copy of 00007"));
    }
  }

  @Test
  void run_deferredActionIsRefused_isOnRecordAndCountsAgainstTheBudget() {
    fill(3);
    var worker =
        worker(
            (item, context) ->
                Change.later(
                    Action.put(
                        others.name(),
                        item.number("n").intValue() == 1 ? Item.empty().with("id", 1) : item)));
    worker.run(slice());
    var file = records().files("deferred").get(0);

    assertThatThrownBy(() -> worker.run(slice().deferred(file)))
        .isInstanceOf(ItemFailuresExceeded.class)
        .hasMessageContaining("1 deferred actions of segment 0 were refused")
        .hasMessageContaining("failed-actions")
        .hasMessageContaining("a redrive sends the same actions again")
        .hasMessageNotContaining("mend the transform");

    assertThat(records().lines("failed-actions")).hasSize(1);
    assertThat(others.all()).as("the others are done").hasSize(2);
  }
}
