package dev.godwit.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Filling a target and verifying it, as a user does, against DynamoDB Local. */
class VerifyCommandTest {
  private static final String MIGRATION = "20261120-completed-flag";
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  @TempDir Path folder;
  private TestScreen screen = TestScreen.plain();

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private int execute(String command, String... more) {
    screen = TestScreen.plain();
    var arguments = new ArrayList<String>();
    arguments.add(command);
    arguments.addAll(List.of(more));
    arguments.addAll(
        List.of(
            "--local",
            "--table=Tasks",
            "--migration=" + MIGRATION,
            "--segments=4",
            "--results=" + folder,
            "--region=us-east-1",
            "--endpoint-url=" + DYNAMO_DB.endpoint()));
    return new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
        .execute(arguments.toArray(String[]::new));
  }

  private static Map<String, AttributeValue> task(int number) {
    return Map.of(
        "id", AttributeValue.fromS("t" + number), "due", AttributeValue.fromS("2026-12-01"));
  }

  @Test
  void verify_aTarget_succeedsWhenAllIsThereAndElseEndsWith1AndSamples() {
    DYNAMO_DB.createTable("Tasks", "id");
    DYNAMO_DB.createTable("Tasks-2", "id");
    for (int i = 0; i < 30; i++) {
      int number = i;
      CLIENT.putItem(put -> put.tableName("Tasks").item(task(number)));
    }

    assertThat(execute("verify")).as("in place: nothing is done").isEqualTo(1);
    assertThat(screen.err()).contains("the transform would still change items of this table");
    assertThat(execute("verify", "--target=Tasks-2")).as("nothing is put").isEqualTo(1);
    assertThat(screen.err()).contains("30 are not in the target, and 0 are there otherwise");

    assertThat(execute("run", "--target=Tasks-2")).as(screen.err()).isZero();
    assertThat(screen.out())
        .contains("target")
        .contains("Tasks-2 (if-absent)")
        .containsPattern("put +30")
        .containsPattern("there already +0");
    assertThat(execute("verify", "--target=Tasks-2")).as(screen.err()).isZero();
    assertThat(screen.out())
        .containsPattern("in target +30")
        .containsPattern("missing +0")
        .containsPattern("unexplained +0 of the 30 items in the target");

    CLIENT.deleteItem(
        delete -> delete.tableName("Tasks-2").key(Map.of("id", AttributeValue.fromS("t3"))));
    CLIENT.putItem(put -> put.tableName("Tasks-2").item(task(4)));
    CLIENT.putItem(put -> put.tableName("Tasks-2").item(task(1000)));
    assertThat(execute("verify", "--target=Tasks-2")).isEqualTo(1);
    assertThat(screen.out())
        .containsPattern("in target +28")
        .containsPattern("missing +1")
        .containsPattern("different +1")
        .containsPattern("unexplained +1 of the 30 items in the target")
        .contains("id \"t3\"")
        .contains("id \"t4\"");
    assertThat(screen.err()).contains("1 are not in the target, and 1 are there otherwise");

    assertThat(execute("verify", "--target=Tasks-2", "--sample=1", "--output=json"))
        .isBetween(0, 1);
    assertThat(screen.out()).contains("\"scanned\":4").contains("\"thereAlready\":");
    assertThat(execute("verify", "--target=Tasks")).isEqualTo(2);
    assertThat(execute("verify", "--sample=0")).isEqualTo(2);
    assertThat(screen.err()).contains("sample must be from 1 to 1,000");
  }
}
