package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Plans, over a real DynamoDB Local. */
class PlanCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "20261101-first";
  private static final String UNRULY = "20261102-unruly";
  private static final int ITEMS = 40;
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  /** One for all tests: what was compiled stays so. */
  @TempDir static Path home;

  private Tasks tasks = Tasks.over(CLIENT, "Tasks");

  @BeforeEach
  void fill() {
    tasks = Tasks.fill(DYNAMO_DB, CLIENT, "Tasks", ITEMS);
    OwnMigrations.deleteAll(home.resolve("results"));
    OwnMigrations.deleteAll(home.resolve("migrations"));
    var migrations = new OwnMigrations(home.resolve("migrations"));
    migrations.add(FIRST, "Tasks", "first", "1");
    migrations.add("20261103-any", "*", "any", "1");
    migrations.write(UNRULY, "Tasks", "Change.replace(item.with(\"n\", item.number(\"title\")))");
  }

  @AfterEach
  void deleteTables() {
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name));
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private static Said plan(String... more) {
    var all = new ArrayList<>(List.of("--table=Tasks", "--migration=" + FIRST));
    all.addAll(List.of(more));
    return new Commands(DYNAMO_DB, home).godwit("plan", all.toArray(String[]::new));
  }

  private static Said run(String... more) {
    var all = new ArrayList<>(List.of("--local", "--table=Tasks", "--segments=2"));
    all.addAll(List.of(more));
    return new Commands(DYNAMO_DB, home).godwit("run", all.toArray(String[]::new));
  }

  private void assertNothingWasWritten() {
    assertThat(CLIENT.listTables().tableNames()).containsExactly("Tasks");
    assertThat(tasks.contents().values()).noneMatch(item -> item.containsKey("first"));
    assertThat(home.resolve("results")).doesNotExist();
  }

  @Test
  void plan_ofASmallTable_tellsAllOfIt_andWritesNothing() {
    var said = plan();

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out())
        .contains("The table Tasks", "keyed by id")
        .contains("40 of 40 items", "all there are")
        .containsPattern("would change +40, 100.0 %")
        .containsPattern("writes +40 write request units +\\$0.000025 +40 × \\$0.625 a million")
        .contains("Prices of us-east-1, read ")
        .contains("The time, on demand")
        .contains("godwit run --local")
        .containsPattern("yes +Is the table free of other runs")
        .containsPattern("unknown +Can the table be had back");
    assertNothingWasWritten();
  }

  @Test
  void plan_asJson_isOneObjectWithTheSame() throws IOException {
    var said = plan("--output=json", "--keep-before-images", "--segments=3");

    assertThat(said.out().lines()).hasSize(1);
    JsonNode json = JSON.readTree(said.out());
    assertThat(json.at("/table/items").asInt()).isEqualTo(ITEMS);
    assertThat(json.at("/table/recovery/unknown").asText()).contains("does not know of it");
    assertThat(json.path("work").at("/sample/complete").asBoolean()).isTrue();
    assertThat(json.path("work").at("/items/changed/estimate").asInt()).isEqualTo(ITEMS);
    assertThat(json.path("work").at("/imageBytes/estimate").asInt()).isPositive();
    assertThat(json.at("/bills/0/lines/1/dollars/estimate").asDouble()).isEqualTo(0.000025);
    assertThat(json.at("/bills/0/limits").size()).isGreaterThan(2);
    assertThat(json.at("/advice/0/option").asText()).isEqualTo("--segments");
    assertThat(json.at("/advice/0/value").asText()).isEqualTo("3");
    assertThat(json.at("/advice/0/given").asBoolean()).isTrue();
    assertThat(json.at("/command").asText())
        .contains("--segments 3", "--keep-before-images", "--migration " + FIRST);
    assertThat(json.at("/mayStart").asBoolean()).isTrue();
    assertNothingWasWritten();
  }

  @Test
  void plan_ofSomeItems_boundsTheRest() throws IOException {
    var sampled = JSON.readTree(plan("--output=json", "--sample=10").out()).at("/work");

    assertThat(sampled.at("/sample/complete").asBoolean()).isFalse();
    assertThat(sampled.at("/sample/items").asInt()).isLessThan(ITEMS).isPositive();
    assertThat(sampled.at("/items/changed/estimate").asInt()).isEqualTo(ITEMS);
    assertThat(sampled.at("/items/changed/low").asDouble()).isLessThan(ITEMS);
    assertThat(sampled.at("/items/changed/high").asInt()).isEqualTo(ITEMS);
  }

  @Test
  void plan_inARegionWithoutPrices_saysThatTheyAreUnknown() {
    var said =
        new Commands(DYNAMO_DB, home)
            .exactly(
                "plan",
                "--table=Tasks",
                "--migration=" + FIRST,
                "--region=eu-north-1",
                "--migrations=" + home.resolve("migrations"),
                "--results=" + home.resolve("results"),
                "--endpoint-url=" + DYNAMO_DB.endpoint());

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("The bill, on demand: $0, and what is unknown")
        .contains("what a write request unit costs in eu-north-1 is not known")
        .contains("Prices of eu-north-1 are not in this build")
        .contains("scripts/update-prices");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sample=0 | --sample must be at least 1, not 0",
        "--items=0 | --items must be at least 1, not 0",
        "--table=Nowhere --migration=20261103-any | There is no table Nowhere",
        "--migration=20260101-unknown | 20260101-unknown",
        "--migrations=/nowhere | /nowhere"
      })
  void plan_ofWhatCannotBe_isRefusedInOneSentence(String options, String why) {
    var all = new ArrayList<String>();
    if (!options.contains("--table")) {
      all.add("--table=Tasks");
    }
    if (!options.contains("--migration=")) {
      all.add("--migration=" + FIRST);
    }
    all.addAll(List.of(options.split(" ")));
    var commands = new Commands(DYNAMO_DB, home);
    var said =
        options.contains("--migrations=")
            ? commands.looking("plan", all.toArray(String[]::new))
            : commands.godwit("plan", all.toArray(String[]::new));

    assertThat(said.exit()).as(said.out() + said.err()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains(why);
    assertNothingWasWritten();
  }

  @Test
  void plan_ofATableThatHoldsMoreThanItIsSaidTo_asksForTheNumber() {
    Tasks.fill(DYNAMO_DB, CLIENT, "Many", 2_010);

    var said =
        new Commands(DYNAMO_DB, home)
            .godwit("plan", "--table=Many", "--migration=20261103-any", "--items=5", "--sample=10");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains(
            "Many holds more than the 5 items that --items says", "look at more with --sample");
  }

  @Test
  void plan_ofAnotherTablesMigration_isRefused() {
    tasks = Tasks.fill(DYNAMO_DB, CLIENT, "Others", 1);

    var said =
        new Commands(DYNAMO_DB, home).godwit("plan", "--table=Others", "--migration=" + FIRST);

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("meant for the table Tasks, not for Others");
  }

  @Test
  void run_thatRequiresAPlan_whichSaysNo_doesNotBegin() {
    var said = run("--migration=" + UNRULY, "--require-plan");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains(
            "was not begun, for the plan says", "WrongTypeException", "--item-failures-allowed");
    assertThat(said.out()).isEmpty();
    assertNothingWasWritten();
  }

  @Test
  void run_thatRequiresAPlan_whichSaysYes_begins_andTellsWhatIsUnknown() {
    var said = run("--migration=" + FIRST, "--require-plan");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.err()).contains("point-in-time recovery)? unknown:");
    assertThat(said.out()).containsPattern("updated +40");
  }

  @Test
  void run_thatRequiresRecovery_ofWhichNobodyKnows_doesNotBegin() {
    var said = run("--migration=" + FIRST, "--require-pitr");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains("was not begun, for the plan says", "point-in-time recovery)? unknown");
    assertNothingWasWritten();
  }
}
