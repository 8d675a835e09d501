package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.migrations.MigrationJars;
import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.compiler.MigrationsFolder;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** All that is pending, in order, over a real DynamoDB Local. */
class MigrateTest {
  private static final String FIRST = "20261101-first";
  private static final String SECOND = "20261102-second";
  private static final String THIRD = "20261103-third";
  private static final int ITEMS = 6;
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  /** One for all tests: what was compiled stays so. */
  @TempDir static Path home;

  private Tasks tasks = Tasks.over(CLIENT, "Tasks");
  private OwnMigrations migrations = new OwnMigrations(Path.of(""));

  @BeforeEach
  void fill() {
    tasks = Tasks.fill(DYNAMO_DB, CLIENT, "Tasks", ITEMS);
    OwnMigrations.deleteAll(home.resolve("migrations"));
    OwnMigrations.deleteAll(home.resolve("results"));
    OwnMigrations.deleteAll(home.resolve("there"));
    migrations = new OwnMigrations(home.resolve("migrations"));
    migrations.add(FIRST, "Tasks", "first", "1");
    migrations.write(
        SECOND,
        "Ta*",
        "item.has(\"second\") ? Change.keep() : Change.replace(item.with(\"second\", item.string(\"first\") + \"2\"))");
    migrations.write(
        THIRD,
        "Tasks",
        "item.has(\"third\") ? Change.keep() : Change.replace(item.with(\"third\", item.string(\"second\") + \"3\"))");
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

  private Said migrate(String... more) {
    var all = new ArrayList<>(List.of("--local", "--table=Tasks", "--segments=1"));
    all.addAll(List.of(more));
    return godwit("migrate", all.toArray(String[]::new));
  }

  private Said run(String id, String... more) {
    var all =
        new ArrayList<>(List.of("--local", "--table=Tasks", "--migration=" + id, "--segments=1"));
    all.addAll(List.of(more));
    return godwit("run", all.toArray(String[]::new));
  }

  private List<String> history() {
    return new Ledger(CLIENT, "godwit-ledger")
        .history("Tasks").stream()
            .map(entry -> entry.migration() + " " + entry.state())
            .sorted()
            .toList();
  }

  private void failing(String id, String item) {
    migrations.write(
        id,
        "Tasks",
        "item.string(\"id\").equals(\"%s\") ? Change.replace(item.with(\"id\", (String) null)) : Change.keep()"
            .formatted(item));
  }

  @Test
  void migrate_thatRequiresAPlan_plansEachOverTheTableAsItIsByThen() {
    failing("20261104-fourth", "task-3");

    var migrate = migrate("--require-plan");

    assertThat(migrate.exit()).as(migrate.err()).isEqualTo(2);
    // The second and third fail on every item, unless the one before has run.
    assertThat(history())
        .containsExactly(FIRST + " applied", SECOND + " applied", THIRD + " applied");
    assertThat(migrate.err())
        .contains("20261104-fourth was not begun, for the plan says")
        .contains("Not run: 20261104-fourth.");
  }

  @Test
  void migrate_thatRequiresRecovery_ofWhichNobodyKnows_beginsNothing() {
    var migrate = migrate("--require-pitr");

    assertThat(migrate.exit()).isEqualTo(2);
    assertThat(migrate.err())
        .contains(FIRST + " was not begun, for the plan says", "point-in-time recovery)? unknown")
        .doesNotContain("To run over");
    assertThat(history()).isEmpty();
  }

  @Test
  void migrate_severalPending_runsThemOldestFirst_andSaysTheOrderBefore() {
    var migrate = migrate();

    assertThat(migrate.exit()).as(migrate.err()).isZero();
    // Each reads what the one before has written.
    assertThat(tasks.contents().values())
        .hasSize(ITEMS)
        .allSatisfy(item -> assertThat(item).containsEntry("third", AttributeValue.fromS("123")));
    assertThat(migrate.err().lines().findFirst())
        .contains(
            "To run over Tasks, in this order: " + FIRST + ", " + SECOND + ", " + THIRD + ".");
    assertThat(migrate.err()).contains("Applied: 3.");
    assertThat(migrate.out()).containsSubsequence(FIRST, SECOND, THIRD);
    assertThat(history())
        .containsExactly(FIRST + " applied", SECOND + " applied", THIRD + " applied");
  }

  @Test
  void migrate_oneThatIsDatedBeforeWhatIsApplied_isRun_andWhatIsAppliedIsNot() {
    migrations.delete(FIRST);
    migrations.add(SECOND, "Tasks", "second", "2");
    assertThat(migrate("--to=" + SECOND).exit()).isZero();
    migrations.add(FIRST, "Tasks", "first", "1");

    var migrate = migrate();
    assertThat(migrate.exit()).as(migrate.err()).isZero();
    assertThat(migrate.err()).contains("in this order: " + FIRST + ", " + THIRD + ".");
    assertThat(tasks.contents().values())
        .allSatisfy(item -> assertThat(item).containsKey("first").containsEntry("third", s("23")));
  }

  @Test
  void migrate_withACanary_stopsAtTheOneWhoseCanaryIsRefused() {
    migrations.write(
        SECOND,
        "Tasks",
        "Change.replace(item.with(\"again\", item.has(\"again\") ? \"\" + item.string(\"again\") + \"x\" : \"x\"))");

    var migrate = godwit("migrate", "--local", "--table=Tasks", "--segments=2", "--canary=50%");

    assertThat(migrate.exit()).as(migrate.err()).isEqualTo(1);
    assertThat(migrate.err()).contains("Godwit.CanaryRefused", "Not run: " + THIRD + ".");
    assertThat(migrate.out()).contains("Some of what would change");
    assertThat(history()).containsExactly(FIRST + " applied");
    assertThat(tasks.contents().values().stream().filter(item -> item.containsKey("again")))
        .hasSizeBetween(1, ITEMS - 1);
  }

  @Test
  void migrate_nothingPending_isOneSentence() {
    assertThat(migrate().exit()).isZero();

    var again = migrate();
    assertThat(again.exit()).isZero();
    assertThat(again.err()).isEqualToIgnoringNewLines("Nothing is pending on Tasks.");
    assertThat(again.out()).isEmpty();
  }

  @Test
  void migrate_tableThatNoMigrationIsMeantFor_isBadUsage() {
    var other = godwit("migrate", "--local", "--table=Other");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err())
        .contains("no migration here is meant for the table Other, and it has had none")
        .contains("Those here are for Tasks");
  }

  @Test
  void migrate_oneThatFails_stopsThere() {
    failing(SECOND, "task-3");

    var migrate = migrate();
    assertThat(migrate.exit()).isEqualTo(1);
    assertThat(migrate.err()).contains("Not run: " + THIRD + ".").contains("godwit redrive ");
    assertThat(history()).containsExactly(FIRST + " applied");
    assertThat(tasks.contents().values())
        .allSatisfy(item -> assertThat(item).containsKey("first").doesNotContainKey("third"));
  }

  @Test
  void migrate_oneThatLeavesItemsAsTheyWere_stopsThere_andSaysHowToGoOn() {
    failing(SECOND, "task-3");

    var migrate = migrate("--item-failures-allowed=2");
    assertThat(migrate.exit()).isEqualTo(1);
    assertThat(migrate.err())
        .containsPattern(
            SECOND
                + " is partial on Tasks, by the run \\S+: 1 items were left as they were; offer them"
                + " again \\('godwit run … --migration "
                + SECOND
                + " --retry-failures \\S+'\\), then migrate again\\.")
        .contains("Not run: " + THIRD + ".");
    assertThat(history()).containsExactly(FIRST + " applied", SECOND + " partial");
  }

  @Test
  void migrate_dry_triesEachOnTheTableAsItIs_andWritesNothing() {
    migrations.add(SECOND, "Tasks", "second", "2");
    migrations.add(THIRD, "Tasks", "third", "3");
    var before = tasks.contents();

    var migrate = migrate("--dry-run");
    assertThat(migrate.exit()).as(migrate.err()).isZero();
    assertThat(migrate.err())
        .contains("To try over Tasks, in this order: " + FIRST + ", " + SECOND + ", " + THIRD + ".")
        .contains("Nothing is written. Each meets the table as it is now")
        .contains("Tried: 3.");
    assertThat(migrate.out().lines().filter(line -> line.contains("would update")))
        .hasSize(3)
        .allMatch(line -> line.endsWith(" " + ITEMS));
    assertThat(tasks.contents()).isEqualTo(before);
    assertThat(CLIENT.listTables().tableNames()).containsExactly("Tasks");
  }

  @Test
  void migrate_withTo_runsNothingBehindIt() {
    var migrate = migrate("--to=" + SECOND);
    assertThat(migrate.exit()).as(migrate.err()).isZero();
    assertThat(history()).containsExactly(FIRST + " applied", SECOND + " applied");
    assertThat(migrate("--to=" + SECOND).err()).contains("Nothing is pending on Tasks up to");
  }

  @Test
  void migrate_toWhatIsNotHere_orNotForTheTable_isRefused_andNothingIsBegun() {
    migrations.add("20261104-others", "Others", "other", "1");

    var unknown = migrate("--to=20261103-thrid");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).startsWith("There is no migration 20261103-thrid").hasLineCount(1);
    var others = migrate("--to=20261104-others");
    assertThat(others.exit()).isEqualTo(2);
    assertThat(others.err()).contains("is meant for the table Others, not for Tasks");
    assertThat(CLIENT.listTables().tableNames()).containsExactly("Tasks");
  }

  @Test
  void migrate_whileARunHoldsTheTable_isRefused_withHowToGoOn_andADryRunGoesOn() {
    assertThat(migrate("--to=" + FIRST).exit()).isZero();
    CLIENT.updateItem(
        update ->
            update
                .tableName("godwit-ledger")
                .key(Map.of("pk", s("TABLE#Tasks"), "sk", s("LEASE")))
                .updateExpression("SET runId = :run, executionArn = :arn, since = :since")
                .expressionAttributeValues(
                    Map.of(
                        ":run", s("elsewhere"),
                        ":arn", s("arn:elsewhere"),
                        ":since", s("2026-11-26T06:00:00Z"))));

    var migrate = migrate();
    assertThat(migrate.exit()).isEqualTo(2);
    assertThat(migrate.err())
        .contains("The table Tasks is held by the run elsewhere since 2026-11-26T06:00:00Z")
        .contains("'godwit release --table Tasks'")
        .hasLineCount(1);
    assertThat(history()).containsExactly(FIRST + " applied");

    migrations.add(SECOND, "Tasks", "second", "2");
    migrations.delete(THIRD);
    var dry = migrate("--dry-run");
    assertThat(dry.exit()).as(dry.err()).isZero();
    assertThat(dry.err()).contains("held by the run elsewhere").contains("Tried: 1.");
  }

  @Test
  void migrate_withoutATable_takesEachInTurn_andStopsAtTheFirstFailure() {
    DYNAMO_DB.createTable("Others", "id");
    CLIENT.putItem(put -> put.tableName("Others").item(Map.of("id", s("task-0"))));
    migrations.add("20261104-others", "Others", "other", "1");
    var all = godwit("migrate", "--local", "--segments=1");

    assertThat(all.exit()).as(all.err()).isZero();
    assertThat(all.err())
        .contains("To run over Others, in this order: 20261104-others.")
        .contains("To run over Tasks, in this order: " + FIRST)
        .contains("Applied: 4.");

    migrations.write(
        "20261105-fails", "Others", "Change.replace(item.with(\"id\", (String) null))");
    migrations.add("20261106-more", "Tasks", "more", "1");
    var failed = godwit("migrate", "--local", "--segments=1");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err()).contains("Not run: 20261106-more over Tasks.");
  }

  @Test
  void migrate_whatCannotBeginOnALaterTable_isRefusedBeforeTheFirst() {
    migrations.add("20261104-gone", "Zones", "zone", "1");

    var migrate = godwit("migrate", "--local", "--segments=1");
    assertThat(migrate.exit()).isEqualTo(2);
    assertThat(migrate.err()).contains("There is no table Zones").hasLineCount(1);
    assertThat(CLIENT.listTables().tableNames()).containsExactly("Tasks");

    migrations.delete("20261104-gone");
    var dry = migrate("--dry-run", "--prewarm", "--to=" + FIRST);
    assertThat(dry.exit()).as(dry.err()).isZero();
    assertThat(dry.err()).containsOnlyOnce("--prewarm is left out");
  }

  @Test
  void migrate_asJson_isThePlanAndThenALineForEachRun() {
    var lines = migrate("--output=json", "--to=" + SECOND).out().lines().toList();

    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"tableName\":\"Tasks\",\"pending\":[\""
                + FIRST
                + "\",\""
                + SECOND
                + "\"],\"dryRun\":false}");
    assertThat(lines.get(1)).contains("\"status\":\"SUCCEEDED\"").contains("\"updated\":" + ITEMS);
  }

  /** The same rules at another place, which is found by its address. */
  @Test
  void migrate_onAStateMachine_goesThere() {
    var asked = new ArrayList<String>();
    var migrate =
        commandsThere(home.resolve("migrations"), asked)
            .godwit("migrate", "--sfn-arn=arn:there", "--table=Tasks", "--segments=1");
    assertThat(migrate.exit()).as(migrate.err()).isZero();
    assertThat(asked).containsExactly("arn:there");
    assertThat(migrate.err()).contains("Applied: 3.");
    assertThat(new Ledger(CLIENT, "godwit-ledger-there").history("Tasks")).hasSize(3);
    assertThat(CLIENT.listTables().tableNames()).doesNotContain("godwit-ledger");
  }

  /** A state machine whose worker has the migrations in {@code folder}. */
  private static Commands commandsThere(Path folder, List<String> asked) {
    DYNAMO_DB.createTable("godwit-ledger-there", "pk", "sk");
    return new Commands(
        DYNAMO_DB,
        home,
        arn -> {
          asked.add(arn);
          return new EmbeddedEngines()
              .runs(
                  DynamoDbConnection.local(DYNAMO_DB.endpoint()),
                  "godwit-ledger-there",
                  MigrationJars.load(MigrationsFolder.at(folder).jars()),
                  home.resolve("there"));
        });
  }

  @Test
  void migrate_whereTheWorkerHasOtherCode_isRefusedByIt_andNothingIsWritten() {
    var deployed = new OwnMigrations(home.resolve("deployed"));
    deployed.add(FIRST, "Tasks", "first", "of an earlier deployment");
    var before = tasks.contents();

    var migrate =
        commandsThere(deployed.folder(), new ArrayList<>())
            .godwit("migrate", "--sfn-arn=arn:there", "--table=Tasks", "--segments=1");
    assertThat(migrate.exit()).isEqualTo(1);
    assertThat(migrate.err()).contains("TransformChanged").contains("Not run: " + SECOND);
    assertThat(tasks.contents()).isEqualTo(before);
    assertThat(new Ledger(CLIENT, "godwit-ledger-there").history("Tasks")).isEmpty();
  }

  /** Where the SDK finds the endpoint, it may be AWS's for all that is known here. */
  @Test
  void migrate_whereAnotherLedgerMayBeTheRightOne_saysSoOnce() {
    DYNAMO_DB.createTable("godwit-ledger-there", "pk", "sk"); // tags: DynamoDB Local has none
    System.setProperty("aws.endpointUrlDynamoDb", DYNAMO_DB.endpoint().toString());
    try {
      var commands = new Commands(DYNAMO_DB, home);
      var migrate =
          commands.exactly(
              "migrate",
              "--local",
              "--table=Tasks",
              "--segments=1",
              "--region=us-east-1",
              "--results=" + commands.results(),
              "--migrations=" + commands.migrations());
      assertThat(migrate.exit()).as(migrate.err()).isZero();
      assertThat(migrate.err())
          .containsOnlyOnce("Whether a deployment owns the table Tasks cannot be known")
          .contains("Applied: 3.");
    } finally {
      System.clearProperty("aws.endpointUrlDynamoDb");
    }
  }

  @Test
  void migrate_withoutAPlaceOrMigrations_orWithAnOptionOfOneRun_isBadUsage() {
    var nowhere = godwit("migrate", "--table=Tasks");
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.err()).contains("add --local to run on this machine").hasLineCount(1);
    for (String option : List.of("--down", "--verify", "--retry-failures=x", "--stamp=x")) {
      assertThat(migrate(option).exit()).as(option).isEqualTo(2);
    }
    assertThat(run(FIRST, "--guard=luck").exit()).isEqualTo(2);
    assertThat(migrate("--guard=luck").exit()).isEqualTo(2);
    assertThat(CLIENT.listTables().tableNames()).containsExactly("Tasks");
    var gone =
        new Commands(DYNAMO_DB, home.resolve("gone")).godwit("migrate", "--local", "--table=Tasks");
    assertThat(gone.exit()).isEqualTo(2);
    assertThat(gone.err()).contains("gone").hasLineCount(1);
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }
}
