package dev.godwit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.MissingAttributeException;
import dev.godwit.migration.TransformContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TransformTesterTest {
  private static final Item ITEM = Item.empty().with("id", "7").with("count", 1);
  private static final ItemTransform ADD_ONE =
      (item, context) ->
          Change.replace(item.with("count", item.number("count").add(BigDecimal.ONE)));

  @Test
  void assertIdempotent_ofATransformThatAddsOne_namesWhatMoved() {
    var outcome = TransformTester.of(ADD_ONE).apply(ITEM);
    outcome.assertBecomes(ITEM.with("count", 2));
    assertThatThrownBy(outcome::assertIdempotent)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not idempotent")
        .hasMessageContaining("sets [count] and removes []");
  }

  @Test
  void assertIdempotent_ofATransformThatFailsOrDeletesTheSecondTime_saysSo() {
    assertThatThrownBy(
            () ->
                TransformTester.of(
                        (item, context) -> {
                          item.number("count");
                          return Change.replace(item.without("count"));
                        })
                    .apply(ITEM)
                    .assertIdempotent())
        .hasMessageContaining("its own output it fails")
        .hasCauseInstanceOf(MissingAttributeException.class);
    assertThatThrownBy(
            () ->
                TransformTester.of(
                        (item, context) ->
                            item.has("old") ? Change.delete() : Change.replace(item.with("old", 1)))
                    .apply(ITEM)
                    .assertIdempotent())
        .hasMessageContaining("deletes the item");
  }

  @Test
  void assertIdempotent_ofSetsAndDeletes_passes() {
    var applied = new AtomicInteger();
    TransformTester.of(
            (item, context) -> {
              applied.incrementAndGet();
              return Change.replace(item.with("flag", true));
            })
        .apply(ITEM)
        .assertIdempotent();
    assertThat(applied).hasValue(2);
    assertThatCode(
            () ->
                TransformTester.of((item, context) -> Change.delete())
                    .apply(ITEM)
                    .assertDeleted()
                    .assertIdempotent())
        .doesNotThrowAnyException();
  }

  @Test
  void guardedBy_isWhatWasReadAndWhatIsWritten() {
    var outcome =
        TransformTester.of(
                (item, context) ->
                    item.has("absent")
                        ? Change.keep()
                        : Change.replace(item.without("count").with("new", 1)))
            .apply(ITEM);
    assertThat(outcome.guardedBy()).containsExactly("absent", "new", "count");
    outcome.assertGuardedBy("count", "new", "absent");
    assertThatThrownBy(() -> outcome.assertGuardedBy("count"))
        .hasMessage("The write is guarded by [absent, count, new], not by [count]");
  }

  @Test
  void guardedBy_ofASampleThatTheTestHasRead_doesNotCountThatReading() {
    ITEM.string("id");
    TransformTester.of((item, context) -> Change.keep()).apply(ITEM).assertGuardedBy();
  }

  @Test
  void assertKept_ofAnEqualReplacement_passes_ofAnotherFails() {
    TransformTester.of((item, context) -> Change.replace(item.with("count", new BigDecimal("1.0"))))
        .apply(ITEM)
        .assertKept();
    assertThatThrownBy(() -> TransformTester.of(ADD_ONE).apply(ITEM).assertKept())
        .hasMessageContaining("sets [count]");
    assertThatThrownBy(
            () -> TransformTester.of((item, context) -> Change.delete()).apply(ITEM).assertKept())
        .hasMessageContaining("deleted");
  }

  @Test
  void assertBecomes_anotherItem_namesTheAttributesByKind() {
    var outcome =
        TransformTester.of((item, context) -> Change.replace(item.with("extra", 1))).apply(ITEM);
    assertThatThrownBy(() -> outcome.assertBecomes(ITEM.with("count", 9).with("lacking", 1)))
        .hasMessageContaining("missing [lacking], too many [extra], other values in [count]");
    assertThatThrownBy(outcome::assertDeleted).hasMessageContaining("not deleted");
  }

  @Test
  void assertActions_comparesTableAndItem() {
    var action = Action.putIfAbsent("Other", ITEM);
    var outcome =
        TransformTester.of((item, context) -> Change.keep().and(action).andLater(action))
            .apply(ITEM);
    outcome.assertActions(action).assertDeferred(action);
    assertThatThrownBy(() -> outcome.assertActions(Action.putIfAbsent("Another", ITEM)))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> outcome.assertActions(Action.put("Other", ITEM)))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(outcome::assertDeferred).isInstanceOf(AssertionError.class);
  }

  @Test
  void apply_ofATransformThatThrowsOrAnswersNull_isAFailure() {
    var thrown =
        TransformTester.of(
                (item, context) -> Change.replace(item.without("x").with("n", item.number("gone"))))
            .apply(ITEM);
    thrown.assertFails(MissingAttributeException.class);
    assertThatThrownBy(thrown::assertKept).hasMessageContaining("The transform failed");
    assertThatThrownBy(() -> thrown.assertFails(IllegalStateException.class))
        .hasMessageContaining("fails otherwise");

    TransformTester.of(TransformTesterTest::answersNull)
        .apply(ITEM)
        .assertFails(NullPointerException.class);
    assertThatThrownBy(() -> TransformTester.of(ADD_ONE).apply(ITEM).assertFails(Exception.class))
        .hasMessageContaining("does not fail");
  }

  @Test
  void context_isWhatTheTestSets() {
    TransformTester.of(
            (item, context) ->
                Change.replace(
                    item.with("at", context.startedAt().toString())
                        .with("target", context.parameter("target").orElse(""))))
        .startedAt(Instant.EPOCH)
        .parameter("target", "Other")
        .apply(ITEM)
        .assertBecomes(ITEM.with("at", "1970-01-01T00:00:00Z").with("target", "Other"));
  }

  @SuppressWarnings("NullAway") // user code may do this
  private static Change answersNull(Item item, TransformContext context) {
    return null;
  }
}
