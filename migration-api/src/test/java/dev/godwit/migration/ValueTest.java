package dev.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1.0",
    "100, 1E+2",
    "0, -0",
    "0, 0E+20",
    "-1.50, -15E-1",
    "12345678901234567890123456789012345678, 12345678901234567890123456789012345678.0"
  })
  void numbers_ofOneValueInTwoSpellings_areEqual(String one, String other) {
    assertThat(number(one)).isEqualTo(number(other)).hasSameHashCodeAs(number(other));
  }

  @ParameterizedTest
  @CsvSource({
    "1, -1",
    "12345678901234567890123456789012345678, 12345678901234567890123456789012345677",
    "1E-130, 2E-130"
  })
  void numbers_thatDifferInTheirLastDigit_areNotEqual(String one, String other) {
    assertThat(number(one)).isNotEqualTo(number(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890123456789012345678",
        "-99999999999999999999999999999999999999E+88",
        "1E-130",
        "-0",
        "100000000000000000000000000000000000000000000000000"
      })
  void number_withinDynamoDbsLimits_keepsItsText(String text) {
    assertThat(new Value.NumberValue(text).text()).isEqualTo(text);
    assertThat(number(text).asNumber()).isEqualTo(new BigDecimal(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"123456789012345678901234567890123456789", "1E+126", "1E-131"})
  void number_beyondDynamoDbsLimits_isRefusedWithAdvice(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> number(text))
        .withMessageContaining("does not fit DynamoDB's numbers")
        .withMessageContaining("round it first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " 1", "twelve", "NaN", "0x10"})
  void number_thatIsNone_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> number(text))
        .withMessageContaining("is not a number");
  }

  @Test
  void sets_inAnotherOrder_areEqual() {
    assertThat(Value.stringSet(List.of("a", "b")))
        .isEqualTo(Value.stringSet(List.of("b", "a")))
        .hasSameHashCodeAs(Value.stringSet(List.of("b", "a")));
    assertThat(Value.numberSet(List.of(new BigDecimal("1"), new BigDecimal("2.50"))))
        .isEqualTo(Value.numberSet(List.of(new BigDecimal("2.5"), new BigDecimal("1.0"))))
        .hasSameHashCodeAs(Value.numberSet(List.of(new BigDecimal("2.5"), new BigDecimal("1.0"))));
    assertThat(Value.binarySet(List.of(new byte[] {1}, new byte[] {2})))
        .isEqualTo(Value.binarySet(List.of(new byte[] {2}, new byte[] {1})));
  }

  @Test
  void sets_withOtherMembersOrOfOtherTypes_areNotEqual() {
    assertThat(Value.stringSet(List.of("a"))).isNotEqualTo(Value.stringSet(List.of("a", "b")));
    assertThat(Value.stringSet(List.of("1")))
        .isNotEqualTo(Value.numberSet(List.of(BigDecimal.ONE)))
        .isNotEqualTo(Value.list(List.of(Value.string("1"))));
  }

  @Test
  void lists_inAnotherOrder_areNotEqual() {
    assertThat(Value.list(List.of(Value.number(1), Value.number(2))))
        .isNotEqualTo(Value.list(List.of(Value.number(2), Value.number(1))));
  }

  @Test
  void maps_inAnotherOrder_areEqual() {
    var oneWay = new LinkedHashMap<String, Value>();
    oneWay.put("a", Value.nothing());
    oneWay.put("b", Value.number(new BigDecimal("1.0")));
    var otherWay = new LinkedHashMap<String, Value>();
    otherWay.put("b", Value.number(1));
    otherWay.put("a", Value.nothing());
    assertThat(Value.map(oneWay)).isEqualTo(Value.map(otherWay));
  }

  @Test
  void set_thatIsEmpty_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Value.stringSet(List.of()))
        .withMessageContaining("no empty sets; remove the attribute instead");
  }

  @Test
  void set_withOneMemberTwice_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Value.numberSet(List.of(new BigDecimal("1"), new BigDecimal("1.00"))))
        .withMessageContaining("comes twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Value.binarySet(List.of(new byte[] {7}, new byte[] {7})))
        .withMessageContaining("comes twice");
  }

  @Test
  void set_read_keepsTheOrderInWhichItWasGiven() {
    assertThat(Value.stringSet(List.of("b", "c", "a")).asStringSet())
        .containsExactly("b", "c", "a");
    assertThat(Value.numberSet(List.of(new BigDecimal("2"), new BigDecimal("1"))).asNumberSet())
        .containsExactly(new BigDecimal("2"), new BigDecimal("1"));
  }

  @Test
  void binary_whoseSourceOrAnswerIsChangedAfterwards_staysAsItWas() {
    byte[] given = {1, 2, 3};
    var value = Value.binary(given);
    given[0] = 9;
    value.asBinary()[1] = 9;
    assertThat(value.asBinary()).containsExactly(1, 2, 3);

    byte[] member = {4};
    var set = Value.binarySet(List.of(member));
    member[0] = 9;
    set.asBinarySet().get(0)[0] = 9;
    assertThat(set.asBinarySet().get(0)).containsExactly(4);
  }

  @Test
  void listAndMap_whoseSourceIsChangedAfterwards_stayAsTheyWere() {
    var values = new ArrayList<>(List.of(Value.number(1)));
    var list = Value.list(values);
    values.clear();
    assertThat(list.asList()).hasSize(1);

    var entries = new LinkedHashMap<>(Map.of("a", Value.number(1)));
    var map = Value.map(entries);
    entries.clear();
    assertThat(map.asMap()).containsOnlyKeys("a");
  }

  @Test
  void value_readAsAnotherType_namesBothTypes() {
    assertThatThrownBy(() -> Value.string("1").asNumber())
        .isInstanceOf(WrongTypeException.class)
        .hasMessage("The value is of type S, not N");
    assertThatThrownBy(() -> Value.number(1).asString())
        .isInstanceOf(WrongTypeException.class)
        .hasMessage("The value is of type N, not S");
    assertThatThrownBy(() -> Value.nothing().asMap()).isInstanceOf(WrongTypeException.class);
    assertThatThrownBy(() -> Value.bool(true).asList()).isInstanceOf(WrongTypeException.class);
    assertThatThrownBy(() -> Value.list(List.of()).asStringSet())
        .isInstanceOf(WrongTypeException.class);
  }

  @Test
  void binary_printed_showsItsLengthOnly() {
    assertThat(Value.binary(new byte[] {1, 2, 3})).hasToString("BinaryValue[3 bytes]");
  }

  private static Value number(String text) {
    return new Value.NumberValue(text);
  }
}
