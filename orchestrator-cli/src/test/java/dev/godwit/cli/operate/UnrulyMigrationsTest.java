package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Migration;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What a migration that prints, ends the process or never returns does to the command. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "There are no such signals")
class UnrulyMigrationsTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final int ITEMS = 40;
  private static int tables;

  @TempDir Path folder;
  private String table = "";
  private String run = "";

  @BeforeEach
  void fillTable() {
    table = "Unruly" + ++tables;
    run = "run-" + tables;
    Tasks.fill(DYNAMO_DB, CLIENT, table, ITEMS);
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  @Test
  void run_transformThatPrints_leavesStdoutToTheResult() throws Exception {
    var process = run(UnrulyMigrations.Prints.class, List.of(), "--output=json", "--segments=2");
    assertThat(process.await()).as(process.told()).isZero();
    assertThat(process.out().lines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(process.out()).at("/tally/updated").asInt())
        .isEqualTo(ITEMS);
    assertThat(process.told()).contains("printed by the transform");
  }

  @Test
  void run_transformThatEndsTheProcess_endsWith1AndSaysWhoItWas_andCanBeRedriven()
      throws Exception {
    var process = run(UnrulyMigrations.Exits.class, List.of(), "--segments=2");
    assertThat(process.await()).as(process.told()).isEqualTo(1);
    assertThat(process.told())
        .contains("Something called System.exit while the run was under way: ")
        .contains("UnrulyMigrations$Exits.misbehave")
        .contains("ABORTED")
        .contains("Go on where it stood: 'godwit redrive " + run + "'");
    assertGoesOn();
  }

  @ParameterizedTest
  @CsvSource({"INT,INT,130", "TERM,INT,130", "INT,TERM,143", "HUP,HUP,129"})
  void run_transformThatNeverReturns_isCutOffByTheSecondSignal_andCanBeRedriven(
      String first, String second, int exit) throws Exception {
    var process =
        run(
            UnrulyMigrations.Sticks.class,
            // A build in the background ignores INT, and what it starts would inherit that.
            List.of("env", "--default-signal=INT,HUP,TERM"),
            "--segments=2");
    process.signal(first, "stuck");
    process.signal(second, "Stopping: the pages that are being written are finished first. Ctrl-C");
    assertThat(process.await()).as(process.told()).isEqualTo(exit);
    assertThat(process.told())
        .contains("Cut off; what was being written is left as it is.")
        .contains("ABORTED")
        .contains("Go on where it stood: 'godwit redrive " + run + "'");
    assertGoesOn();
  }

  /** With the same id, so that the run's migration is the one that now behaves. */
  private void assertGoesOn() throws Exception {
    var status = godwit("status", run);
    assertThat(status.await()).isZero();
    assertThat(status.told()).contains("ABORTED").contains("'godwit redrive " + run + "'");
    var release = godwit("release", "--table=" + table);
    assertThat(release.await()).isZero();
    assertThat(release.told()).contains("The table " + table + " is free.");
    var redrive =
        godwit(
            "redrive",
            run,
            "--accept-new-code",
            "--migrations-jar=" + jar(UnrulyMigrations.Prints.class));
    assertThat(redrive.await()).as(redrive.told()).isZero();
    assertThat(
            CLIENT.scanPaginator(scan -> scan.tableName(table)).items().stream()
                .filter(item -> item.containsKey("seen")))
        .hasSize(ITEMS);
  }

  @Test
  void migrations_oneThatEndsTheProcess_areNotDone() throws Exception {
    var list = godwit("migrations", "--migrations-jar=" + jar(UnrulyMigrations.ExitsAtOnce.class));
    assertThat(list.await()).as(list.told()).isEqualTo(1);
    assertThat(list.told())
        .contains("Something called System.exit in the middle of this: ")
        .contains("UnrulyMigrations$ExitsAtOnce.<init>");
  }

  @Test
  void migrations_ontoAFullDevice_areNotDone() throws Exception {
    var full = new File("/dev/full");
    assumeTrue(full.exists(), "a Linux machine has /dev/full");
    var list =
        GodwitProcess.start(
            folder, List.of("bash", "-c", "exec \"$0\" \"$@\" >/dev/full"), List.of("migrations"));
    assertThat(list.await()).as(list.told()).isEqualTo(3);
    assertThat(list.told()).contains("Not all could be written to stdout");
  }

  @Test
  void run_whoseFolderTakesNoMore_endsWith3AndSaysHowItStands() throws Exception {
    // A file may have 64 KB: the journal of a thousand segments has more.
    var process =
        run(
            UnrulyMigrations.Prints.class,
            List.of("bash", "-c", "ulimit -f 64; exec \"$0\" \"$@\""),
            "--segments=1000");
    assertThat(process.await()).as(process.told()).isEqualTo(3);
    assertThat(process.told())
        .contains("File too large")
        .contains("'godwit status " + run + "'")
        .doesNotContain("fault of Godwit");
  }

  private GodwitProcess run(
      Class<? extends Migration> migration, List<String> around, String... more)
      throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--local",
                "--table=" + table,
                "--migration=20261201-unruly",
                "--migrations-jar=" + jar(migration),
                "--run-id=" + run,
                "--region=us-east-1",
                "--endpoint-url=" + DYNAMO_DB.endpoint()));
    arguments.addAll(List.of(more));
    return GodwitProcess.start(folder, around, arguments);
  }

  private GodwitProcess godwit(String... arguments) throws IOException {
    return GodwitProcess.start(folder, List.of(arguments));
  }

  private Path jar(Class<? extends Migration> migration) throws IOException {
    return UnrulyMigrations.jar(folder, migration);
  }
}
