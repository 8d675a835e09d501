package dev.godwit.run.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTagsTest {
  @Test
  void of_aFewTables_isOneTagThatAwsTakes() {
    var tags = LedgerTags.of(List.of("Cities", "Birds.eu-west_1"));
    assertThat(tags).containsExactly(Map.entry("godwit:tables", "Cities Birds.eu-west_1"));
    assertThat(tags.values()).allMatch(value -> value.matches("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-]*"));
  }

  @Test
  void tables_ofManyTags_areAllOfThem() {
    var tables = IntStream.range(0, 200).mapToObj(i -> "Table-of-some-length-" + i).toList();
    var tags = LedgerTags.of(tables);
    assertThat(tags).hasSizeGreaterThan(10);
    assertThat(tags).containsKeys("godwit:tables", "godwit:tables-2", "godwit:tables-3");
    assertThat(tags.values()).allMatch(value -> value.length() <= 256);
    assertThat(LedgerTags.tables(tags)).containsExactlyInAnyOrderElementsOf(tables);
  }

  @Test
  void tables_ofOtherTags_areNone() {
    assertThat(LedgerTags.tables(Map.of("team", "Cities", "godwit:tables-x", "Cities"))).isEmpty();
  }

  @Test
  void of_theLongestNames_haveATagEach_andTooManyAreRefused() {
    var long1 = "a".repeat(255);
    assertThat(LedgerTags.of(List.of(long1, long1))).hasSize(2);
    assertThatThrownBy(() -> LedgerTags.of(IntStream.range(0, 41).mapToObj(i -> long1).toList()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in two stacks");
  }
}
