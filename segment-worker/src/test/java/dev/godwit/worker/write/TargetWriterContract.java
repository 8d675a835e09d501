package dev.godwit.worker.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.testkit.RandomItems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every writer to a target holds to. */
public abstract class TargetWriterContract {
  private static final String TABLE = "Cities-2";

  /** Its keys. */
  protected static final String[] KEYS = {"country", "id"};

  /** The target, whose table is named {@code table} and has the keys {@link #KEYS}. */
  protected abstract TargetTable target(Target target);

  /** Its table's name. */
  protected String table() {
    return TABLE;
  }

  /** Puts {@code item} into that table, as somebody else would. */
  protected abstract void store(Item item);

  /** What is stored under the key of {@code item}. */
  protected abstract Optional<Item> stored(Item item);

  private ChangeWriter ifAbsent() {
    return target(Target.table(table())).writer();
  }

  private ChangeWriter always() {
    return target(Target.table(table()).overwriting()).writer();
  }

  private ChangeWriter ifOlder() {
    return target(Target.table(table()).replacingOlderBy("at")).writer();
  }

  @Test
  void target_ofATable_hasItsKeys() {
    assertThat(target(Target.table(table())).keys()).containsExactly(KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"if-absent", "always", "replace-older:at"})
  void put_whereNothingIs_storesTheItemOfAnyTypes(String put) {
    var writer = target(new Target(table(), Target.Put.of(put))).writer();
    var random = new RandomItems(20261126);
    for (int i = 0; i < 20; i++) {
      var item =
          random.item().with("country", "any").with("id", put + i).with("at", 1).with("\"'\\", 1);
      assertThat(write(writer, item)).containsExactly(new Outcome.Written());
      assertThat(stored(item)).contains(item);
    }
  }

  @Test
  void put_ifAbsentWhereAnItemIs_saysWhatIsThereAndLeavesIt() {
    var there = item("a").with("n", 1);
    store(there);

    var written = write(ifAbsent(), item("b"), item("a").with("n", 2), item("c"));

    assertThat(written)
        .containsExactly(
            new Outcome.Written(), new Outcome.Conflict(Optional.of(there)), new Outcome.Written());
    assertThat(stored(there)).contains(there);
    assertThat(stored(item("b"))).contains(item("b"));
    assertThat(stored(item("c"))).contains(item("c"));
  }

  @Test
  void put_alwaysWhereAnItemIs_isThereInItsPlace() {
    store(item("over").with("n", 1).with("old", true));

    assertThat(write(always(), item("over").with("n", 2))).containsExactly(new Outcome.Written());

    assertThat(stored(item("over"))).contains(item("over").with("n", 2));
  }

  @Test
  void put_whereAnOlderItemIs_isThereInItsPlace() {
    store(item("older").with("at", 9));

    assertThat(write(ifOlder(), item("older").with("at", 10)))
        .containsExactly(new Outcome.Written());

    assertThat(stored(item("older"))).contains(item("older").with("at", 10));
  }

  @Test
  void put_whereOneOfTheSameAgeOrANewerOrOneWithoutAnAgeIs_saysWhatIsThereAndLeavesIt() {
    for (Item there :
        List.of(
            item("same").with("at", 10),
            item("newer").with("at", 11),
            item("none"),
            item("text").with("at", "1"))) {
      store(there);

      assertThat(write(ifOlder(), there.only(List.of(KEYS)).with("at", 10).with("new", true)))
          .containsExactly(new Outcome.Conflict(Optional.of(there)));

      assertThat(stored(there)).contains(there);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"if-absent", "always", "replace-older:at"})
  void put_oneThatIsTooLarge_isForeseenAndRefusedByNameAndTheOthersAreThere(String put) {
    var writer = target(new Target(table(), Target.Put.of(put))).writer();
    var large =
        item(put + "large").with("blob", new byte[(int) ItemLimits.MOST_BYTES]).with("at", 1);
    var small = item(put + "small").with("at", 1);

    assertThat(writer.foresee(copy(large)).orElseThrow().error()).isEqualTo(ItemLimits.TOO_LARGE);
    var written = write(writer, large, small);

    assertThat(((Outcome.Refused) written.get(0)).error()).isEqualTo(ItemLimits.TOO_LARGE);
    assertThat(written.get(1)).isEqualTo(new Outcome.Written());
    assertThat(stored(large)).isEmpty();
    assertThat(stored(small)).contains(small);
  }

  @Test
  void put_asManyAsARequestTakes_allAreThere() {
    for (ChangeWriter writer : List.of(ifAbsent(), always(), ifOlder())) {
      var items = new ArrayList<Item>();
      for (int i = 0; i < writer.mostPerRequest(); i++) {
        items.add(item(writer.mostPerRequest() + "-" + i).with("at", 100));
      }
      assertThat(write(writer, items.toArray(Item[]::new))).doesNotContainNull().isNotEmpty();
      assertThat(items).allSatisfy(item -> assertThat(stored(item)).contains(item));
    }
  }

  /** The outcomes of {@code items}, as many to a request as it takes. */
  protected static List<Outcome> write(ChangeWriter writer, Item... items) {
    var outcomes = new ArrayList<Outcome>();
    for (int from = 0; from < items.length; from += writer.mostPerRequest()) {
      var request = new ArrayList<PlannedWrite>();
      for (int i = from; i < Math.min(items.length, from + writer.mostPerRequest()); i++) {
        request.add(copy(items[i]));
      }
      outcomes.addAll(writer.write(Collections.unmodifiableList(request)).outcomes());
    }
    return outcomes;
  }

  private static PlannedWrite copy(Item item) {
    return new PlannedWrite.Copy(Item.empty().with("n", 1), item);
  }

  protected static Item item(String id) {
    return Item.empty().with("country", "NZ").with("id", id);
  }
}
