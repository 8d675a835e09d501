package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A version that no item has is asked about before a run goes by it; the table is real. */
class GuardQuestionTest {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private static final String NONE_HAS =
      "None of 30 items looked at in Cities has the attribute of --guard version:_verison";
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();

  private final FakeEngine engine = new FakeEngine();
  private TestScreen screen = TestScreen.plain();

  @BeforeAll
  static void fillTables() {
    DYNAMO_DB.createTable("Cities", "id");
    DYNAMO_DB.createTable("CitiesEmpty", "id");
    try (var client = DYNAMO_DB.client()) {
      for (int i = 0; i < 30; i++) {
        var id = AttributeValue.fromS("city " + i);
        var item =
            i == 17
                ? Map.of("id", id, "_version", AttributeValue.fromN("3"))
                : Map.of("id", id, "name", id);
        client.putItem(put -> put.tableName("Cities").item(item));
      }
    }
  }

  @AfterAll
  static void stop() {
    DYNAMO_DB.close();
  }

  @Test
  void run_versionThatNoItemHasAndNobodyToAsk_isRefusedWithWhatHelps() {
    assertThat(run("Cities", "version:_verison")).isEqualTo(2);
    assertThat(screen.err())
        .contains(NONE_HAS)
        .contains("Nothing was begun; check the name, or say --yes");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_versionThatNoItemHasAndYes_isSaidAndBegun() {
    assertThat(run("Cities", "version:_verison", "--yes")).isZero();
    assertThat(screen.err()).contains(NONE_HAS).doesNotContain("[y/N]");
    assertThat(engine.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"y\n", "Yes\n"})
  void run_userAnswersYes_isBegun(String answer) {
    screen = TestScreen.answering(answer);
    assertThat(run("Cities", "version:_verison")).isZero();
    assertThat(screen.err()).contains(NONE_HAS).contains("Go on all the same? [y/N]");
    assertThat(engine.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n\n", "\n", "", "maybe\n"})
  void run_userAnswersAnythingElse_isNotBegun(String answer) {
    screen = TestScreen.answering(answer);
    assertThat(run("Cities", "version:_verison")).isEqualTo(2);
    assertThat(screen.err()).contains("Nothing was begun");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_anItemHasTheVersionOrThereIsNone_asksNothing() {
    assertThat(run("Cities", "version:_version")).isZero();
    assertThat(run("CitiesEmpty", "version:_verison")).isZero();
    assertThat(run("Cities", "read-set")).isZero();
    assertThat(screen.err()).doesNotContain("None of");
  }

  @Test
  void run_nothingIsWritten_isSaidAndNotAsked() {
    assertThat(run("Cities", "version:_verison", "--dry-run")).isZero();
    assertThat(screen.err()).contains(NONE_HAS);
  }

  @Test
  void run_onAws_asksTheSame() {
    assertThat(runOnAws("Cities")).isEqualTo(2);
    assertThat(screen.err()).contains(NONE_HAS).doesNotContain("reached");
  }

  @Test
  void run_onAwsByWhomMayNotReadTheTable_isSaidAndGoesOn() {
    assertThat(runOnAws("Unreadable")).isEqualTo(2);
    assertThat(screen.err())
        .contains("Whether items have the attribute of --guard version:_verison could not be")
        .contains("reached");
  }

  private int run(String table, String guard, String... more) {
    var arguments = new ArrayList<>(List.of("run", "--local", "--results=target/guard-question"));
    arguments.addAll(List.of(more));
    return execute(new NoAws(), arguments, table, guard);
  }

  private int runOnAws(String table) {
    return execute(
        arn -> {
          throw new IllegalArgumentException("reached");
        },
        List.of("run", "--sfn-arn=any"),
        table,
        "version:_verison");
  }

  private int execute(StateMachines aws, List<String> arguments, String table, String guard) {
    var all = new ArrayList<>(arguments);
    all.add("--table=" + table);
    all.add("--guard=" + guard);
    all.add("--migration=20261120-city-coordinates");
    all.add("--region=us-east-1");
    all.add("--endpoint-url=" + DYNAMO_DB.endpoint());
    return new Godwit(screen.screen(), Map.of(), engine, aws, NEVER)
        .execute(all.toArray(String[]::new));
  }
}
