package dev.godwit.worker.source;

import static dev.godwit.worker.source.ItemFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Source.Format;
import dev.godwit.worker.TableRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilePagesTest {
  private static final SourceFiles HERE = new LocalSourceFiles();

  @TempDir Path folder;

  private static Item item(int number) {
    // names, escapes and braces in texts, and characters of several bytes
    return Item.empty()
        .with("id", "user-" + number)
        .with("said", "}]\"\\ {[ é 😀 ".repeat(number % 7))
        .with("n", number);
  }

  private static List<Item> items(int number) {
    return IntStream.range(0, number).mapToObj(FilePagesTest::item).toList();
  }

  private String file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content).toString();
  }

  private static FilePages pages(String location, Format format, int segment, int segments) {
    return new FilePages(HERE, HERE.find(location), format, segment, segments, List.of());
  }

  /** Goes on where the last page ended, or elsewhere in it, with the same pages or new ones. */
  private static List<Item> read(
      String location, Format format, int segment, int segments, Random random) {
    var all = new ArrayList<Item>();
    var pages = pages(location, format, segment, segments);
    Optional<Item> cursor = Optional.empty();
    do {
      if (random.nextInt(3) == 0) {
        pages.close();
        pages = pages(location, format, segment, segments);
      }
      var page = pages.read(cursor, OptionalInt.of(1 + random.nextInt(20))).orElseThrow();
      int used = page.items().size();
      if (used > 1 && random.nextInt(3) == 0) {
        used = 1 + random.nextInt(used);
      }
      all.addAll(page.items().subList(0, used));
      cursor =
          used == page.items().size()
              ? page.next()
              : Optional.of(pages.cursorAfter(page.items().get(used - 1)));
      cursor = cursor.map(DynamoDbJson::format).map(DynamoDbJson::parse);
    } while (cursor.isPresent());
    pages.close();
    return all;
  }

  private static List<Item> readAll(String location, Format format, int segments, Random random) {
    var all = new ArrayList<Item>();
    for (int segment = 0; segment < segments; segment++) {
      all.addAll(read(location, format, segment, segments, random));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"lines", "array", "gzipped lines", "gzipped array"})
  void read_inAnySegmentsAndFromAnyCursor_hasEachItemOnce(String kind) throws IOException {
    for (int seed = 1; seed <= 60; seed++) {
      var random = new Random(seed);
      var items = items(random.nextInt(80));
      var text = utf8(kind.endsWith("lines") ? ItemFiles.lines(items) : ItemFiles.array(items));
      if (kind.endsWith("lines") && !items.isEmpty() && random.nextBoolean()) {
        text = Arrays.copyOf(text, text.length - 1); // no line feed behind the last
      }
      var content = kind.startsWith("gzipped") ? ItemFiles.gzipped(text, random) : text;
      var location = file("items", content);

      assertThat(readAll(location, Format.DYNAMODB_JSON, 1 + random.nextInt(8), random))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(items);
    }
  }

  @Test
  void read_moreSegmentsThanBytes_hasEachItemOnce() throws IOException {
    var location = file("one.jsonl", utf8("{\"id\":1}"));
    var gzipped = file("one.jsonl.gz", ItemFiles.gzipped(utf8("{\"id\":1}")));

    for (String place : List.of(location, gzipped)) {
      assertThat(readAll(place, Format.JSON, 100, new Random(1))).hasSize(1);
    }
  }

  @Test
  void read_aFileLargerThanABlock_hasEachItemOnce() throws IOException {
    var items = items(30_000);
    var lines = file("many.jsonl", utf8(ItemFiles.lines(items)));
    var array = file("many.json", utf8(ItemFiles.array(items)));
    assertThat(Files.size(Path.of(lines))).isGreaterThan(Blocks.BLOCK);

    assertThat(readAll(lines, Format.DYNAMODB_JSON, 3, new Random(1)))
        .containsExactlyElementsOf(items);
    assertThat(readAll(array, Format.DYNAMODB_JSON, 3, new Random(1)))
        .containsExactlyElementsOf(items);
  }

  @Test
  void read_aFolder_hasTheItemsOfAllItsFiles() throws IOException {
    file("a.jsonl", utf8(ItemFiles.lines(items(5))));
    file("b.jsonl.gz", ItemFiles.gzipped(utf8(ItemFiles.lines(items(9).subList(5, 9)))));
    file("c.json", utf8("[]"));
    file(".hidden", utf8("x"));

    for (int segments = 1; segments <= 4; segments++) {
      assertThat(readAll(folder + "/", Format.DYNAMODB_JSON, segments, new Random(segments)))
          .containsExactlyInAnyOrderElementsOf(items(9));
    }
  }

  @Test
  void read_plainJson_hasNumbersAsTheyAreWritten() throws IOException {
    var location =
        file(
            "plain.jsonl",
            utf8(
                """
                \uFEFF{"id":"a","n":12345678901234567890123456789012345678,"f":0.10}\r

                {"id":"b","l":[true,null,{"x":1e3}]}\r
                """));

    assertThat(readAll(location, Format.JSON, 1, new Random(1)).stream().map(DynamoDbJson::format))
        .containsExactly(
            "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"12345678901234567890123456789012345678\"},\"f\":{\"N\":\"0.10\"}}",
            "{\"id\":{\"S\":\"b\"},\"l\":{\"L\":[{\"BOOL\":true},{\"NULL\":true},{\"M\":{\"x\":{\"N\":\"1e3\"}}}]}}");
  }

  @Test
  void read_linesOfAnExport_areUnwrapped() throws IOException {
    var location =
        file("export.json.gz", ItemFiles.gzipped(utf8("{\"Item\":{\"id\":{\"S\":\"a\"}}}\n")));

    assertThat(readAll(location, Format.DYNAMODB_JSON, 1, new Random(1)))
        .containsExactly(Item.empty().with("id", "a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json          | {\"id\":        | not JSON",
        "json          | [1]             | no item",
        "json          | {\"id\":1} {}   | more than one JSON object",
        "json          | {\"id\":1,\"id\":2} | not JSON",
        "json          | {\"id\":{\"S\":\"a\"}} | looks like DynamoDB JSON",
        "dynamodb-json | {\"id\":1}      | Not a DynamoDB value",
        "dynamodb-json | {\"id\":{\"N\":\"x\"}} | x",
      })
  void read_aDamagedLine_isOneOfItsOwnWithItsPlaceAndTheOthersAreRead(
      String format, String line, String why) throws IOException {
    var good = format.equals("json") ? "{\"id\":1}\n" : "{\"id\":{\"N\":\"1\"}}\n";
    var location = file("damaged.jsonl", utf8(good + line + "\n" + good));
    var pages = pages(location, Format.of(format), 0, 1);

    var page = pages.read(Optional.empty(), OptionalInt.empty()).orElseThrow();

    var damaged = page.items().get(1);
    assertThat(page.items()).hasSize(3);
    assertThat(pages.damage(page.items().get(0))).isEmpty();
    assertThat(pages.damage(page.items().get(2))).isEmpty();
    assertThat(pages.damage(damaged).orElseThrow())
        .contains("damaged.jsonl, byte " + good.length() + ",")
        .contains(why);
    assertThat(damaged.string("damagedText")).isEqualTo(line);
    assertThat(pages.from(page.items().get(2)).orElseThrow())
        .endsWith("damaged.jsonl, byte " + (good.length() + line.length() + 1));
  }

  @Test
  void read_aLineThatIsNoUtf8OrTooLong_isDamaged() throws IOException {
    var tooLong = new byte[Pieces.LONGEST + 2];
    Arrays.fill(tooLong, (byte) 'x');
    tooLong[tooLong.length - 1] = '\n';
    var location = file("long.jsonl", tooLong);
    Files.write(
        Path.of(location),
        new byte[] {'"', (byte) 0xE9, '"', '\n'},
        java.nio.file.StandardOpenOption.APPEND);
    var pages = pages(location, Format.JSON, 0, 1);

    var first = pages.read(Optional.empty(), OptionalInt.of(1)).orElseThrow();
    assertThat(pages.damage(first.items().get(0)).orElseThrow()).contains("which no item has");
    var second = pages.read(first.next(), OptionalInt.of(1)).orElseThrow();
    assertThat(pages.damage(second.items().get(0)).orElseThrow()).contains("no UTF-8");
  }

  @Test
  void read_damagedElementsOfAnArray_areTold() throws IOException {
    var location = file("array.json", utf8("[{\"id\":1},{\"id\" 2},{\"id\":3}]"));
    var pages = pages(location, Format.JSON, 0, 1);

    var page = pages.read(Optional.empty(), OptionalInt.empty()).orElseThrow();

    assertThat(page.items()).hasSize(3);
    assertThat(pages.damage(page.items().get(1)).orElseThrow()).contains("array.json, byte 10,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"id\":1} {\"id\":2}]   | 2 of its | byte 11 of its text: there a comma",
        "[{\"id\":1},              | 1 | an item should begin",
        "[{\"id\":1}               | 1 | the array should have ended",
        "[{\"id\":1},3]            | 1 | an item should begin with a brace",
        "[{\"id\":1}] {\"id\":2}   | 1 | the file should end",
        "[{\"id\":1},{\"id\":\"2   | 1 | should have ended",
      })
  void read_aBrokenArray_readsWhatIsBeforeAndSaysWhere(String text, String any, String why)
      throws IOException {
    var location = file("broken.json", utf8(text));
    var pages = pages(location, Format.JSON, 0, 1);

    var page = pages.read(Optional.empty(), OptionalInt.empty()).orElseThrow();

    assertThat(page.items()).hasSize(1);
    assertThatThrownBy(() -> pages.read(page.next(), OptionalInt.empty()))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("broken.json is one JSON array, and is damaged")
        .hasMessageContaining(why);
  }

  @Test
  void read_aDamagedGzippedFile_neverLosesItemsWithoutAWord() throws IOException {
    var items = items(200);
    var random = new Random(7);
    var whole = ItemFiles.gzipped(utf8(ItemFiles.lines(items)), new Random(3));
    for (int i = 0; i < 150; i++) {
      var damaged = whole.clone();
      if (i % 3 == 0) {
        damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
      } else {
        damaged[2 + random.nextInt(whole.length - 2)] ^= (byte) (1 << random.nextInt(8));
      }
      var location = file("damaged.gz", damaged);
      if (damaged.length < 2) {
        continue;
      }
      try {
        var read = readAll(location, Format.DYNAMODB_JSON, 1, new Random(i));
        // a bit of a name, a time or the like; or a cut between two members, which nothing tells
        assertThat(items.subList(0, read.size())).as("try %d", i).isEqualTo(read);
        if (damaged.length == whole.length) {
          assertThat(read).as("try %d", i).isEqualTo(items);
        }
      } catch (TableRefused e) {
        assertThat(e).as("try %d", i).hasMessageContaining("damaged.gz is damaged");
      }
    }
  }

  @Test
  void read_aFileThatIsWrittenAgain_isRefused() throws IOException {
    var location = file("items.jsonl", utf8(ItemFiles.lines(items(100))));
    var pages = pages(location, Format.DYNAMODB_JSON, 0, 1);
    var page = pages.read(Optional.empty(), OptionalInt.of(10)).orElseThrow();
    pages.close();

    Files.setLastModifiedTime(Path.of(location), FileTime.from(Instant.EPOCH));

    assertThatThrownBy(() -> pages.read(page.next(), OptionalInt.of(10)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("items.jsonl has changed since the run began");
  }

  @Test
  void find_whatIsNotThere_isRefused() throws IOException {
    var location = file("items.jsonl", utf8(""));
    Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> HERE.find(folder.resolve("none").toString()))
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> HERE.find(folder.toString())).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> HERE.find(location + "/"))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("is no folder");
    assertThatThrownBy(() -> HERE.find(folder.resolve("empty") + "/"))
        .hasMessageContaining("There are no files");
    assertThatThrownBy(() -> NoSourceFiles.NONE.find("items.jsonl"))
        .hasMessageContaining("reads files in S3 only");
  }

  @Test
  void read_distinct_hasNoTwoOfOneKeyInOnePage() throws IOException {
    var location = file("twice.jsonl", utf8("{\"id\":1}\n{\"id\":2}\n{\"id\":1,\"again\":1}\n"));
    var pages = new FilePages(HERE, HERE.find(location), Format.JSON, 0, 1, List.of("id"));

    var first = pages.read(Optional.empty(), OptionalInt.empty()).orElseThrow();
    var second = pages.read(first.next(), OptionalInt.empty()).orElseThrow();

    assertThat(first.items()).hasSize(2);
    assertThat(second.items()).hasSize(1);
    assertThat(second.items().get(0).has("again")).isTrue();
    assertThat(second.next()).isEmpty();
  }
}
