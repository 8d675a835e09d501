package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Runs on this machine and their undoing, over a real DynamoDB Local. */
class UndoCommandTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static int tables;

  @TempDir Path folder;
  private String table = "";

  @BeforeEach
  void nameTable() {
    table = "TasksUndone" + ++tables;
  }

  @AfterEach
  void deleteTables() {
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name)); // the ledger too: ids are used again
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private Commands commands() {
    return new Commands(DYNAMO_DB, folder);
  }

  private Said godwit(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--results=" + commands().results());
    return commands().exactly(all.toArray(String[]::new));
  }

  private Said run(String runId, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--local",
                "--run-id=" + runId,
                "--segments=3",
                "--region=us-east-1",
                "--endpoint-url=" + DYNAMO_DB.endpoint()));
    arguments.addAll(List.of(more));
    if (!String.join(" ", more).contains("--table=")) {
      arguments.add("--table=" + table);
      arguments.add("--migration=" + Tasks.MIGRATION);
    }
    return godwit(arguments.toArray(String[]::new));
  }

  private Tasks migrated(int items) {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, items);
    var run = run("good", "--keep-before-images");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(tasks.contents()).isEqualTo(tasks.clean());
    return tasks;
  }

  private String state() {
    return godwit("history", "--table=" + table).out();
  }

  @Test
  void undo_ofARunThatSucceeded_putsEveryItemBack_andIsInTheHistory_andUndoneAgain() {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 60);
    var original = tasks.contents();
    assertThat(run("looked", "--dry-run", "--keep-before-images").out())
        .containsPattern("would store +60 before-images, ");
    var run = run("good", "--keep-before-images");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("stored +60 before-images, ");

    var dry = godwit("undo", "good", "--run-id=dry", "--dry-run");
    assertThat(dry.exit()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("would update").contains("60").contains("undoes");
    assertThat(tasks.contents()).isEqualTo(tasks.clean());

    var undo = godwit("undo", "good", "--run-id=back");
    assertThat(undo.exit()).as(undo.err()).isZero();
    assertThat(undo.err()).contains("Undoing good by its 60 before-images");
    assertThat(tasks.contents()).isEqualTo(original);
    assertThat(state()).contains("undone").contains("back");

    var twice = godwit("undo", "good");
    assertThat(twice.exit()).isEqualTo(2);
    assertThat(twice.err()).contains("was undone already, by the run back");

    var redo = godwit("undo", "back", "--run-id=forth");
    assertThat(redo.exit()).as(redo.err()).isZero();
    assertThat(tasks.contents()).isEqualTo(tasks.clean());
    assertThat(state()).contains("applied").contains("forth");
  }

  @Test
  void undo_ofItemsThatOthersHaveChangedSince_leavesTheseAsTheyAre_andSaysSo() {
    var tasks = migrated(30);
    CLIENT.updateItem(
        update ->
            update
                .tableName(table)
                .key(Map.of("id", AttributeValue.fromS("task-7")))
                .updateExpression("SET completed = :done")
                .expressionAttributeValues(Map.of(":done", AttributeValue.fromBool(true))));
    CLIENT.updateItem(
        update ->
            update
                .tableName(table)
                .key(Map.of("id", AttributeValue.fromS("task-8")))
                .updateExpression("SET title = :new")
                .expressionAttributeValues(Map.of(":new", AttributeValue.fromS("since"))));
    CLIENT.deleteItem(
        delete -> delete.tableName(table).key(Map.of("id", AttributeValue.fromS("task-9"))));

    var undo = godwit("undo", "good", "--run-id=back");

    assertThat(undo.exit()).as(undo.err()).isZero();
    assertThat(undo.out()).contains("still to do").contains("2 items, which were changed since");
    assertThat(tasks.migrated()).isEqualTo(1);
    assertThat(tasks.contents().get("task-7"))
        .containsEntry("completed", AttributeValue.fromBool(true));
    assertThat(tasks.contents().get("task-8"))
        .containsEntry("title", AttributeValue.fromS("since"))
        .doesNotContainKey("completed");
    assertThat(tasks.contents()).doesNotContainKey("task-9");
    assertThat(state()).contains("partial");
    assertThat(godwit("report", "back").out()).contains("ChangedSince");
  }

  @Test
  void undo_ofARunThatFailedHalfWay_putsBackWhatWasChanged_andItIsNotRedriven() throws IOException {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 40);
    var original = tasks.contents();
    var own = new OwnMigrations(folder.resolve("migrations"));
    own.write(
        "20261126-half",
        table,
        "Integer.parseInt(item.string(\"id\").substring(5)) % 2 == 0"
            + " ? Change.replace(item.with(\"half\", true)) : fail(item)");
    own.append(
        "20261126-half",
        "  static Change fail(Item item) { throw new IllegalStateException(\"odd\"); }");
    var run =
        run(
            "failed",
            "--keep-before-images",
            "--table=" + table,
            "--migration=20261126-half",
            "--migrations=" + own.folder());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(tasks.contents()).isNotEqualTo(original);

    var undo = godwit("undo", "failed", "--run-id=back");

    assertThat(undo.exit()).as(undo.err()).isZero();
    assertThat(tasks.contents()).isEqualTo(original);
    assertThat(state()).contains("undone");
    var redrive = godwit("redrive", "failed");
    assertThat(redrive.exit()).isEqualTo(2);
    assertThat(redrive.err()).contains("was undone, in whole or in part, by the run back");

    var again = godwit("undo", "back", "--run-id=forth");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(state()).as("half of it is applied again").contains("partial").contains("forth");
    var byDown = godwit("undo", "forth", "--by=down");
    assertThat(byDown.exit()).isEqualTo(2);
    assertThat(byDown.err()).contains("knows neither its parameters nor its stamp");
  }

  @Test
  void undo_ofARunWithoutBeforeImages_takesTheWayDown_andSaysWhy() {
    var cities = "Cities" + table;
    DYNAMO_DB.createTable(cities, "id");
    var city =
        Map.of(
            "id", AttributeValue.fromS("1"),
            "lat", AttributeValue.fromS("53.55"),
            "lng", AttributeValue.fromS("9.99"));
    CLIENT.putItem(put -> put.tableName(cities).item(city));
    assertThat(run("plain", "--table=" + cities, "--migration=20261120-city-coordinates").exit())
        .isZero();
    assertThat(CLIENT.scan(scan -> scan.tableName(cities)).items()).doesNotContain(city);

    var undo = godwit("undo", "plain", "--run-id=back");

    assertThat(undo.exit()).as(undo.err()).isZero();
    assertThat(undo.err())
        .contains("by the way down of 20261120-city-coordinates")
        .contains("it kept no before-images");
    assertThat(CLIENT.scan(scan -> scan.tableName(cities)).items()).containsExactly(city);

    var refused = godwit("undo", "plain", "--by=before-images");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("kept no before-images");
  }

  @Test
  void undo_ofARunWithoutBeforeImagesAndWithoutAWayDown_isRefused() {
    Tasks.fill(DYNAMO_DB, CLIENT, table, 5);
    assertThat(run("plain").exit()).isZero();

    var undo = godwit("undo", "plain", "--run-id=back");

    assertThat(undo.exit()).isEqualTo(2);
    assertThat(undo.err())
        .contains("it kept no before-images")
        .contains("Migration " + Tasks.MIGRATION + " has no way down; nothing was changed");
    assertThat(godwit("runs").out()).doesNotContain("back");
  }

  @Test
  void undo_ofARunWhoseBeforeImagesAreGoneOrDamaged_namesTheFile_andWritesNothing()
      throws IOException {
    var tasks = migrated(30);
    var images = imageFiles();
    var whole = Files.readAllBytes(images.get(0));

    Files.delete(images.get(0));
    assertRefused(godwit("undo", "good"), "are gone");

    var damaged = whole.clone();
    damaged[damaged.length / 2] ^= 0x55;
    Files.write(images.get(0), damaged);
    assertRefused(godwit("undo", "good"), "are damaged");

    for (Path file : images) {
      Files.deleteIfExists(file);
    }
    assertRefused(godwit("undo", "good"), "are gone");
    assertThat(tasks.contents()).isEqualTo(tasks.clean());
  }

  private static void assertRefused(Said said, String why) {
    assertThat(said.exit()).as(said.out()).isEqualTo(2);
    assertThat(said.err()).contains("cannot be undone").contains(why).contains("before-images/");
  }

  private List<Path> imageFiles() throws IOException {
    try (var files = Files.walk(commands().results())) {
      return files.filter(file -> file.toString().endsWith(".jsonl.gz")).sorted().toList();
    }
  }

  @Test
  void undo_ofWhatCannotBeUndone_saysWhy() {
    migrated(5);

    var unknown = godwit("undo", "nobody");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("There is no run nobody");

    assertThat(run("again", "--keep-before-images").exit()).isZero();
    var nothing = godwit("undo", "again");
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("has changed nothing");

    assertThat(run("looked", "--dry-run").exit()).isZero();
    var dry = godwit("undo", "looked");
    assertThat(dry.exit()).isEqualTo(2);
    assertThat(dry.err()).contains("has written nothing");
  }

  @Test
  void undo_ofARunBesideAnother_namesTheOther() {
    var tasks = Tasks.fill(DYNAMO_DB, CLIENT, table, 5);
    var original = tasks.contents();
    assertThat(run("first", "--keep-before-images").exit()).isZero();
    CLIENT.putItem(
        put ->
            put.tableName(table)
                .item(
                    Map.of("id", AttributeValue.fromS("new"), "title", AttributeValue.fromS("t"))));
    assertThat(run("second", "--keep-before-images").exit()).isZero();

    var tooEarly = godwit("undo", "first");
    assertThat(tooEarly.exit()).isEqualTo(2);
    assertThat(tooEarly.err())
        .contains("is older than the run second")
        .contains("'godwit undo second'");
    var undo = godwit("undo", "second", "--run-id=back");
    assertThat(undo.err()).contains("with a command of its own, the newest first: first.");
    assertThat(godwit("undo", "first", "--run-id=all").err()).doesNotContain("Earlier runs");
    assertThat(tasks.contents()).containsAllEntriesOf(original);
    assertThat(tasks.migrated()).isZero();
  }

  @Test
  void undo_ofAllCities_leavesTheTableAsTheFileHasIt() throws IOException {
    var cities = "Cities" + table;
    DYNAMO_DB.createTable(cities, "country", "id");
    var original = Cities.all();
    fill(cities, List.copyOf(original.values()));
    var run =
        run(
            "good",
            "--keep-before-images",
            "--table=" + cities,
            "--migration=20261120-city-coordinates");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(contents(cities)).hasSameSizeAs(original).isNotEqualTo(original);

    var undo = godwit("undo", "good", "--run-id=back");

    assertThat(undo.exit()).as(undo.err()).isZero();
    var left = contents(cities);
    assertThat(left.keySet()).isEqualTo(original.keySet());
    assertThat(
            left.entrySet().stream()
                .filter(city -> !city.getValue().equals(original.get(city.getKey()))))
        .as("cities that are not as in the file")
        .isEmpty();
  }

  private static void fill(String name, List<Map<String, AttributeValue>> items) {
    for (int from = 0; from < items.size(); from += 25) {
      var puts =
          items.subList(from, Math.min(items.size(), from + 25)).stream()
              .map(
                  item ->
                      WriteRequest.builder()
                          .putRequest(PutRequest.builder().item(item).build())
                          .build())
              .toList();
      CLIENT.batchWriteItem(write -> write.requestItems(Map.of(name, puts)));
    }
  }

  private static Map<String, Map<String, AttributeValue>> contents(String name) {
    var contents = new TreeMap<String, Map<String, AttributeValue>>();
    CLIENT
        .scanPaginator(scan -> scan.tableName(name).consistentRead(true))
        .items()
        .forEach(item -> contents.put(Cities.name(item), item));
    return contents;
  }
}
