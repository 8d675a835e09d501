package dev.godwit.examples;

import dev.godwit.migration.Item;
import dev.godwit.testkit.TransformTester;
import org.junit.jupiter.api.Test;

class CompletedFlagTest {
  private static final TransformTester UP = TransformTester.up(new CompletedFlag());
  private static final Item TASK = Item.empty().with("id", "7").with("title", "fly");

  @Test
  void up_aTaskWithout_isNotCompleted() {
    UP.apply(TASK)
        .assertBecomes(TASK.with("completed", false))
        .assertGuardedBy("completed")
        .assertIdempotent();
  }

  @Test
  void up_aTaskWithEitherAnswer_isKept() {
    UP.apply(TASK.with("completed", true)).assertKept();
    UP.apply(TASK.with("completed", false)).assertKept();
  }
}
