package dev.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DynamoDbJsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":{\"S\":\"\"}}",
        "{\"a\":{\"S\":\"Sant Julià de Lòria, 東京, 𐐷, 👩‍👩‍👧\"}}",
        "{\"a\":{\"S\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\u007F\u2028\"}}",
        "{\"a\":{\"S\":\"escaped: \\u00e9 \\ud83d\\ude00\"}}",
        "{\"a\":{\"N\":\"12345678901234567890123456789012345678\"}}",
        "{\"a\":{\"N\":\"-0\"},\"b\":{\"N\":\"1E-130\"},\"c\":{\"N\":\"1.10\"}}",
        "{\"a\":{\"B\":\"\"},\"b\":{\"B\":\"//79\"}}",
        "{\"a\":{\"BOOL\":true},\"b\":{\"BOOL\":false},\"c\":{\"NULL\":true}}",
        "{\"a\":{\"SS\":[\"\",\"b\",\"a\"]},\"b\":{\"NS\":[\"2\",\"1.0\"]},\"c\":{\"BS\":[\"AQ==\",\"\"]}}",
        "{\"a\":{\"L\":[]},\"b\":{\"M\":{}}}",
        "{\"a\":{\"L\":[{\"M\":{\"x\":{\"L\":[{\"NULL\":true},{\"N\":\"1\"}]}}},{\"S\":\"[}\"}]}}",
        "{\"\\\"quoted\\\" náme\":{\"S\":\"v\"}}"
      })
  void format_ofWhatWasParsed_isEqualByteForByte(String json) {
    assertThat(DynamoDbJson.format(DynamoDbJson.parse(json))).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"S\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\u007F\u2028 𐐷\"}}",
        "{\"a\":{\"N\":\"1.10\"},\"b\":{\"NS\":[\"-0\",\"1E-130\"]},\"c\":{\"N\":\"1E+20\"}}",
        "{\"a\":{\"B\":\"//79\"},\"b\":{\"BS\":[\"AQ==\",\"\"]},\"c\":{\"SS\":[\"\",\"b\"]}}",
        "{\"a\":{\"L\":[{\"M\":{\"x\":{\"L\":[{\"NULL\":true},{\"BOOL\":false}]}}}]}}"
      })
  void format_ofValuesWrittenAnew_isEqualByteForByte(String json) {
    var decoded = Item.of(DynamoDbJson.parse(json).attributes());
    assertThat(DynamoDbJson.format(decoded)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{} {}",
        "{\"a\":1}",
        "{\"a\":null}",
        "{\"a\":{}}",
        "{\"a\":{\"S\":1}}",
        "{\"a\":{\"N\":1}}",
        "{\"a\":{\"N\":\"one\"}}",
        "{\"a\":{\"X\":\"1\"}}",
        "{\"a\":{\"S\":\"1\",\"N\":\"1\"}}",
        "{\"a\":{\"B\":\"?\"}}",
        "{\"a\":{\"BOOL\":\"true\"}}",
        "{\"a\":{\"NULL\":false}}",
        "{\"a\":{\"NULL\":{}}}",
        "{\"a\":{\"SS\":[]}}",
        "{\"a\":{\"SS\":[1]}}",
        "{\"a\":{\"SS\":[\"a\",\"a\"]}}",
        "{\"a\":{\"L\":{}}}",
        "{\"a\":{\"L\":[\"a\"]}}",
        "{\"a\":{\"M\":[]}}",
        "{\"a\":{\"M\":{\"b\":\"c\"}}}"
      })
  void parse_ofWhatIsNotDynamoDbJson_isRefused(String json) {
    assertThatIllegalArgumentException().isThrownBy(() -> DynamoDbJson.parse(json));
  }

  @Test
  void read_inTheMiddleOfAnAnswer_leavesTheParserAtTheItemsEnd() throws IOException {
    var answer =
        "{\"Items\":[{\"a\":{\"S\":\"é}\"}},{\"a\":{\"L\":[{\"N\":\"1\"}]},\"b\":{\"N\":\"2\"}}],\"Count\":2}";
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    var items = new ArrayList<Item>();
    try (var parser = new JsonFactory().createParser(bytes)) {
      parser.nextToken();
      parser.nextFieldName();
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(DynamoDbJson.read(parser, bytes));
      }
      assertThat(parser.nextFieldName()).isEqualTo("Count");
    }
    assertThat(items)
        .extracting(DynamoDbJson::format)
        .containsExactly(
            "{\"a\":{\"S\":\"é}\"}}", "{\"a\":{\"L\":[{\"N\":\"1\"}]},\"b\":{\"N\":\"2\"}}");
  }

  @Test
  void writeValue_writesOneAttributeAndReadsNothing() {
    var item = DynamoDbJson.parse("{\"a\":{\"N\":\"1.0\"}}");
    var out = new ByteArrayOutputStream();
    DynamoDbJson.writeValue(item, "a", out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"N\":\"1.0\"}");
    assertThat(item.reads()).isEmpty();
    assertThatThrownBy(() -> DynamoDbJson.writeValue(item, "b", out))
        .isInstanceOf(MissingAttributeException.class);
  }

  @Test
  void parse_ofANameThatComesTwice_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamoDbJson.parse("{\"a\":{\"N\":\"1\"},\"a\":{\"N\":\"2\"}}"))
        .withMessageContaining("\"a\" is there twice");
  }

  @Test
  void parse_ofANameThatComesTwiceInAMapOrAmongMany_isRefused() {
    var many = new StringBuilder("{");
    for (int i = 0; i < 40; i++) {
      many.append("\"a").append(i).append("\":{\"N\":\"1\"},");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamoDbJson.parse(many + "\"a7\":{\"N\":\"2\"}}"))
        .withMessageContaining("\"a7\" is there twice");
    assertThat(DynamoDbJson.parse(many + "\"a40\":{\"N\":\"2\"}}").names()).hasSize(41);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DynamoDbJson.parse("{\"m\":{\"M\":{\"b\":{\"N\":\"1\"},\"b\":{\"N\":\"1\"}}}}"))
        .withMessageContaining("\"b\" is there twice");
  }

  @Test
  void parse_ofBase64WithPaddingInTheMiddle_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamoDbJson.parse("{\"b\":{\"B\":\"YQ==YQ==\"}}"))
        .withMessageContaining("not Base64");
  }

  @Test
  void parse_ofANameAsLongAsDynamoDbTakes_isRead() {
    var name = "n".repeat(DynamoDbJson.LONGEST_NAME_BYTES);
    var json = "{\"" + name + "\":{\"M\":{\"" + name + "\":{\"N\":\"1\"}}}}";

    assertThat(DynamoDbJson.parse(json).map(name)).containsOnlyKeys(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"X\":[\"a\",{\"b\":1}]}",
        "{\"S\":1}",
        "[{\"S\":\"a\"}]",
        "\"a\\u0022}\"",
        "-12.5e3",
        "null",
        "true"
      })
  void read_ofAnAttributeThatIsNoValue_keepsItAsItCameAndReadsTheRest(String strange)
      throws IOException {
    var json = "{\"a\":{\"N\":\"1\"},\"strange\":" + strange + ",\"b\":{\"N\":\"2\"}}";

    var item = read(json);

    assertThat(item.number("b")).isEqualTo("2");
    assertThat(DynamoDbJson.format(item)).isEqualTo(json);
    assertThat(item.isReadable()).isFalse();
    assertThat(item.sizeBytes()).isEqualTo(2 * 3 + "strange".length() + strange.length());
    assertThat(item).isEqualTo(read(json)).hasSameHashCodeAs(read(json));
    assertThat(item.with("b", 3).differenceFrom(read(json)).set()).containsExactly("b");
    assertThatIllegalArgumentException().isThrownBy(() -> item.value("strange"));
  }

  @Test
  void length_ofNamesInAnyScript_isNeverLessThanTheSize() {
    var item = Item.empty().with("東京".repeat(100), 1).with("é".repeat(100), true);
    assertThat(DynamoDbJson.length(item)).isGreaterThanOrEqualTo(item.sizeBytes());
  }

  private static Item read(String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    try (var parser = DynamoDbJson.parsers().createParser(bytes)) {
      parser.nextToken();
      return DynamoDbJson.read(parser, bytes);
    }
  }
}
