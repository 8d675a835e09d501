package dev.godwit.cli.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.testkit.TransformTester;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TestTransformCommandTest {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private final TestScreen screen = TestScreen.plain();

  @Test
  void testTransform_overATable_saysWhatItWouldDoAndWritesNothing() {
    try (var server = LocalDynamoDb.inMemory();
        var client = server.client()) {
      server.createTable("Tasks", "id");
      for (int i = 0; i < 50; i++) {
        var item =
            i % 5 == 0
                ? Map.of(
                    "id", AttributeValue.fromS("t" + i), "completed", AttributeValue.fromBool(true))
                : Map.of("id", AttributeValue.fromS("t" + i));
        client.putItem(put -> put.tableName("Tasks").item(item));
      }
      var before = client.scan(scan -> scan.tableName("Tasks")).items();

      int exit =
          new Godwit(
                  screen.screen(),
                  Map.of("AWS_REGION", "us-east-1"),
                  new EmbeddedEngines(),
                  new NoAws(),
                  NEVER)
              .execute(
                  "test-transform",
                  "--table=Tasks",
                  "--migration=20261120-completed-flag",
                  "--region=us-east-1",
                  "--endpoint-url=" + server.endpoint());

      assertThat(screen.err()).isEmpty();
      assertThat(exit).isZero();
      assertThat(screen.out())
          .contains("50 items tried: 10 kept, 40 replaced, 0 deleted, 0 failed")
          .contains("guarded by: completed")
          .contains("Idempotent")
          .contains("Nothing was written.");
      assertThat(client.scan(scan -> scan.tableName("Tasks")).items()).isEqualTo(before);
    }
  }

  @Test
  void trial_transformThatAddsOne_isFoundOut() {
    var trial =
        new TransformTrial(
            TransformTester.of(
                (item, context) ->
                    Change.replace(
                        item.with("visits", item.number("visits").add(BigDecimal.ONE)))));

    trial.on(DynamoDbJson.parse("{\"id\":{\"S\":\"1\"},\"visits\":{\"N\":\"41\"}}"));

    assertThat(trial.isSound()).isFalse();
    assertThat(trial.report()).contains("not idempotent", "visits", "--stamp").doesNotContain("41");
  }

  @Test
  void trial_transformThatThrows_isCountedByItsError() {
    var trial =
        new TransformTrial(
            TransformTester.of(
                (item, context) -> Change.replace(item.with("n", item.number("n")))));

    trial.on(DynamoDbJson.parse("{\"id\":{\"S\":\"1\"}}"));
    trial.on(DynamoDbJson.parse("{\"id\":{\"S\":\"2\"},\"n\":{\"S\":\"seven\"}}"));

    assertThat(trial.isSound()).isFalse();
    assertThat(trial.report())
        .contains("2 items tried: 0 kept, 0 replaced, 0 deleted, 2 failed")
        .contains("1 failed with dev.godwit.migration.MissingAttributeException")
        .contains("1 failed with dev.godwit.migration.WrongTypeException");
  }

  @Test
  void testTransform_noItemsAskedFor_isRefused() {
    int exit =
        new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
            .execute(
                "test-transform",
                "--table=Tasks",
                "--migration=20261120-completed-flag",
                "--items=0");

    assertThat(exit).isEqualTo(2);
    assertThat(screen.err()).contains("--items must be at least 1, not 0");
  }
}
