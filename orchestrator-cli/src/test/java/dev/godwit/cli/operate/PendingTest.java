package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is pending on a table, and what is done about it, over a real DynamoDB Local. */
class PendingTest {
  private static final String FIRST = "20261101-first";
  private static final String SECOND = "20261102-second";
  private static final String THIRD = "20261103-third";
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  /** One for all tests: what was compiled stays so. */
  @TempDir static Path home;

  private OwnMigrations migrations = new OwnMigrations(Path.of(""));

  @BeforeEach
  void fill() {
    Tasks.fill(DYNAMO_DB, CLIENT, "Tasks", 12);
    OwnMigrations.deleteAll(home.resolve("migrations"));
    OwnMigrations.deleteAll(home.resolve("results"));
    migrations = new OwnMigrations(home.resolve("migrations"));
    migrations.add(FIRST, "Tasks", "first", "1");
    migrations.add(SECOND, "Ta*", "second", "2");
    migrations.add("20261102-others", "Others", "third", "3");
  }

  @AfterEach
  void deleteTables() {
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name)); // the ledger too
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private Said godwit(String command, String... more) {
    return new Commands(DYNAMO_DB, home).godwit(command, more);
  }

  private Said run(String id, String runId, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "--local",
                "--table=Tasks",
                "--migration=" + id,
                "--run-id=" + runId,
                "--segments=2"));
    all.addAll(List.of(more));
    return godwit("run", all.toArray(String[]::new));
  }

  private void setHistory(String id, String attribute, String value) {
    CLIENT.updateItem(
        update ->
            update
                .tableName("godwit-ledger")
                .key(
                    Map.of(
                        "pk", AttributeValue.fromS("TABLE#Tasks"),
                        "sk", AttributeValue.fromS("MIGRATION#" + id)))
                .updateExpression("SET #name = :value")
                .expressionAttributeNames(Map.of("#name", attribute))
                .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value))));
  }

  // ---- info ----

  @Test
  void info_whereNothingWasRun_allThatIsMeantForTheTableIsPending_andNothingIsWritten() {
    var info = godwit("info", "--table=Tasks");

    assertThat(info.exit()).as(info.err()).isZero();
    assertThat(info.rows()).containsExactly(FIRST + " | pending", SECOND + " | pending");
    assertThat(info.err()).contains("Pending: 2.");
    assertThat(CLIENT.listTables().tableNames()).containsExactly("Tasks");
    assertThat(home.resolve("results")).doesNotExist();
  }

  @Test
  void info_afterRuns_saysWhenByWhichRunAndHowMany() {
    assertThat(run(SECOND, "two").exit()).isZero();
    migrations.write(THIRD, "Tasks", "Change.replace(item.with(\"id\", (String) null))");
    assertThat(run(THIRD, "three").exit()).isEqualTo(1);

    var info = godwit("info", "--table=Tasks");
    assertThat(info.rows().get(0)).isEqualTo(FIRST + " | pending, out of order");
    assertThat(info.rows().get(1))
        .matches(SECOND + " \\| applied \\| \\S+Z \\| two \\| \\d+ s \\| 12");
    assertThat(info.rows().get(2))
        .matches(THIRD + " \\| failed \\| \\S+Z \\| three \\| \\d+ s \\| 0");
    assertThat(info.err()).contains("Pending: 2.");

    var json = godwit("info", "--table=Tasks", "--output=json").out().lines().toList();
    assertThat(json.get(0))
        .startsWith(
            "{\"tableName\":\"Tasks\",\"migration\":\""
                + FIRST
                + "\",\"state\":\"pending\",\"pending\":true,\"remarks\":[\"out of order\"],\"failed\":0,\"codeHere\":\"");
    assertThat(json.get(1))
        .contains(
            "\"state\":\"applied\",\"pending\":false,\"remarks\":[],\"runId\":\"two\",\"at\":\"")
        .containsPattern(
            "\"seconds\":[0-9.]+,\"changed\":12,\"failed\":0,\"code\":\"[0-9a-f]{64}\"");
    assertThat(json).hasSize(3);
  }

  @Test
  void info_codeThatIsOtherOrGone_saysSo() {
    assertThat(run(FIRST, "one").exit()).isZero();
    assertThat(run(SECOND, "two").exit()).isZero();
    migrations.add(FIRST, "Tasks", "first", "other");
    migrations.delete(SECOND);

    var info = godwit("info", "--table=Tasks");
    assertThat(info.rows().get(0)).startsWith(FIRST + " | applied, changed since | ");
    assertThat(info.rows().get(1)).startsWith(SECOND + " | applied, missing here | ");
    assertThat(info.err()).contains("Nothing is pending.");
  }

  @Test
  void info_partialAndUndone_arePending() {
    migrations.write(
        FIRST,
        "Tasks",
        "item.string(\"id\").equals(\"task-3\") ? Change.replace(item.with(\"id\", (String) null)) : Change.keep()");
    assertThat(run(FIRST, "one", "--item-failures-allowed=5").exit()).isZero();
    assertThat(run(SECOND, "two").exit()).isZero();
    assertThat(run(SECOND, "back", "--down").exit()).isZero();

    var info = godwit("info", "--table=Tasks");
    assertThat(info.rows().get(0)).startsWith(FIRST + " | partial (1 failed) | ");
    assertThat(info.rows().get(1)).startsWith(SECOND + " | undone | ").contains(" | back | ");
    assertThat(info.err()).contains("Pending: 2.");
  }

  @Test
  void info_afterALaterRunFailed_keepsWhatTheHistoryHas() {
    assertThat(run(FIRST, "one").exit()).isZero();
    migrations.write(FIRST, "Tasks", "Change.replace(item.with(\"id\", (String) null))");
    assertThat(run(FIRST, "again").exit()).isEqualTo(1);

    assertThat(godwit("info", "--table=Tasks").rows().get(0))
        .startsWith(FIRST + " | applied, changed since, a later run failed | ")
        .contains(" | one | ");
  }

  @Test
  void info_withoutATable_hasAllThatAreNamedOrHadRuns() {
    migrations.add(FIRST, "Named", "first", "1");
    assertThat(run(SECOND, "two").exit()).isZero();

    var info = godwit("info");
    assertThat(info.rows()).hasSize(3);
    assertThat(info.rows().get(0)).isEqualTo("Named | " + FIRST + " | pending");
    assertThat(info.rows().get(1)).isEqualTo("Others | 20261102-others | pending");
    assertThat(info.rows().get(2)).startsWith("Tasks | " + SECOND + " | applied | ");
  }

  @Test
  void info_whatCannotBe_isOneSentence() {
    migrations.delete(FIRST);
    migrations.delete("20261102-others");
    var noTable = godwit("info");
    assertThat(noTable.exit()).isEqualTo(2);
    assertThat(noTable.err()).startsWith("Every migration here is for a pattern of tables");
    assertThat(noTable.err().lines()).hasSize(1);

    var notThis = godwit("info", "--table=Other");
    assertThat(notThis.exit()).isZero();
    assertThat(notThis.out()).isEmpty();
    assertThat(notThis.err()).contains("No migration here is meant for Other");

    var gone = new Commands(DYNAMO_DB, home.resolve("gone")).godwit("info", "--table=Tasks");
    assertThat(gone.exit()).isEqualTo(2);
    assertThat(gone.err().lines()).hasSize(1);
  }

  @Test
  void info_aStateThatThisVersionDoesNotKnow_isNamed() {
    assertThat(run(FIRST, "one").exit()).isZero();
    setHistory(FIRST, "state", "squashed");

    var info = godwit("info", "--table=Tasks");
    assertThat(info.exit()).isEqualTo(3);
    assertThat(info.err()).contains(FIRST + " as \"squashed\"").hasLineCount(1);
  }

  // ---- code that cannot say what it is ----

  @ParameterizedTest
  @ValueSource(strings = {"throw new IllegalStateException(\"no way\");", "return null;"})
  void migrations_oneThatCannotSayWhatUndoesIt_isOneSentence(String down) {
    migrations.addGoingDown(THIRD, "Tasks", down);
    var commands = new Commands(DYNAMO_DB, home);

    var list = commands.exactly("migrations", "--migrations=" + migrations.folder());
    assertThat(list.exit()).isEqualTo(2);
    assertThat(list.err())
        .startsWith("The migration M20261103THIRD cannot say what undoes it (java.lang.")
        .hasLineCount(1);
    var run = run(THIRD, "one", "--down");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("cannot say what undoes it").hasLineCount(1);
    assertThat(run(THIRD, "two").exit()).as("up is asked for").isZero();
  }

  // ---- validate ----

  @Test
  void validate_asItWasApplied_endsWith0_whateverIsPending() {
    assertThat(run(SECOND, "two").exit()).isZero();

    var validate = godwit("validate", "--table=Tasks");
    assertThat(validate.exit()).as(validate.err()).isZero();
    assertThat(validate.out()).isEmpty();
    assertThat(validate.err()).contains("All is as it was applied: 1.");
  }

  @Test
  void validate_otherCodeOrNone_isNamedAndEndsWith1() {
    assertThat(run(FIRST, "one").exit()).isZero();
    assertThat(run(SECOND, "two").exit()).isZero();
    migrations.add(FIRST, "Tasks", "first", "other");
    migrations.delete(SECOND);

    var validate = godwit("validate", "--table=Tasks");
    assertThat(validate.exit()).isEqualTo(1);
    var lines = validate.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .matches(FIRST + ": applied with the code [0-9a-f]{12}, but here it is [0-9a-f]{12}");
    assertThat(lines.get(1)).isEqualTo(SECOND + ": applied, but not here");
    assertThat(validate.err()).contains("Not as applied: 2 of 2.");

    var json = godwit("validate", "--table=Tasks", "--output=json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"remarks\":[\"changed since\"]"),
            line -> assertThat(line).contains("\"remarks\":[\"missing here\"]"));
  }

  @Test
  void validate_withoutATableOrMigrations_isBadUsage() {
    assertThat(godwit("validate").exit()).isEqualTo(2);
    var gone = new Commands(DYNAMO_DB, home.resolve("gone")).godwit("validate", "--table=Tasks");
    assertThat(gone.exit()).isEqualTo(2);
    assertThat(gone.err().lines()).hasSize(1);
  }
}
