package dev.godwit.worker.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Action;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.worker.write.ItemLimits.KeyAttribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ItemLimitsTest {
  private static final Condition NONE = new Condition(List.of(), List.of());

  private final ItemLimits limits =
      new ItemLimits(Map.of("id", new KeyAttribute(AttributeType.S, 2048, true)));

  /**
   * Ceilings of UpdateItem at a key of one byte, eu-west-2, 2026-08-18 to 2026-10-09:
   * paritysuite/dynamodb-conformance, tests/tier3/limits/itemSizeBySurface.test.ts, read
   * 2026-11-25.
   */
  @Test
  void ofUpdateItem_ofSmallItems_countsWhatIsWrittenAndTheClauses() {
    var before = Item.empty().with("id", "K");

    // one SET: 3 + 19 + what it writes
    assertLargest(before, "b", 409_600 - 3 - 19 - 1);
    // a second SET: 19 more, and what that writes
    assertLargest(before.with("c", "x"), before.with("c", "y"), "b", 409_600 - 3 - 2 * 19 - 1 - 2);
    // a REMOVE: 1 and the name
    assertLargest(before.with("r", "z"), before, "b", 409_600 - 3 - 19 - 1 - 2);
    // what is left alone does not count, but for the item as a whole
    assertLargest(
        before.with("u", "y".repeat(10)),
        before.with("u", "y".repeat(10)),
        "b",
        409_600 - 3 - 19 - 1);
    assertLargest(before.with("u", "y".repeat(100)), "b", 409_600 - 3 - 101 - 1);
  }

  private void assertLargest(Item before, String name, int bytes) {
    assertLargest(before, before, name, bytes);
  }

  private void assertLargest(Item before, Item after, String name, int bytes) {
    assertThat(limits.ofUpdateItem(update(before, after.with(name, "x".repeat(bytes))))).isEmpty();
    assertThat(limits.ofUpdateItem(update(before, after.with(name, "x".repeat(bytes + 1)))))
        .map(Outcome.Refused::error)
        .contains("ItemTooLarge");
  }

  @Test
  void ofStatementAndPut_ofAnyItem_countTheItemAlone() {
    var before = Item.empty().with("id", "K");
    var largest = before.with("b", "x".repeat(409_600 - 3 - 1));
    var larger = before.with("b", "x".repeat(409_600 - 3));

    assertThat(limits.ofStatement(update(before, largest))).isEmpty();
    assertThat(limits.ofPut(largest)).isEmpty();
    assertThat(limits.ofStatement(update(before, larger))).isPresent();
    assertThat(limits.ofPut(larger))
        .map(Outcome.Refused::message)
        .hasValueSatisfying(
            message -> assertThat(message).startsWith("It would be 409,601 bytes, and"));
  }

  @Test
  void ofAction_withoutItsTablesKey_isRefused() {
    assertThat(error(Action.put("T", Item.empty().with("other", 1)))).contains("KeyMissing");
    assertThat(error(Action.putIfAbsent("T", Item.empty()))).contains("KeyMissing");
    assertThat(error(Action.delete("T", Item.empty().with("id", 1)))).contains("KeyOfWrongType");
    assertThat(error(Action.update("T", Item.empty().with("id", ""), Item.empty())))
        .contains("KeyEmpty");
    assertThat(
            error(
                Action.update(
                    "T",
                    Item.empty().with("id", "1"),
                    Item.empty().with("large", "x".repeat(500_000)))))
        .contains("ItemTooLarge");
    assertThat(error(Action.update("T", Item.empty().with("id", "1"), Item.empty()))).isEmpty();
    assertThat(error(Action.delete("T", Item.empty().with("id", "1")))).isEmpty();
  }

  private Optional<String> error(Action action) {
    return limits.ofAction(action).map(Outcome.Refused::error);
  }

  private static PlannedWrite.Update update(Item before, Item after) {
    return new PlannedWrite.Update(before, after, after.differenceFrom(before), NONE);
  }
}
