package dev.godwit.examples;

import dev.godwit.migration.Item;
import dev.godwit.testkit.RandomItems;
import dev.godwit.testkit.TransformTester;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UpdatedAtTest {
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
  private static final TransformTester UP = TransformTester.up(new UpdatedAt()).startedAt(START);

  @Test
  void up_itemsOfAnyShape_getTheStartOfTheRun() {
    for (Item item : new RandomItems(42).items(200, "id")) {
      UP.apply(item)
          .assertBecomes(item.with("updatedAt", "2026-11-20T08:00:00Z"))
          .assertGuardedBy("updatedAt")
          .assertIdempotent();
    }
  }

  @Test
  void up_anItemThatHasOne_keepsItWhateverItIs() {
    UP.apply(Item.empty().with("id", "7").with("updatedAt", 1_700_000_000)).assertKept();
  }
}
