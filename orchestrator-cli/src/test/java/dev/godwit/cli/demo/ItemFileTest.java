package dev.godwit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Source.Format;
import dev.godwit.worker.source.ItemText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemFileTest {
  private static final String TWO_CITIES =
      """
      {"country":"AD","id":1,"name":"Sant Julià de Lòria","lat":"42.46372","ok":true,"no":null}

      {"country":"JP","id":2.0,"name":"東京","l":[1,{"m":"x"}],"n":12345678901234567890123456789012345678}
      """;

  @TempDir Path folder;

  @Test
  void checked_plainJson_readsEveryTypeExactly() throws IOException {
    var source = ItemFile.checked(file(TWO_CITIES), Format.JSON, List.of("country", "id"));
    assertThat(source.count()).isEqualTo(2);
    assertThat(source.keys()).containsExactly("country:S", "id:N");
    assertThat(items(source))
        .extracting(DynamoDbJson::format)
        .containsExactly(
            """
            {"country":{"S":"AD"},"id":{"N":"1"},"name":{"S":"Sant Julià de Lòria"},"lat":{"S":"42.46372"},\
            "ok":{"BOOL":true},"no":{"NULL":true}}""",
            """
            {"country":{"S":"JP"},"id":{"N":"2.0"},"name":{"S":"東京"},"l":{"L":[{"N":"1"},{"M":{"m":{"S":"x"}}}]},\
            "n":{"N":"12345678901234567890123456789012345678"}}""");
    assertThat(items(source)).as("gone through again").hasSize(2);
  }

  @Test
  void checked_gzipped_isUnpacked() throws IOException {
    var gzipped = folder.resolve("cities.jsonl.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
      out.write(TWO_CITIES.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(ItemFile.checked(gzipped, Format.JSON, List.of("country")).count()).isEqualTo(2);
  }

  @Test
  void checked_dynamoDbJson_keepsTypes() throws IOException {
    var json = "{\"id\":{\"B\":\"AQ==\"},\"s\":{\"NS\":[\"1\",\"2\"]}}";
    var source = ItemFile.checked(file(json), Format.DYNAMODB_JSON, List.of("id"));
    assertThat(source.keys()).containsExactly("id:B");
    assertThat(items(source)).extracting(DynamoDbJson::format).containsExactly(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"b\"|not JSON; expected one item of format json",
        "[]|an item must be a JSON object",
        "{\"id\":\"b\"}{}|more than one JSON object",
        "{\"id\":\"b\",\"x\":1,\"x\":2}|not JSON",
        "{\"id\":\"b\",\"x\":1e200}|does not fit DynamoDB's numbers",
        "{\"x\":1}|the item has no id, which --key names as a key attribute",
        "{\"id\":\"\"}|the key id must be a string, a number or binary, and not empty",
        "{\"id\":true}|the key id must be a string, a number or binary, and not empty",
        "{\"id\":1}|the key id is of type N, not S as on the lines before",
        "{\"id\":\"a\",\"x\":1}|it has the key of line 1, and a table has one item of a key; take one of them out",
      })
  void checked_aBadLine_namesTheLineAndWhatIsWrong(String line, String message) throws IOException {
    var file = file("{\"id\":\"a\"}\n\n" + line + "\n{\"id\":\"c\"}\n");
    assertThatThrownBy(() -> ItemFile.checked(file, Format.JSON, List.of("id")))
        .isInstanceOfSatisfying(
            CommandFailed.class,
            failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.BAD_USAGE))
        .hasMessageContaining(file + ", line 3: ")
        .hasMessageContaining(message)
        .hasMessageContaining("Nothing was written");
  }

  @Test
  void checked_noFileOrNoItemsOrNoGzip_saysSo() throws IOException {
    var missing = folder.resolve("missing.jsonl");
    assertThatThrownBy(() -> ItemFile.checked(missing, Format.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessage("There is no file " + missing);
    var empty = file("\n\n");
    assertThatThrownBy(() -> ItemFile.checked(empty, Format.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessage("There are no items in " + empty);
    var noGzip = folder.resolve("plain.jsonl.gz");
    Files.writeString(noGzip, TWO_CITIES);
    assertThatThrownBy(() -> ItemFile.checked(noGzip, Format.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void checked_linesOfAnAwsExport_areTheItemsThatAreWrappedInThem() throws IOException {
    var source = fromEither("aws-export-lines.jsonl", Format.DYNAMODB_JSON, "pk");
    assertThat(items(source))
        .extracting(DynamoDbJson::format)
        .containsExactly(
            "{\"pk\":{\"S\":\"USER#1\"},\"n\":{\"N\":\"1.50\"},\"tags\":{\"SS\":[\"a\",\"b\"]}}",
            "{\"pk\":{\"S\":\"USER#2\"},\"blob\":{\"B\":\"AAEC\"},\"none\":{\"NULL\":true}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Item\":{\"S\":\"x\"}}",
        "{\"Item\":{\"M\":{\"a\":{\"S\":\"x\"}}}}",
        "{\"Item\":{\"M\":{}},\"id\":{\"S\":\"1\"}}"
      })
  void parse_anAttributeCalledItem_isNotTakenForAWrapper(String line) {
    assertThat(DynamoDbJson.format(ItemText.parse(Format.DYNAMODB_JSON, line))).isEqualTo(line);
  }

  /** Longer than Jackson reads by itself. */
  @Test
  void parse_theLongestName_isRead() {
    var name = "n".repeat(DynamoDbJson.LONGEST_NAME_BYTES);
    var item = Item.empty().with(name, 1);

    assertThat(ItemText.parse(Format.JSON, "{\"" + name + "\":1}")).isEqualTo(item);
    var stored = DynamoDbJson.format(item);
    assertThat(ItemText.parse(Format.DYNAMODB_JSON, stored)).isEqualTo(item);
    assertThat(ItemText.parse(Format.DYNAMODB_JSON, "{\"Item\":" + stored + "}")).isEqualTo(item);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Item\":{\"id\":{\"X\":\"1\"}}}|\"X\" is not a DynamoDB type; expected one item of format dynamodb-json",
        "{\"Item\":{}}|the item has no id",
        "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"1\"}}}|\"WriteTimestampMicros\" is not a DynamoDB type",
        "{\"id\":\"plain\"}|expected START_OBJECT, found VALUE_STRING",
      })
  void checked_aBadLineOfDynamoDbJson_isNamedWithoutTheParsersWords(String line, String message)
      throws IOException {
    var file = file(line);
    assertThatThrownBy(() -> ItemFile.checked(file, Format.DYNAMODB_JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(file + ", line 1: ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("Source");
  }

  @Test
  void checked_byteOrderMarkAndCarriageReturns_areNotPartOfTheItems() throws IOException {
    assertThat(items(fromEither("bom-crlf.jsonl", Format.JSON, "id")))
        .extracting(DynamoDbJson::format)
        .containsExactly(
            "{\"id\":{\"S\":\"1\"},\"name\":{\"S\":\"Zoë\"}}",
            "{\"id\":{\"S\":\"2\"},\"name\":{\"S\":\"B\"}}");
  }

  @Test
  void checked_bytesThatAreNoUtf8_namesTheLineAndWhatToDo() {
    assertThatThrownBy(() -> fromEither("latin-1.jsonl", Format.JSON, "id"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(
            "latin-1.jsonl, line 2: its byte 20 (0xFC) is no UTF-8; convert the file, as in 'iconv -f LATIN1 -t UTF-8'. Nothing was written");
  }

  @Test
  void checked_twoLinesOfOneKey_refusesTheSecondAndNamesBoth() {
    assertThatThrownBy(() -> fromEither("double-and-refused.jsonl", Format.JSON, "id"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("double-and-refused.jsonl, line 3: it has the key of line 1");
  }

  @Test
  void checked_keysThatDynamoDbHoldsEqual_areOne() throws IOException {
    var numbers = file("{\"a\":\"x\",\"n\":1}\n{\"a\":\"x\",\"n\":10}\n{\"a\":\"x\",\"n\":1.0}\n");
    assertThatThrownBy(() -> ItemFile.checked(numbers, Format.JSON, List.of("a", "n")))
        .hasMessageContaining("line 3: it has the key of line 1");
    var texts = file("{\"a\":\"xy\",\"b\":\"z\"}\n{\"a\":\"x\",\"b\":\"yz\"}\n");
    assertThat(ItemFile.checked(texts, Format.JSON, List.of("a", "b")).count()).isEqualTo(2);
  }

  @Test
  void checked_aLineThatNoItemHas_isRefusedBeforeItFillsTheMemory() throws IOException {
    var file = file("{\"id\":\"1\"}\n" + " ".repeat((16 << 20) + 1));
    assertThatThrownBy(() -> ItemFile.checked(file, Format.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("line 2: it has more than 16,777,216 bytes");
  }

  /** From the case's file; gzipped it says the same. */
  private ItemFile fromEither(String name, Format format, String key) throws IOException {
    var file = folder.resolve(name);
    var gzipped = folder.resolve(name + ".gz");
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream(name), name);
        var out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
      var bytes = in.readAllBytes();
      Files.write(file, bytes);
      out.write(bytes);
    }
    var plain = outcome(file, format, key);
    assertThat(outcome(gzipped, format, key).replace(name + ".gz", name)).isEqualTo(plain);
    return ItemFile.checked(file, format, List.of(key));
  }

  private static String outcome(Path file, Format format, String key) {
    try {
      return items(ItemFile.checked(file, format, List.of(key))).toString();
    } catch (CommandFailed e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("items.jsonl"), text);
  }

  private static List<Item> items(ItemSource source) {
    try (var items = source.items()) {
      return items.map(ItemSource.Numbered::item).toList();
    }
  }
}
