package dev.godwit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryTableTest {
  private static final Item KEY = Item.empty().with("id", "7");
  private static final Item STORED = KEY.with("colour", "red").with("size", 1);

  @Test
  void get_answersAFreshEqualItem_bitForBit() {
    var item =
        DynamoDbJson.parse("{\"id\":{\"S\":\"7\"},\"n\":{\"N\":\"1.000\"},\"b\":{\"B\":\"AQ==\"}}");
    var table = InMemoryTable.withKeys("id").filledWith(List.of(item));
    item.string("id");
    assertThat(table.get(KEY).map(DynamoDbJson::format)).contains(DynamoDbJson.format(item));
    assertThat(table.get(KEY).orElseThrow().reads()).isEmpty();
    assertThat(table.get(Item.empty().with("id", "8"))).isEmpty();
  }

  @Test
  void keys_numbersOfOneValue_areOneKey() {
    var table = InMemoryTable.withKeys("id", "at");
    table.put(Item.empty().with("id", "a").with("at", 1), Condition.always());
    table.put(
        Item.empty().with("id", "a").with("at", new BigDecimal("1.0")).with("x", 1),
        Condition.always());
    table.put(Item.empty().with("id", "a").with("at", 2), Condition.always());
    assertThat(table.size()).isEqualTo(2);
    assertThat(table.get(Item.empty().with("id", "a").with("at", 1)).orElseThrow().has("x"))
        .isTrue();
  }

  @Test
  void item_withoutAKey_isRefusedByName() {
    var table = InMemoryTable.withKeys("id", "at");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.put(KEY, Condition.always()))
        .withMessageContaining("no at")
        .withMessageContaining("[id, at]");
  }

  @Test
  void scan_ofAllSegmentsAndPages_showsEveryItemOnce() {
    var table = InMemoryTable.of(500);
    for (int total : List.of(1, 3, 16)) {
      for (int pageSize : List.of(1, 7, 1000)) {
        var seen = new ArrayList<String>();
        for (int segment = 0; segment < total; segment++) {
          Item cursor = null;
          do {
            var page = table.scan(segment, total, cursor, pageSize);
            page.items().forEach(item -> seen.add(item.string("id")));
            cursor = page.next().orElse(null);
          } while (cursor != null);
        }
        assertThat(seen).hasSize(500).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void scan_ofOnePartition_staysInOneSegment() {
    var table = InMemoryTable.withKeys("country", "id");
    for (int i = 0; i < 200; i++) {
      table.put(Item.empty().with("country", "c" + i % 10).with("id", i), Condition.always());
    }
    var segmentOf = new HashMap<String, Integer>();
    var segments = new HashSet<Integer>();
    for (int segment = 0; segment < 4; segment++) {
      for (Item item : table.scan(segment, 4, null, 1000).items()) {
        var before = segmentOf.put(item.string("country"), segment);
        assertThat(before == null || before == segment).isTrue();
        segments.add(segment);
      }
    }
    assertThat(segments).hasSizeGreaterThan(1);
  }

  @Test
  void scan_filtered_answersEmptyPagesBeforeTheEnd() {
    var table = InMemoryTable.of(100).filteredBy(item -> false);
    var page = table.scan(0, 1, null, 10);
    assertThat(page.items()).isEmpty();
    assertThat(page.next()).isPresent();
  }

  @Test
  void scan_whoseCursorIsDeletedMeanwhile_goesOnBehindIt() {
    var table = InMemoryTable.of(10);
    var cursor = table.scan(0, 1, null, 4).next().orElseThrow();
    table.delete(cursor, Condition.exists());
    assertThat(table.scan(0, 1, cursor, 100).items()).hasSize(6);
  }

  @Test
  void scan_ofASegmentThatIsNone_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> InMemoryTable.of(1).scan(3, 3, null, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> InMemoryTable.of(1).scan(0, 1, null, 0));
  }

  @Test
  void update_whoseConditionHolds_setsAndRemoves() {
    var table = stored();
    var answer =
        table.update(
            KEY,
            Item.empty().with("colour", "blue"),
            Set.of("size", "never"),
            Condition.stillAs(STORED, Set.of("colour", "never")));
    assertThat(answer.isDone()).isTrue();
    assertThat(answer.current()).isEmpty();
    assertThat(table.get(KEY)).contains(KEY.with("colour", "blue"));
    assertThat(table.writes()).isEqualTo(1);
  }

  @Test
  void update_whoseConditionFails_answersTheCurrentItemAndChangesNothing() {
    var table = stored();
    var seen = STORED.with("colour", "green");
    var answer =
        table.update(
            KEY,
            Item.empty().with("colour", "blue"),
            Set.of(),
            Condition.stillAs(seen, Set.of("colour")));
    assertThat(answer.isDone()).isFalse();
    assertThat(answer.current()).contains(STORED);
    assertThat(answer.current().orElseThrow().reads()).isEmpty();
    assertThat(table.contents().values()).containsExactly(STORED);
    assertThat(table.writes()).isZero();
  }

  @Test
  void stillAs_ofAnAttributeThatWasAbsentAndIsThereNow_fails() {
    assertThat(Condition.stillAs(KEY, Set.of("size")).holds(Optional.of(STORED))).isFalse();
    assertThat(Condition.stillAs(STORED, Set.of("size")).holds(Optional.of(KEY))).isFalse();
    assertThat(Condition.stillAs(STORED, Set.of("size")).holds(Optional.empty())).isFalse();
    assertThat(Condition.stillAs(KEY, Set.of()).holds(Optional.of(STORED))).isTrue();
  }

  @Test
  void update_ofAMissingItem_createsItOnlyIfTheConditionAllows() {
    var table = InMemoryTable.withKeys("id");
    assertThat(table.update(KEY, Item.empty().with("a", 1), Set.of(), Condition.exists()).isDone())
        .isFalse();
    assertThat(table.size()).isZero();
    assertThat(table.update(KEY, Item.empty().with("a", 1), Set.of(), Condition.always()).isDone())
        .isTrue();
    assertThat(table.get(KEY)).contains(KEY.with("a", 1));
  }

  @Test
  void update_ofAKey_isRefused() {
    var table = stored();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> table.update(KEY, Item.empty().with("id", "8"), Set.of(), Condition.always()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.update(KEY, Item.empty(), Set.of("id"), Condition.always()));
    assertThat(table.contents().values()).containsExactly(STORED);
  }

  @Test
  void putAndDelete_keepTheirConditions() {
    var table = stored();
    assertThat(table.put(KEY, Condition.absent()).current()).contains(STORED);
    assertThat(table.delete(KEY, Condition.absent()).isDone()).isFalse();
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.delete(KEY, Condition.exists()).isDone()).isTrue();
    assertThat(table.delete(KEY, Condition.exists()).isDone()).isFalse();
    assertThat(table.put(KEY, Condition.absent()).isDone()).isTrue();
  }

  @Test
  void move_isDoneWholeOrNotAtAll() {
    var other = Item.empty().with("id", "8");
    var table = stored();
    assertThat(table.move(KEY, other, Condition.absent()).current()).contains(STORED);
    assertThat(table.contents().values()).containsExactly(STORED);

    table.put(other.with("in", "the way"), Condition.always());
    assertThat(table.move(KEY, other, Condition.exists()).current())
        .contains(other.with("in", "the way"));
    assertThat(table.size()).isEqualTo(2);

    table.delete(other, Condition.always());
    assertThat(table.move(KEY, other, Condition.exists()).isDone()).isTrue();
    assertThat(table.contents().values()).containsExactly(other);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.move(other, other, Condition.always()));
  }

  @Test
  void crashAfterWrites_doesSoManyWritesAndLosesTheLastAnswer() {
    var table = InMemoryTable.withKeys("id").crashAfterWrites(2);
    table.put(item(1), Condition.always());
    assertThatThrownBy(() -> table.put(item(2), Condition.always()))
        .isInstanceOf(CrashedException.class);
    assertThatThrownBy(() -> table.put(item(3), Condition.always()))
        .isInstanceOf(CrashedException.class);
    assertThat(table.contents().values()).containsExactlyInAnyOrder(item(1), item(2));
    table.restart().put(item(3), Condition.always());
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void crashAfterWrites_none_failsTheFirstUndone() {
    var table = InMemoryTable.withKeys("id").crashAfterWrites(0);
    assertThatThrownBy(() -> table.put(item(1), Condition.always()))
        .isInstanceOf(CrashedException.class);
    assertThat(table.size()).isZero();
  }

  @Test
  void throttleWrites_failsSoManyUndone() {
    var table = InMemoryTable.withKeys("id").throttleWrites(2);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> table.put(item(1), Condition.always()))
          .isInstanceOf(ThrottledException.class);
    }
    assertThat(table.size()).isZero();
    assertThat(table.put(item(1), Condition.always()).isDone()).isTrue();
    assertThat(table.writes()).isEqualTo(1);
  }

  @Test
  void beforeWrite_writesInBetween_andTheConditionSeesIt() {
    var table =
        stored()
            .beforeWrite(
                (other, key) ->
                    other.update(
                        key, Item.empty().with("colour", "theirs"), Set.of(), Condition.always()));
    var answer =
        table.update(
            KEY,
            Item.empty().with("colour", "mine"),
            Set.of(),
            Condition.stillAs(STORED, Set.of("colour")));
    assertThat(answer.current()).contains(STORED.with("colour", "theirs"));
    assertThat(table.get(KEY)).contains(STORED.with("colour", "theirs"));
  }

  @Test
  void copy_isEqualAndApart() {
    var table = InMemoryTable.of(50);
    var copy = table.copy();
    assertThat(copy.contents()).isEqualTo(table.contents()).hasSize(50);
    copy.put(item(1), Condition.always());
    assertThat(copy.contents()).isNotEqualTo(table.contents());
    assertThat(table.size()).isEqualTo(50);
  }

  private static InMemoryTable stored() {
    return InMemoryTable.withKeys("id").filledWith(List.of(STORED));
  }

  private static Item item(int id) {
    return Item.empty().with("id", "i" + id);
  }
}
