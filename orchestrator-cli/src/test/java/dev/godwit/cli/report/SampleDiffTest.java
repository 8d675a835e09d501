package dev.godwit.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleDiffTest {
  private static final Item KEY =
      DynamoDbJson.parse("{\"country\":{\"S\":\"AD\"},\"id\":{\"N\":\"7\"}}");

  @Test
  void of_attributesAddedChangedAndRemoved_showsEachAndNothingElse() {
    var before =
        DynamoDbJson.parse(
            "{\"lat\":{\"S\":\"42.50\"},\"admin1\":{\"S\":\"02\"},\"name\":{\"S\":\"Lòria\"},\"same\":{\"N\":\"1\"}}");
    var after =
        DynamoDbJson.parse(
            "{\"lat\":{\"N\":\"42.50\"},\"region\":{\"S\":\"02\"},\"name\":{\"S\":\"Lòria\"},\"same\":{\"N\":\"1.0\"}}");

    assertThat(SampleDiff.of(KEY, before, Optional.of(after)).lines())
        .containsExactly(
            "country \"AD\", id 7",
            "  - admin1  \"02\"",
            "  ~ lat     \"42.50\" -> 42.50",
            "  + region  \"02\"");
  }

  @Test
  void of_deletedItem_saysSo() {
    assertThat(SampleDiff.of(KEY, KEY, Optional.empty()))
        .isEqualTo("country \"AD\", id 7  would be deleted");
  }

  @Test
  void of_longValuesAndControlCharacters_areCutAndMadeHarmless() {
    var after = KEY.with("note", "\u001b[2J" + "x".repeat(500));

    assertThat(SampleDiff.of(KEY, KEY, Optional.of(after)))
        .doesNotContain("\u001b")
        .contains("…")
        .hasSizeLessThan(120);
  }

  @Test
  void of_namesKeysAndNestedTextWithControlCharacters_areMadeHarmless() {
    var steering = "\u001b\u009b\u202e\u007f";
    var key = KEY.with(steering, steering);
    var after =
        key.with("n" + steering, 1).with("l", Value.list(List.of(Value.string("v" + steering))));

    assertThat(SampleDiff.of(key, key, Optional.of(after)))
        .contains("n\\u001b\\u009b\\u202e\\u007f", "v\\u001B\\u009b\\u202e")
        .doesNotContainPattern("[\\x1b\\x7f-\\x9f\\u202e]");
  }
}
