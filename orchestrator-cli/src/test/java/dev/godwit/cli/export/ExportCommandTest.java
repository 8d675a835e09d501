package dev.godwit.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Exporting tables to files and reading these again, as a user does, against DynamoDB Local. */
class ExportCommandTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  private boolean isStopped;
  private final Interrupts interrupts =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          if (isStopped) {
            stop.stop();
          }
          return work.get();
        }
      };

  @TempDir Path folder;
  private TestScreen screen = TestScreen.plain();

  @BeforeAll
  static void fill() {
    DYNAMO_DB.createTable("Tasks", "id");
    for (int i = 0; i < 40; i++) {
      int number = i;
      CLIENT.putItem(
          put ->
              put.tableName("Tasks")
                  .item(
                      Map.of(
                          "id", AttributeValue.fromS("t" + number),
                          "said", AttributeValue.fromS("é\n\"" + number),
                          "n", AttributeValue.fromN(number + ".0"))));
    }
  }

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
            "--segments=4",
            "--results=" + folder.resolve("runs"),
            "--region=us-east-1",
            "--endpoint-url=" + DYNAMO_DB.endpoint()));
    return new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), interrupts)
        .execute(arguments.toArray(String[]::new));
  }

  private static List<String> lines(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var text =
          file.toString().endsWith(".gz")
              ? new GZIPInputStream(in).readAllBytes()
              : in.readAllBytes();
      return new String(text, StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void export_aTable_isWrittenAndReadIntoAnotherAndVerified() throws IOException {
    var gzipped = folder.resolve("tasks.jsonl.gz");
    var plain = folder.resolve("tasks.jsonl");
    DYNAMO_DB.createTable("Tasks-2", "id");

    assertThat(execute("export", "--to=" + gzipped)).as(screen.err()).isZero();
    assertThat(screen.err()).contains("Exported: 40 items to " + gzipped);
    assertThat(screen.out()).containsPattern("exported +40").doesNotContain("would");
    assertThat(execute("export", "--to=" + plain)).as(screen.err()).isZero();
    assertThat(execute("export", "--to=" + folder.resolve("parts") + "/"))
        .as(screen.err())
        .isZero();

    assertThat(lines(gzipped)).hasSize(40).doesNotHaveDuplicates();
    assertThat(lines(plain)).containsExactlyInAnyOrderElementsOf(lines(gzipped));
    for (String source : List.of(gzipped.toString(), plain.toString(), folder + "/parts/")) {
      assertThat(
              execute(
                  "run",
                  "--migration=20261120-completed-flag",
                  "--source=" + source,
                  "--target=Tasks-2"))
          .as(screen.err())
          .isZero();
      assertThat(screen.out()).containsPattern("scanned +40");
    }
    assertThat(screen.out()).containsPattern("there already +40");
    assertThat(
            execute(
                "verify",
                "--migration=20261120-completed-flag",
                "--source=" + gzipped,
                "--target=Tasks-2"))
        .as(screen.err())
        .isZero();
    assertThat(screen.out()).containsPattern("unexplained +0 of the 40 items in the target");
  }

  @Test
  void export_withAFilter_hasWhatItHoldsFor() throws IOException {
    var file = folder.resolve("few.jsonl");

    assertThat(
            execute(
                "export",
                "--to=" + file,
                "--filter=#n < :most",
                "--filter-names={\"#n\":\"n\"}",
                "--filter-values={\":most\":{\"N\":\"3\"}}"))
        .as(screen.err())
        .isZero();

    assertThat(lines(file)).hasSize(3);
  }

  @Test
  void export_nothing_isAnEmptyFile() throws IOException {
    var file = folder.resolve("none.jsonl");

    assertThat(execute("export", "--to=" + file, "--filter=attribute_exists(nothing)"))
        .as(screen.err())
        .isZero();

    assertThat(file).exists().isEmptyFile();
  }

  @Test
  void export_stopped_writesNothingAndIsGoneOnWith() throws IOException {
    var file = folder.resolve("tasks.jsonl.gz");
    isStopped = true;
    assertThat(execute("export", "--to=" + file, "--run-id=half")).isNotZero();
    assertThat(screen.err()).contains("--resume half");
    assertThat(file).doesNotExist();

    isStopped = false;
    assertThat(execute("export", "--to=" + file, "--resume=half")).as(screen.err()).isZero();
    assertThat(lines(file)).hasSize(40).doesNotHaveDuplicates();

    var again = folder.resolve("again.jsonl");
    assertThat(execute("export", "--to=" + again, "--resume=half")).as(screen.err()).isZero();
    assertThat(lines(again)).hasSize(40);
  }

  @Test
  void export_whoseFilesAreGone_isNotWritten() throws IOException {
    var file = folder.resolve("tasks.jsonl");
    assertThat(execute("export", "--to=" + file, "--run-id=whole")).as(screen.err()).isZero();
    Files.delete(file);
    try (var all = Files.walk(folder.resolve("runs"))) {
      Files.delete(
          all.filter(path -> path.toString().endsWith(".jsonl.gz")).findFirst().orElseThrow());
    }

    assertThat(execute("export", "--to=" + file, "--resume=whole")).isEqualTo(1);

    assertThat(screen.err()).contains("are gone. Export again");
    try (var left = Files.list(folder)) {
      assertThat(left).as("nothing half").containsExactly(folder.resolve("runs"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to=FOLDER/there.jsonl|is there already; name another file",
        "--to=FOLDER/|is not empty; name another folder",
        "--to=FOLDER/none/x.jsonl|There is no folder",
        "--to=s3://bucket/items.jsonl|with a slash behind it",
        "--to=FOLDER/x --filter-names={}|say it with --filter",
        "--to=FOLDER/x --filter=a --filter-values={|values of a filter are DynamoDB JSON",
        "--to=FOLDER/x --resume=r --filter=a|leave out --filter",
        "--to=FOLDER/x --tolerated-failure-percentage=5|nothing may be missing",
      })
  void export_whatCannotBe_isRefusedAndNothingIsBegun(String options, String said)
      throws IOException {
    Files.writeString(folder.resolve("there.jsonl"), "x");

    assertThat(execute("export", options.replace("FOLDER", folder.toString()).split(" ")))
        .isEqualTo(2);

    assertThat(screen.err()).contains(said);
    assertThat(folder.resolve("there.jsonl")).hasContent("x");
    assertThat(folder.resolve("runs")).doesNotExist();
  }
}
