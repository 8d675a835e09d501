package dev.godwit.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.testkit.ExportFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The story of docs/key-change.md: books get another key, by way of an export. */
class KeyChangeStoryTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final String ID = "20261126-books-by-isbn";
  private static final int BOOKS = 2_000;

  @TempDir Path folder;
  private TestScreen screen = TestScreen.plain();

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private int godwit(String... arguments) {
    screen = TestScreen.plain();
    var all = new ArrayList<>(List.of(arguments));
    if (!arguments[0].equals("create-table")) {
      all.addAll(List.of("--local", "--results=" + folder.resolve("runs")));
    }
    if (arguments[0].equals("run") || arguments[0].equals("verify")) {
      all.add("--migrations=" + folder.resolve("migrations"));
    }
    all.addAll(List.of("--region=us-east-1", "--endpoint-url=" + DYNAMO_DB.endpoint()));
    var interrupts =
        new Interrupts() {
          @Override
          public <T> T during(StopSignal stop, Supplier<T> work) {
            return work.get();
          }
        };
    return new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), interrupts)
        .execute(all.toArray(String[]::new));
  }

  /** Two of them have the number of another. */
  private static Item book(int number) {
    int isbn = number == 1_000 || number == 1_001 ? number - 993 : number;
    return Item.empty()
        .with("id", "b" + number)
        .with("isbn", "978-" + (100_000 + isbn))
        .with("title", "Title " + number);
  }

  private static List<Item> books(int from, int to) {
    return IntStream.range(from, to).mapToObj(KeyChangeStoryTest::book).toList();
  }

  @Test
  void books_whoseKeyChanges_areImportedFromTheExportAndVerified() throws IOException {
    DYNAMO_DB.createTable("Books", "id");
    Files.writeString(
        Files.createDirectories(folder.resolve("migrations").resolve(ID))
            .resolve("BooksByIsbn.java"),
        """
        import dev.godwit.migration.*;
        public final class BooksByIsbn implements Migration {
          public String id() { return "20261126-books-by-isbn"; }
          public String table() { return "Books"; }
          public String description() { return "Books under their ISBN"; }
          public ItemTransform up() { return (book, context) -> Change.replace(book.rename("id", "oldId")); }
        }
        """);
    var export = new ExportFolder(folder.resolve("export")).ofTable("Books");
    for (int file = 0; file < 8; file++) {
      export.full(books(file * BOOKS / 8, (file + 1) * BOOKS / 8));
    }
    var manifest = export.manifest();

    assertThat(godwit("create-table", "--like=Books", "--name=Books-2", "--key=isbn:S"))
        .as(screen.err())
        .isZero();
    assertThat(run("--source=" + manifest, "--dry-run", "--item-failures-allowed=10"))
        .as(screen.err())
        .isZero();
    assertThat(screen.out()).containsPattern("failed +2\\n");
    assertThat(run("--source=" + manifest, "--item-failures-allowed=10", "--run-id=import"))
        .as(screen.err())
        .isZero();

    assertThat(screen.out())
        .containsPattern("scanned +2,000\\n")
        .containsPattern("put +1,998\\n")
        .containsPattern("failed +2\\n")
        .containsPattern("read units +0\\.0\\n");
    assertThat(CLIENT.scan(scan -> scan.tableName("Books-2")).items())
        .hasSize(BOOKS - 2)
        .allMatch(item -> item.containsKey("oldId") && !item.containsKey("id"));
    try (Stream<Path> records = Files.walk(folder.resolve("runs"))) {
      assertThat(
              records
                  .filter(path -> path.toString().contains("import/failures/"))
                  .filter(path -> path.toString().endsWith(".jsonl"))
                  .map(KeyChangeStoryTest::text))
          .as("told with what is known of the other")
          .allMatch(text -> text.contains("\"targetKey\":{\"isbn\":"))
          .anyMatch(text -> text.contains("978-10000"));
    }
    assertThat(godwit("history", "--table=Books")).as(screen.err()).isZero();
    assertThat(screen.out()).containsPattern(ID + " +partial +2 ");

    assertThat(verify(manifest)).as(screen.err()).isEqualTo(1);
    assertThat(screen.out())
        .containsPattern("in target +1,998\\n")
        .containsPattern("missing +0\\n")
        .containsPattern("different +2\\n");

    // Another of the two would do as well; its people decide that the later ones go.
    Files.writeString(
        folder.resolve("migrations").resolve(ID).resolve("BooksByIsbn.java"),
        """
        import dev.godwit.migration.*;
        public final class BooksByIsbn implements Migration {
          public String id() { return "20261126-books-by-isbn"; }
          public String table() { return "Books"; }
          public String description() { return "Books under their ISBN"; }
          public ItemTransform up() {
            var doubles = java.util.Set.of("b1000", "b1001", "b7", "b8");
            return (book, context) -> doubles.contains(book.string("id"))
                && CHOSEN.contains(book.string("id"))
                ? Change.delete() : Change.replace(book.rename("id", "oldId"));
          }
          private static final java.util.Set<String> CHOSEN = java.util.Set.of(CHOICE);
        }
        """
            .replace("CHOICE", "\"" + String.join("\", \"", notPut()) + "\""));
    assertThat(run("--source=" + manifest)).as(screen.err()).isZero();
    assertThat(screen.out())
        .containsPattern("there already +1,998\\n")
        .containsPattern("left out +2\\n")
        .containsPattern("failed +0\\n");
    assertThat(verify(manifest)).as(screen.err()).isZero();
    assertThat(screen.out()).containsPattern("unexplained +0 of the 1,998");
    assertThat(godwit("history", "--table=Books")).as(screen.err()).isZero();
    assertThat(screen.out()).containsPattern(ID + " +applied +0 ");
  }

  /** Of the four that share two numbers, the two that were too late. */
  private static List<String> notPut() {
    var there =
        CLIENT.scan(scan -> scan.tableName("Books-2")).items().stream()
            .map(item -> item.getOrDefault("oldId", AttributeValue.fromS("")).s())
            .toList();
    return Stream.of("b7", "b8", "b1000", "b1001").filter(id -> !there.contains(id)).toList();
  }

  private int run(String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "run", "--table=Books", "--migration=" + ID, "--target=Books-2", "--segments=4"));
    all.addAll(List.of(more));
    return godwit(all.toArray(String[]::new));
  }

  private int verify(String manifest) {
    return godwit(
        "verify",
        "--table=Books",
        "--migration=" + ID,
        "--source=" + manifest,
        "--target=Books-2",
        "--segments=4");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
