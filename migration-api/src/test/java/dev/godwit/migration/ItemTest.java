package dev.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemTest {
  private static final String CITY =
      """
      {"country":{"S":"AD"},"lat":{"N":"42.53176"},"capital":{"BOOL":false},"flag":{"B":"AQI="},\
      "tags":{"SS":["b","a"]},"heights":{"NS":["3","1"]},"names":{"L":[{"S":"Vila"}]},\
      "more":{"M":{"deep":{"NULL":true}}}}""";

  @Test
  void typedReads_ofEveryType_answerWhatIsStored() {
    var item = DynamoDbJson.parse(CITY);
    assertThat(item.string("country")).isEqualTo("AD");
    assertThat(item.number("lat")).isEqualTo(new BigDecimal("42.53176"));
    assertThat(item.bool("capital")).isFalse();
    assertThat(item.binary("flag")).containsExactly(1, 2);
    assertThat(item.stringSet("tags")).containsExactly("b", "a");
    assertThat(item.numberSet("heights")).containsExactly(new BigDecimal("3"), new BigDecimal("1"));
    assertThat(item.list("names")).containsExactly(Value.string("Vila"));
    assertThat(item.map("more")).isEqualTo(Map.of("deep", Value.nothing()));
    assertThat(item.typeOf("more")).contains(AttributeType.M);
    assertThat(item.typeOf("absent")).isEmpty();
  }

  @Test
  void typedRead_ofAnotherType_namesTheAttributeAndBothTypes() {
    assertThatThrownBy(() -> DynamoDbJson.parse(CITY).number("country"))
        .isInstanceOf(WrongTypeException.class)
        .hasMessage("Attribute \"country\": The value is of type S, not N");
  }

  @Test
  void typedRead_ofAnAbsentAttribute_saysHowToAsk() {
    assertThatThrownBy(() -> Item.empty().string("name"))
        .isInstanceOf(MissingAttributeException.class)
        .hasMessage(
            "The item has no attribute \"name\"; ask has(\"name\") or find(\"name\") where it may be absent");
  }

  @Test
  void reads_remembersEveryNameAskedFor_presentOrAbsent() {
    var item = DynamoDbJson.parse(CITY);
    assertThat(item.reads()).isEmpty();

    item.string("country");
    assertThat(item.has("absent")).isFalse();
    assertThat(item.find("alsoAbsent")).isEmpty();

    assertThat(item.reads()).containsExactly("country", "absent", "alsoAbsent");
  }

  @Test
  void reads_ofAFailedRead_areRemembered() {
    var item = DynamoDbJson.parse(CITY);
    assertThatThrownBy(() -> item.number("country")).isInstanceOf(WrongTypeException.class);
    assertThatThrownBy(() -> item.string("gone")).isInstanceOf(MissingAttributeException.class);
    assertThat(item.reads()).containsExactly("country", "gone");
  }

  @Test
  void reads_ofAChangedCopy_areReadsOfTheItemItself() {
    var item = DynamoDbJson.parse(CITY);
    item.with("new", 1).without("lat").rename("names", "called").string("country");
    assertThat(item.reads()).contains("country", "names", "called").doesNotContain("new", "lat");
  }

  @Test
  void reads_ofNamesOrAttributes_areAllNames() {
    var byNames = DynamoDbJson.parse(CITY);
    assertThat(byNames.names()).hasSize(8);
    assertThat(byNames.reads()).isEqualTo(byNames.names());

    var byAttributes = DynamoDbJson.parse(CITY);
    assertThat(byAttributes.attributes()).hasSize(8);
    assertThat(byAttributes.reads()).hasSize(8);
  }

  @Test
  void reads_afterComparingPrintingAndWriting_areNone() {
    var item = DynamoDbJson.parse(CITY);
    assertThat(item.equals(DynamoDbJson.parse(CITY))).isTrue();
    assertThat(item.differenceFrom(Item.empty()).isEmpty()).isFalse();
    assertThat(item.toString()).doesNotContain("42.53176").contains("lat");
    assertThat(DynamoDbJson.format(item)).isEqualTo(CITY);
    assertThat(item.hashCode()).isEqualTo(DynamoDbJson.parse(CITY).hashCode());
    assertThat(item.reads()).isEmpty();
  }

  @Test
  void with_leavesTheItemItselfAsItWas() {
    var before = Item.empty().with("a", 1);
    var after = before.with("a", 2).with("b", true);
    assertThat(before.number("a")).isEqualTo(BigDecimal.ONE);
    assertThat(before.has("b")).isFalse();
    assertThat(after.number("a")).isEqualTo(BigDecimal.valueOf(2));
    assertThat(after.bool("b")).isTrue();
  }

  @Test
  void with_eachKindOfValue_storesItsType() {
    var item =
        Item.empty()
            .with("s", "")
            .with("n", 7)
            .with("d", new BigDecimal("0.10"))
            .with("t", true)
            .with("b", new byte[0])
            .with("l", Value.list(List.of()));
    assertThat(DynamoDbJson.format(item))
        .isEqualTo(
            """
            {"s":{"S":""},"n":{"N":"7"},"d":{"N":"0.10"},"t":{"BOOL":true},"b":{"B":""},"l":{"L":[]}}""");
  }

  @Test
  void with_anEmptyName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Item.empty().with("", 1))
        .withMessageContaining("empty name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Item.empty().with("a", 1).rename("a", ""))
        .withMessageContaining("empty name");
  }

  @Test
  void without_anAbsentAttribute_isTheItemItselfAndCountsAsRead() {
    var item = Item.empty().with("a", 1);
    assertThat(item.without("b")).isSameAs(item);
    assertThat(item.reads()).containsExactly("b");
    assertThat(item.without("a").has("a")).isFalse();
  }

  @Test
  void rename_movesTheStoredBytes() {
    var renamed = DynamoDbJson.parse("{\"old\":{\"N\":\"1.000\"}}").rename("old", "new");
    assertThat(DynamoDbJson.format(renamed)).isEqualTo("{\"new\":{\"N\":\"1.000\"}}");
  }

  @Test
  void rename_ofAnAbsentAttributeOrToItself_isTheItemItself() {
    var item = Item.empty().with("a", 1);
    assertThat(item.rename("b", "c")).isSameAs(item);
    assertThat(item.rename("a", "a")).isSameAs(item);
  }

  @Test
  void rename_overAnotherAttribute_isRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Item.empty().with("a", 1).with("b", 2).rename("a", "b"))
        .withMessage("Renaming \"a\" would overwrite \"b\"; remove that one first if it may go");
  }

  @Test
  void differenceFrom_namesWhatIsSetAndWhatIsRemoved() {
    var before = Item.empty().with("same", 1).with("changed", 1).with("removed", 1);
    var after = before.with("changed", 2).with("added", 1).without("removed");
    var difference = after.differenceFrom(before);
    assertThat(difference.set()).containsExactlyInAnyOrder("changed", "added");
    assertThat(difference.removed()).containsExactly("removed");
    assertThat(difference.isEmpty()).isFalse();
  }

  @Test
  void differenceFrom_valuesWrittenAnewButEqual_areNoDifference() {
    var before = DynamoDbJson.parse("{\"n\":{\"N\":\"1.0\"},\"s\":{\"SS\":[\"a\",\"b\"]}}");
    var after = before.with("n", 1).with("s", Value.stringSet(List.of("b", "a")));
    assertThat(after.differenceFrom(before).isEmpty()).isTrue();
    assertThat(after).isEqualTo(before);
  }

  @Test
  void differenceFrom_sameTextOfAnotherType_isADifference() {
    var before = Item.empty().with("n", "1");
    assertThat(before.with("n", 1).differenceFrom(before).set()).containsExactly("n");
  }

  /** Items of few attributes are searched otherwise than items of many. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 18, 200})
  void item_ofManyAttributes_isLikeAMap(int size) {
    var expected = new LinkedHashMap<String, Value>();
    for (int i = 0; i < size; i++) {
      expected.put("name" + i, Value.number(i));
    }
    var item = Item.of(expected);
    var wanted = new LinkedHashMap<>(expected);
    for (int i = 0; i + 1 < size; i += 3) {
      item = item.with("name" + i, -i).without("name" + (i + 1)).with("new" + i, "x");
      wanted.put("name" + i, Value.number(-i));
      wanted.remove("name" + (i + 1));
      wanted.put("new" + i, Value.string("x"));
    }
    assertThat(item).isEqualTo(Item.of(wanted)).hasSameHashCodeAs(Item.of(wanted));
    assertThat(DynamoDbJson.format(item)).isEqualTo(DynamoDbJson.format(Item.of(wanted)));
    var difference = item.differenceFrom(Item.of(expected));
    assertThat(difference.set())
        .containsExactlyInAnyOrderElementsOf(
            wanted.keySet().stream()
                .filter(name -> !Objects.equals(wanted.get(name), expected.get(name)))
                .toList());
    assertThat(difference.removed())
        .containsExactlyInAnyOrderElementsOf(
            expected.keySet().stream().filter(name -> !wanted.containsKey(name)).toList());
    assertThat(item.reads()).isEmpty();
    assertThat(item.names()).containsExactlyElementsOf(wanted.keySet());
    assertThat(item.has("absent")).isFalse();
    assertThat(item.reads()).hasSize(wanted.size() + 1).contains("absent");
    assertThat(item.attributes()).isEqualTo(wanted);
  }

  @Test
  void only_namesGivenTwice_keepsEachOnce() {
    var item = Item.empty().with("a", 1).with("b", 2);
    assertThat(item.only(List.of("b", "c", "b"))).isEqualTo(Item.empty().with("b", 2));
  }

  /** Where the transform makes it, so that it concerns one item; not where a batch is sent. */
  @Test
  @SuppressWarnings("NullAway") // user code may do this
  void with_whatCannotBeStored_isRefusedAtOnce() {
    var item = Item.empty();
    Value none = null;
    assertThatThrownBy(() -> item.with("a", none)).hasMessage("There is no value for \"a\"");
    var map = new HashMap<String, Value>();
    map.put("b", null);
    assertThatThrownBy(() -> Value.map(map)).hasMessage("The map has no value for \"b\"");
    assertThatThrownBy(() -> Action.put("T", null)).hasMessage("The action has no item");
    assertThatThrownBy(() -> Action.update("T", null, item)).hasMessage("The action has no key");
    assertThatThrownBy(() -> Action.delete("T", null)).hasMessage("The action has no key");
    for (String half : List.of("\ud83d", "x\udc26", "\udc26\ud83d")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> item.with("a", half))
          .withMessageContaining("half of a character");
      assertThatIllegalArgumentException().isThrownBy(() -> item.with(half, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> Value.stringSet(List.of(half)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Value.map(Map.of(half, Value.number(1))));
    }
    assertThat(item.with("a", "\ud83d\udc26").string("a")).isEqualTo("🐦");
  }
}
