package dev.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTest {
  private static final Item KEY = Item.empty().with("id", "7");
  private static final Action FIRST = Action.delete("Other", KEY);
  private static final Action SECOND = Action.putIfAbsent("Other", KEY);

  @Test
  void and_addsActionsInOrder_andKeepsTheItemsFate() {
    for (Change change :
        List.of(Change.keep(), Change.delete(), Change.replace(Item.empty().with("a", 1)))) {
      var more = change.and(FIRST).andLater(SECOND).and(SECOND);
      assertThat(more.actions()).containsExactly(FIRST, SECOND);
      assertThat(more.deferred()).containsExactly(SECOND);
      assertThat(more).hasSameClassAs(change);
      assertThat(more.withActions(List.of(), List.of())).isEqualTo(change);
      assertThat(change.actions()).isEmpty();
    }
  }

  @Test
  void later_keepsTheItem() {
    assertThat(Change.later(FIRST)).isEqualTo(new Change.Keep(List.of(), List.of(FIRST)));
  }

  @Test
  void update_removing_addsToWhatIsRemoved() {
    var update = Action.update("Other", KEY, Item.empty().with("a", 1));
    assertThat(update.removing("b").removing("c").removed()).containsExactly("b", "c");
    assertThat(update.removed()).isEmpty();
  }
}
