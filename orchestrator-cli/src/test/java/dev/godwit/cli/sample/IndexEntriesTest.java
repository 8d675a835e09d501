package dev.godwit.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.IndexFacts.Projection;
import dev.godwit.cli.sample.IndexEntries.Effect;
import dev.godwit.cli.sample.IndexEntries.Fate;
import dev.godwit.migration.Item;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What stands in the developer guide, "Using Global Secondary Indexes in DynamoDB". */
class IndexEntriesTest {
  private static final Item ITEM =
      Item.empty().with("p", "1").with("owner", "ana").with("big", "x".repeat(3_000));

  private static IndexEntries index(Projection projection, String... projected) {
    return new IndexEntries(
        new IndexFacts(
            "ByOwner",
            true,
            List.of("owner"),
            projection,
            List.of(projected),
            0,
            0,
            Optional.empty(),
            Optional.empty()),
        List.of("p"));
  }

  private static Effect effect(IndexEntries index, Item before, Item after) {
    return index.effect(Optional.of(before), Optional.of(after), false);
  }

  @Test
  void effect_anEntryThatComes_takesOneWriteOfItsSize() {
    assertThat(effect(index(Projection.KEYS_ONLY), ITEM.without("owner"), ITEM))
        .isEqualTo(new Effect(Fate.ADDED, 1));
    assertThat(effect(index(Projection.ALL), ITEM.without("owner"), ITEM))
        .isEqualTo(new Effect(Fate.ADDED, 3));
  }

  @Test
  void effect_anEntryWhoseKeyChanges_takesTwoWrites() {
    assertThat(effect(index(Projection.KEYS_ONLY), ITEM, ITEM.with("owner", "bo")))
        .isEqualTo(new Effect(Fate.MOVED, 2));
    assertThat(effect(index(Projection.ALL), ITEM, ITEM.with("owner", "bo").without("big")))
        .isEqualTo(new Effect(Fate.MOVED, 4));
  }

  @Test
  void effect_anEntryThatGoes_takesOneWriteOfWhatItWas() {
    assertThat(effect(index(Projection.ALL), ITEM, ITEM.without("owner")))
        .isEqualTo(new Effect(Fate.REMOVED, 3));
    assertThat(index(Projection.ALL).effect(Optional.of(ITEM), Optional.empty(), false))
        .isEqualTo(new Effect(Fate.REMOVED, 3));
  }

  @Test
  void effect_whatIsNotProjected_takesNone() {
    assertThat(effect(index(Projection.INCLUDE, "note"), ITEM, ITEM.with("big", "small")))
        .isEqualTo(Effect.NONE);
    assertThat(effect(index(Projection.ALL), ITEM.without("owner"), Item.empty().with("p", "1")))
        .isEqualTo(Effect.NONE);
  }

  @Test
  void effect_whatIsProjected_takesOneWriteOfTheLargerOne() {
    assertThat(effect(index(Projection.INCLUDE, "big"), ITEM, ITEM.with("big", "small")))
        .isEqualTo(new Effect(Fate.REWRITTEN, 3));
    assertThat(effect(index(Projection.ALL), ITEM, ITEM.with("note", "n")))
        .isEqualTo(new Effect(Fate.REWRITTEN, 3));
  }

  @Test
  void effect_anItemThatGetsAnotherKey_movesItsEntry() {
    assertThat(
            index(Projection.KEYS_ONLY)
                .effect(Optional.of(ITEM), Optional.of(ITEM.with("p", "2")), true))
        .isEqualTo(new Effect(Fate.MOVED, 2));
  }
}
