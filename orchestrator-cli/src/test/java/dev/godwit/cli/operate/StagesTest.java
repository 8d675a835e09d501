package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.migrations.MigrationJars;
import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.compiler.MigrationsFolder;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Stages of {@code godwit.json}, those of {@code docs/stages.md}, over a DynamoDB Local. */
class StagesTest {
  private static final Path PAGE = Path.of("../docs/stages.md");
  private static final String MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit";
  private static final String FIRST = "20261101-first";
  private static final String LEDGER_THERE = "godwit-ledger-there";
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  /** One for all tests: what was compiled stays so. */
  @TempDir static Path home;

  private final List<String> asked = new ArrayList<>();
  private final Commands commands = new Commands(DYNAMO_DB, home, this::there);

  private RunLifecycle there(String arn) {
    asked.add(arn);
    return new EmbeddedEngines()
        .runs(
            DynamoDbConnection.local(DYNAMO_DB.endpoint()),
            LEDGER_THERE,
            MigrationJars.load(MigrationsFolder.at(home.resolve("migrations")).jars()),
            home.resolve("there"));
  }

  @BeforeEach
  void fill() throws IOException {
    OwnMigrations.deleteAll(home.resolve("migrations"));
    OwnMigrations.deleteAll(home.resolve("results"));
    OwnMigrations.deleteAll(home.resolve("there"));
    new OwnMigrations(home.resolve("migrations"))
        .write(
            FIRST,
            "Users-*",
            "item.has(\"stage\") ? Change.keep() : Change.replace(item.with(\"stage\", context.parameters().get(\"stage\")))");
    Tasks.fill(DYNAMO_DB, CLIENT, "Users-dev", 3);
    Tasks.fill(DYNAMO_DB, CLIENT, "Users-prod", 3);
    DYNAMO_DB.createTable(LEDGER_THERE, "pk", "sk");
    write(blocks("json").get(0).replace("http://127.0.0.1:8000", DYNAMO_DB.endpoint().toString()));
  }

  private static void write(String json) throws IOException {
    Files.writeString(home.resolve("godwit.json"), json);
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();
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

  /** What stands in the page, and beside it where this test has its files. */
  private Said godwit(String line) {
    var arguments = new ArrayList<>(Arrays.asList(line.strip().split(" +")));
    assertThat(arguments.remove(0)).isEqualTo("godwit");
    arguments.add("--config=" + home.resolve("godwit.json"));
    arguments.add("--results=" + commands.results());
    arguments.add("--migrations=" + commands.migrations());
    return commands.exactly(arguments.toArray(String[]::new));
  }

  private static List<String> stages(String table) {
    return Tasks.over(CLIENT, table).contents().values().stream()
        .map(item -> item.getOrDefault("stage", AttributeValue.fromS("")).s())
        .distinct()
        .toList();
  }

  @Test
  void page_itsPipeline_migratesThatStageAlone_withItsParameters_onItsStateMachine()
      throws IOException {
    for (String line : blocks("sh").get(0).lines().toList()) {
      assertThat(stages("Users-prod")).containsExactly("");
      var said = godwit(line);
      assertThat(said.exit()).as(line + ": " + said.err()).isZero();
    }

    assertThat(stages("Users-prod")).containsExactly("prod");
    assertThat(stages("Users-dev")).containsExactly("");
    assertThat(asked).hasSize(3).containsOnly(MACHINE);
    assertThat(new Ledger(CLIENT, LEDGER_THERE).history("Users-prod")).hasSize(1);
    assertThat(godwit("godwit migrate --stage prod").err())
        .contains("Nothing is pending on Users-prod.");
  }

  @Test
  void page_itsCommandsOnAMachine_takeTheStagesTablesAndPlace() throws IOException {
    var lines = blocks("sh").get(1).lines().toList();
    assertThat(lines).hasSize(2);

    assertThat(godwit(lines.get(0)).rows()).containsExactly(FIRST + " | pending");
    var migrate = godwit(lines.get(1));
    assertThat(migrate.exit()).as(migrate.err()).isZero();
    assertThat(stages("Users-dev")).containsExactly("dev");
    assertThat(stages("Users-prod")).containsExactly("");
    assertThat(asked).isEmpty();
  }

  @Test
  void page_itsStages_areTakenByEveryCommandThatHasTables() {
    for (String command :
        List.of(
            "info",
            "validate --table Users-dev",
            "history --table Users-dev",
            "baseline --table Users-dev --to " + FIRST,
            "repair --table Users-dev",
            "release --table Users-dev",
            "runs --table Users-dev")) {
      var name = command.split(" ", -1)[0];
      var said =
          name.matches("info|validate|baseline|repair")
              ? godwit("godwit " + command + " --stage dev")
              : commands.exactly(
                  (command
                          + " --stage dev --config "
                          + home.resolve("godwit.json")
                          + " --results "
                          + commands.results())
                      .split(" "));
      assertThat(said.exit()).as(command + ": " + said.err()).isZero();
    }
    assertThat(new Ledger(CLIENT, "godwit-ledger").history("Users-dev")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stage pord|There is no stage pord in FILE; there are: dev, prod. Nothing was begun",
        "--stage prod --table Users-dev|The stage prod has the tables Users-prod, but --table (TABLE_NAME) is Users-dev; leave out the one or the other. Nothing was begun",
        "--stage prod --local|The stage prod is on the state machine MACHINE, but --local is given; leave out the one or the other. Nothing was begun",
        "--stage prod --sfn-arn MACHINE2|The stage prod is on the state machine MACHINE, but --sfn-arn (SFN_ARN) is MACHINE2; leave out the one or the other. Nothing was begun",
        "--stage dev --sfn-arn MACHINE|The stage dev is on this machine, but --sfn-arn (SFN_ARN) is MACHINE; leave out the one or the other. Nothing was begun",
        "--stage dev --region eu-west-1|The stage dev has the region us-east-1, but --region is eu-west-1; leave out the one or the other. Nothing was begun",
        "--stage dev --endpoint-url http://127.0.0.1:1|The stage dev has the endpointUrl DYNAMO, but --endpoint-url (AWS_ENDPOINT_URL_DYNAMODB) is http://127.0.0.1:1; leave out the one or the other. Nothing was begun",
        "--stage dev --parameter stage=prod|The stage dev has the parameter stage=dev, but --parameter is stage=prod; leave out the one or the other. Nothing was begun",
      })
  void migrate_stageThatIsNotThere_orContradictsAFlag_isRefusedInASentence(
      String options, String message) {
    var said = godwit("godwit migrate " + filled(options));

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).isEqualToIgnoringNewLines(filled(message));
    assertThat(said.out()).isEmpty();
    assertThat(stages("Users-prod")).containsExactly("");
    assertThat(stages("Users-dev")).containsExactly("");
  }

  private static String filled(String text) {
    return text.replace("FILE", home.resolve("godwit.json").toString())
        .replace("MACHINE2", MACHINE + "Two")
        .replace("MACHINE", MACHINE)
        .replace("DYNAMO,", DYNAMO_DB.endpoint() + ",")
        .replace("DYNAMO ", DYNAMO_DB.endpoint() + " ");
  }

  @Test
  void stage_whatIsSaidTwiceAlike_isTaken() {
    var said =
        godwit(
            filled(
                "godwit migrate --stage dev --region us-east-1 --endpoint-url DYNAMO --local --table Users-dev --parameter stage=dev"));
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(stages("Users-dev")).containsExactly("dev");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|godwit.json is not JSON, at line 1",
        "{}|godwit.json has no stages; --stage prod needs a member \"stages\". Nothing was begun",
        "{\"stages\": {\"prod\": {\"table\": \"x\"}}}|godwit.json: There is no member stages.prod.table; a stage may have endpointUrl, parameters, region, stateMachine, tables. Nothing was begun",
      })
  void stage_aFileThatCannotBe_isOneSentence(String json, String message) throws IOException {
    write(json);
    var said = godwit("godwit info --stage prod");
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains(message).hasLineCount(1);
  }

  @Test
  void stage_withoutAFile_isOneSentence() throws IOException {
    Files.delete(home.resolve("godwit.json"));
    var said = godwit("godwit info --stage prod");
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .startsWith("There is no file ")
        .contains("that has the stage prod; give it with --config")
        .hasLineCount(1);
  }
}
