package dev.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemSizeTest {
  /**
   * What the real service counts, in eu-west-2 on 2026-08-18, each found by an item of 400 KB to
   * the byte: paritysuite/dynamodb-conformance, src/item-size.ts, read 2026-11-25. The last four
   * follow from its rule.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "-0, 1",
    "1, 2",
    "12, 2",
    "123, 3",
    "1234, 3",
    "12345678901234567890123456789012345678, 20",
    "0042, 2",
    "100, 2",
    "1010, 3",
    "0.0000001, 2",
    "1E125, 2",
    "1E-100, 2",
    "1.5, 3",
    "15, 2",
    "1.2, 3",
    "1.200, 3",
    "1.234, 4",
    "3.14159, 5",
    "123456, 4",
    "100.5, 4",
    "0.15, 2",
    "-42, 3",
    "0.000, 1",
    "10.01, 3",
    "-0.0105, 4",
    "1.5E1, 2"
  })
  void sizeBytes_ofANumber_isWhatTheServiceCounts(String number, int bytes) {
    assertThat(item(new Value.NumberValue(number)).sizeBytes()).as(number).isEqualTo(1 + bytes);
  }

  @Test
  void sizeBytes_ofNumbersInCollections_countsEachAlike() {
    var numbers = List.of(new BigDecimal("1.5"), BigDecimal.ZERO);

    assertThat(item(Value.numberSet(numbers)).sizeBytes()).isEqualTo(1 + 3 + 1);
    assertThat(item(Value.list(numbers.stream().map(Value::number).toList())).sizeBytes())
        .isEqualTo(1 + 3 + (1 + 3) + (1 + 1));
    assertThat(item(Value.map(Map.of("n", Value.number(new BigDecimal("1.5"))))).sizeBytes())
        .isEqualTo(1 + 3 + (1 + 1 + 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\u007f\u0080", "\u07ff\u0800", "é東\uffff", "👩‍👩‍👧 𐐷"})
  void sizeBytes_ofText_isItsLengthInUtf8(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;

    assertThat(item(Value.string(text)).sizeBytes()).isEqualTo(1 + bytes);
    assertThat(Item.empty().with("n" + text, true).sizeBytes()).isEqualTo(1 + bytes + 1);
  }

  private static Item item(Value value) {
    return Item.empty().with("v", value);
  }
}
