package dev.godwit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemFileTest {
  private static final String TWO_CITIES =
      """
      {"country":"AD","id":1,"name":"Sant Julià de Lòria","lat":"42.46372","ok":true,"no":null}

      {"country":"JP","id":2.0,"name":"東京","l":[1,{"m":"x"}],"n":12345678901234567890123456789012345678}
      """;

  @TempDir Path folder;

  @Test
  void checked_plainJson_readsEveryTypeExactly() throws IOException {
    var source = ItemFile.checked(file(TWO_CITIES), ItemFormat.JSON, List.of("country", "id"));
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
    assertThat(ItemFile.checked(gzipped, ItemFormat.JSON, List.of("country")).count()).isEqualTo(2);
  }

  @Test
  void checked_dynamoDbJson_keepsTypes() throws IOException {
    var json = "{\"id\":{\"B\":\"AQ==\"},\"s\":{\"NS\":[\"1\",\"2\"]}}";
    var source = ItemFile.checked(file(json), ItemFormat.DYNAMODB_JSON, List.of("id"));
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
      })
  void checked_aBadLine_namesTheLineAndWhatIsWrong(String line, String message) throws IOException {
    var file = file("{\"id\":\"a\"}\n\n" + line + "\n{\"id\":\"c\"}\n");
    assertThatThrownBy(() -> ItemFile.checked(file, ItemFormat.JSON, List.of("id")))
        .isInstanceOfSatisfying(
            CommandFailed.class,
            failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.BAD_USAGE))
        .hasMessageContaining(file + ", line 3: ")
        .hasMessageContaining(message)
        .hasMessageContaining("Nothing was written");
  }

  @Test
  void checked_noFileOrNoItemsOrNoUtf8_saysSo() throws IOException {
    var missing = folder.resolve("missing.jsonl");
    assertThatThrownBy(() -> ItemFile.checked(missing, ItemFormat.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessage("There is no file " + missing);
    var empty = file("\n\n");
    assertThatThrownBy(() -> ItemFile.checked(empty, ItemFormat.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessage("There are no items in " + empty);
    var latin1 = folder.resolve("latin1.jsonl");
    Files.write(latin1, "{\"id\":\"Lòria\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ItemFile.checked(latin1, ItemFormat.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("cannot be read");
    var noGzip = folder.resolve("plain.jsonl.gz");
    Files.writeString(noGzip, TWO_CITIES);
    assertThatThrownBy(() -> ItemFile.checked(noGzip, ItemFormat.JSON, List.of("id")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("cannot be read");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("items.jsonl"), text);
  }

  private static List<Item> items(ItemSource source) {
    try (var items = source.items()) {
      return items.toList();
    }
  }
}
