package dev.godwit.worker.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import dev.godwit.run.Guard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeciderTest {
  private static final Item ITEM = Item.empty().with("id", "1").with("n", 1);

  /** So many that the stack of a thread does not hold a call for each. */
  private static final int TOO_DEEP = 100_000;

  @Test
  void decide_messageOfTheExceptionThrowsToo_failsTheItemAndSaysSo() {
    var failed =
        failed(
            (item, context) -> {
              throw new IllegalStateException() {
                private static final long serialVersionUID = 1;

                @Override
                public String getMessage() {
                  throw new NoClassDefFoundError("dev/godwit/Gone");
                }
              };
            });

    assertThat(failed.message()).contains("getMessage() threw java.lang.NoClassDefFoundError");
  }

  @Test
  void decide_errorThatLeavesTheJvmUsable_failsTheItem() {
    for (Error error :
        List.of(
            new StackOverflowError(),
            new OutOfMemoryError("Requested array size exceeds VM limit"),
            new NoClassDefFoundError("x"),
            new ExceptionInInitializerError(),
            new AssertionError("x"),
            new Error())) {
      assertThat(
              failed(
                      (item, context) -> {
                        throw error;
                      })
                  .error())
          .isEqualTo(error.getClass().getName());
    }
  }

  @Test
  void decide_jvmIsBroken_doesNotGoOn() {
    assertThatThrownBy(
            () ->
                decide(
                    (item, context) -> {
                      throw new InternalError("broken");
                    },
                    new Guard.ReadSet()))
        .isInstanceOf(InternalError.class);
  }

  @Test
  void decide_resultTooDeepToEncode_failsTheItem() {
    assertThat(failed((item, context) -> Change.replace(item.with("deep", deep()))).error())
        .isEqualTo("java.lang.StackOverflowError");
    assertThat(
            failed(
                    (item, context) ->
                        Change.keep().and(Action.put("Others", item.with("deep", deep()))))
                .error())
        .isEqualTo("java.lang.StackOverflowError");
    assertThat(
            failed((item, context) -> Change.later(Action.put("Others", item.with("deep", deep()))))
                .error())
        .isEqualTo("java.lang.StackOverflowError");
  }

  private static Value deep() {
    var value = Value.nothing();
    for (int i = 0; i < TOO_DEEP; i++) {
      value = Value.list(List.of(value));
    }
    return value;
  }

  @Test
  void decide_messageOfMegabytes_isCut() {
    var failed =
        failed(
            (item, context) -> {
              throw new IllegalStateException("x".repeat(1_000_000));
            });

    assertThat(failed.message()).hasSizeBetween(10_000, 10_010).startsWith("xxx").endsWith(" …");
  }

  @Test
  void decide_stampThatCannotBeRead_failsTheItem() throws IOException {
    var json = "{\"id\":{\"S\":\"1\"},\"by\":{\"X\":\"?\"}}".getBytes(StandardCharsets.UTF_8);
    Item item;
    try (var parser = DynamoDbJson.parsers().createParser(json)) {
      parser.nextToken();
      item = DynamoDbJson.read(parser, json);
    }
    var decider =
        new TransformDecider(
            (any, context) -> Change.keep(),
            context(),
            new WritePlanner(
                List.of("id"),
                new Guard.ReadSet(),
                Optional.of(new WritePlanner.Stamp("by", "m"))));

    assertThat(decider.decide(item)).isInstanceOf(Decision.Failed.class);
  }

  @Test
  void decide_moveOfMoreAttributesThanAnExpressionHolds_isGuardedByTheVersionOrByNothing() {
    assertThat(moved(149, new Guard.Version("a0")).unchanged()).hasSize(149);
    assertThat(moved(149, new Guard.None()).unchanged()).hasSize(149);
    assertThat(moved(150, new Guard.Version("a0")))
        .isEqualTo(new Condition(List.of("a0"), List.of()));
    assertThat(moved(150, new Guard.Version("rev")))
        .isEqualTo(new Condition(List.of(), List.of("rev")));
    assertThat(moved(150, new Guard.None())).isEqualTo(new Condition(List.of(), List.of()));
    assertThat(moved(150, new Guard.ReadSet()).unchanged()).hasSize(150);
  }

  private static Condition moved(int attributes, Guard guard) {
    var item = Item.empty().with("id", "1");
    for (int i = 0; i < attributes; i++) {
      item = item.with("a" + i, i);
    }
    var stored = DynamoDbJson.parse(DynamoDbJson.format(item));
    var decision =
        decider((any, context) -> Change.replace(any.with("id", "2")), guard).decide(stored);
    return ((Decision.Wanted) decision).write().orElseThrow().condition();
  }

  private static Decision.Failed failed(ItemTransform transform) {
    return (Decision.Failed) decide(transform, new Guard.ReadSet());
  }

  private static Decision decide(ItemTransform transform, Guard guard) {
    return decider(transform, guard).decide(ITEM);
  }

  private static Decider decider(ItemTransform transform, Guard guard) {
    return new TransformDecider(
        transform, context(), new WritePlanner(List.of("id"), guard, Optional.empty()));
  }

  private static TransformContext context() {
    return new TransformContext("run", Instant.EPOCH, Map.of());
  }
}
