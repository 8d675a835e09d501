package dev.godwit.worker.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import dev.godwit.run.Guard;
import dev.godwit.testkit.RandomItems;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every writer of guarded changes holds to, whatever it asks DynamoDB. */
public abstract class ChangeWriterContract {
  protected static final List<String> KEYS = List.of("country", "id");

  /** Developer guide, "Quotas in Amazon DynamoDB"; read 2026-11-20. */
  private static final int MOST_ITEM_BYTES = 400 * 1024;

  /** A writer to a table of its own, whose keys are {@link #KEYS}. */
  protected abstract ChangeWriter writer();

  /** Puts {@code item} into that table, as somebody else would. */
  protected abstract void store(Item item);

  /** Deletes the item with the key of {@code item}, as somebody else would. */
  protected abstract void remove(Item item);

  /** What is stored under the key of {@code item}. */
  protected abstract Optional<Item> stored(Item item);

  @Test
  void update_attributesSetAndRemoved_leavesTheOthersAsTheyWere() {
    var item = item("NZ", "1").with("name", "kuaka").with("old", 1).with("note", "");
    store(item);

    assertThat(
            write(update(item, it -> it.with("name", "godwit").with("length", 39).without("old"))))
        .isEqualTo(new Outcome.Written());

    assertThat(stored(item))
        .contains(item("NZ", "1").with("name", "godwit").with("length", 39).with("note", ""));
  }

  @Test
  void update_anyTypeReadAndTouched_holdsAgainstTheSameValueAndFailsAgainstAnother() {
    var random = new RandomItems(20261120);
    for (int i = 0; i < 200; i++) {
      var item = random.item().with("country", "NZ").with("id", "types" + i);
      var before = DynamoDbJson.format(item);
      store(DynamoDbJson.parse(before));

      assertThat(write(update(DynamoDbJson.parse(before), ChangeWriterContract::readAllAndMark)))
          .as("unchanged: %s", before)
          .isEqualTo(new Outcome.Written());
      assertThat(stored(item)).as(before).contains(item.with("marked", true));

      var name = item.names().stream().filter(any -> !KEYS.contains(any)).findFirst();
      if (name.isPresent()) {
        var other = item.with(name.get(), "somebody else's").with("marked", false);
        store(other);
        assertThat(write(update(DynamoDbJson.parse(before), ChangeWriterContract::readAllAndMark)))
            .as("changed %s: %s", name.get(), before)
            .isEqualTo(new Outcome.Conflict(Optional.of(other)));
        assertThat(stored(item)).contains(other);
      }
    }
  }

  @Test
  void put_whereNothingIs_bringsTheItemThere() {
    var item = item("NZ", "gone").with("name", "kuaka").with("length", new BigDecimal("39.50"));

    assertThat(write(new PlannedWrite.Put(item.only(KEYS), item))).isEqualTo(new Outcome.Written());

    assertThat(stored(item)).contains(item);
  }

  @Test
  void put_whereAnItemIs_isRefusedWithTheItemAsItIs() {
    var now = item("NZ", "there").with("name", "somebody else's");
    store(now);

    assertThat(write(new PlannedWrite.Put(now.only(KEYS), now.with("name", "kuaka"))))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));
    assertThat(stored(now)).contains(now);
  }

  @Test
  void put_ofAnItemThatIsTooLarge_isForeseenAndRefusedByName() {
    var large = item("NZ", "huge").with("blob", new byte[MOST_ITEM_BYTES]);
    var put = new PlannedWrite.Put(large.only(KEYS), large);

    assertThat(writer().foresee(put).orElseThrow().error()).isEqualTo(ItemLimits.TOO_LARGE);
    assertThat(((Outcome.Refused) write(put)).error()).isEqualTo(ItemLimits.TOO_LARGE);
    assertThat(stored(large)).isEmpty();
  }

  @Test
  void update_sameNumberWrittenOtherwise_isNoConflict() {
    var scanned =
        DynamoDbJson.parse(
            "{\"country\":{\"S\":\"NZ\"},\"id\":{\"S\":\"n\"},\"x\":{\"N\":\"1.50\"}}");
    store(scanned.with("x", new BigDecimal("1.5")));

    assertThat(write(update(scanned, ChangeWriterContract::readAllAndMark)))
        .isEqualTo(new Outcome.Written());
  }

  @Test
  void update_attributeReadAsAbsentIsThereNow_isRefusedWithTheItemAsItIs() {
    var scanned = item("NZ", "2");
    var now = scanned.with("completed", true);
    store(now);

    assertThat(write(update(scanned, it -> it.with("completed", false))))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));
    assertThat(stored(scanned)).contains(now);
  }

  @Test
  void update_attributeReadHasChanged_isRefusedWithTheItemAsItIs() {
    var scanned = item("NZ", "18").with("visits", 1);
    var now = item("NZ", "18").with("visits", 2);
    store(now);

    assertThat(write(update(scanned, it -> it.with("seen", it.number("visits")))))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));
    assertThat(stored(scanned)).contains(now);
  }

  @Test
  void update_itemDeletedMeanwhile_isRefusedAndDoesNotBringItBack() {
    var scanned = item("NZ", "3").with("name", "kuaka");
    store(scanned);
    remove(scanned);

    assertThat(write(update(scanned, it -> it.with("updatedAt", "now"))))
        .isEqualTo(new Outcome.Conflict(Optional.empty()));
    assertThat(stored(scanned)).isEmpty();
  }

  @Test
  void update_attributeNeverSeenChangedMeanwhile_keepsThatChange() {
    var scanned = item("NZ", "4").with("name", "kuaka").with("visits", 1);
    store(scanned.with("visits", 2));

    assertThat(write(update(scanned, it -> it.with("name", "godwit"))))
        .isEqualTo(new Outcome.Written());
    assertThat(stored(scanned)).contains(item("NZ", "4").with("name", "godwit").with("visits", 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select",
        "a.b",
        "a b",
        "a-b",
        "#x",
        "#",
        ":y",
        ":",
        "東京",
        "it's",
        "q\"q",
        "back\\slash",
        "?",
        "[0]",
        "a[0]",
        "1st",
        "$x",
        "{}",
        "a,b",
        "a/b",
        "`tick`",
        "tab\there",
        "new\nline",
        ".",
        "--",
        "a;b",
        "%",
        "\u0000nul",
        "😀",
        "aws:rep:updatetime",
        "/*",
        "é\u0301"
      })
  void update_awkwardName_isWrittenAndGuarded(String name) {
    var scanned = item("NZ", "named " + name).with(name, "old");
    store(scanned);
    UnaryOperator<Item> change = it -> it.with(name, it.string(name) + "!");

    assertThat(write(update(scanned, change))).isEqualTo(new Outcome.Written());
    assertThat(stored(scanned)).contains(scanned.with(name, "old!"));
    assertThat(write(update(scanned, change)))
        .isEqualTo(new Outcome.Conflict(Optional.of(scanned.with(name, "old!"))));
    assertThat(write(delete(scanned, name)))
        .isEqualTo(new Outcome.Conflict(Optional.of(scanned.with(name, "old!"))));
    assertThat(write(update(scanned.with(name, "old!"), it -> it.without(name))))
        .isEqualTo(new Outcome.Written());
    assertThat(write(update(scanned.without(name), it -> it.with(name, "new"))))
        .isEqualTo(new Outcome.Written());
    assertThat(write(delete(scanned.with(name, "new"), name))).isEqualTo(new Outcome.Written());
    assertThat(stored(scanned)).isEmpty();
  }

  @Test
  void update_guardOfMoreAttributesThanAnExpressionHolds_isRefusedWithAdviceAndWritesNothing() {
    var scanned = wide("6", 700);
    store(scanned);

    var write = update(scanned, ChangeWriterContract::readAllAndMark);

    assertThat(foreseenAndRefused(writer(), write)).isEqualTo("GuardTooLarge");
    assertThat(stored(scanned)).contains(scanned);
  }

  @Test
  void update_guardOfAsManyAttributesAsAnExpressionHolds_isWrittenOrRefused() {
    for (int attributes = 145; attributes <= 151; attributes++) {
      var scanned = wide("wide" + attributes, attributes);
      store(scanned);

      var outcome = write(update(scanned, ChangeWriterContract::readAllAndMark));

      assertThat(outcome instanceof Outcome.Written)
          .as("%d attributes and one that is new: %s", attributes, outcome)
          .isEqualTo(attributes + 1 <= Condition.MOST_ATTRIBUTES);
    }
  }

  @Test
  void update_moreChangesThanAnExpressionHolds_isRefusedWithAdviceAndWritesNothing() {
    var scanned = item("NZ", "many changes");
    store(scanned);
    var result = scanned.with("a", 1);
    for (int i = 0; i < 900; i++) {
      result = result.with("attribute" + i, i);
    }
    var write =
        new PlannedWrite.Update(
            scanned,
            result,
            result.differenceFrom(scanned),
            new Condition(List.of(), List.of("version")));

    assertThat(foreseenAndRefused(writer(), write)).isEqualTo("ChangeTooLarge");
    assertThat(stored(scanned)).contains(scanned);
  }

  @Test
  void move_guardOfMoreAttributesThanAnExpressionHolds_isRefusedUnlessSomethingElseGuardsIt() {
    var scanned = wide("wide move", 200).with("version", 1);
    store(scanned);
    var everything = update(scanned, it -> it.with("id", "wide moved"));

    assertThat(foreseenAndRefused(writer(), everything)).isEqualTo("GuardTooLarge");
    assertThat(stored(scanned)).contains(scanned);

    var byVersion =
        new PlannedWrite.Move(
            scanned,
            scanned.with("id", "wide moved"),
            new Condition(List.of("version"), List.of()));
    store(scanned.with("version", 2));
    assertThat(write(byVersion))
        .isEqualTo(new Outcome.Conflict(Optional.of(scanned.with("version", 2))));
    store(scanned);
    assertThat(write(byVersion)).isEqualTo(new Outcome.Written());
    assertThat(stored(scanned)).isEmpty();
    assertThat(stored(item("NZ", "wide moved"))).contains(scanned.with("id", "wide moved"));
  }

  private static Item wide(String id, int attributes) {
    var item = item("NZ", id);
    for (int i = 0; i < attributes; i++) {
      item = item.with("attribute" + i, i);
    }
    return item;
  }

  @Test
  void update_itemOf400KilobytesGrows_isRefusedAndStaysAsItWas() {
    var scanned = largest("15").with("a", "old");
    store(scanned);

    assertThat(foreseenAndRefused(writer(), update(scanned, it -> it.with("a", "older"))))
        .isEqualTo("ItemTooLarge");
    assertThat(stored(scanned)).contains(scanned);

    assertThat(write(update(scanned, it -> it.with("a", "new")))).isEqualTo(new Outcome.Written());
    assertThat(stored(scanned)).contains(scanned.with("a", "new"));
  }

  @Test
  void move_itemOf400KilobytesGrows_isRefusedAndTouchesNeither() {
    var scanned = largest("16").with("a", "old");
    store(scanned);

    assertThat(
            foreseenAndRefused(
                writer(), update(scanned, it -> it.with("a", "older").with("id", "17"))))
        .isEqualTo("ItemTooLarge");
    assertThat(stored(scanned)).contains(scanned);
    assertThat(stored(item("NZ", "17"))).isEmpty();
  }

  @Test
  void write_valueThatDynamoDbDoesNotTake_isForeseenAndRefusedUnderOneName() {
    var scanned = item("NZ", "faulty");
    store(scanned);

    assertThat(refusedOf(scanned, it -> it.with("deep", nested(32)))).isEqualTo("NestedTooDeeply");
    assertThat(
            refusedOf(scanned, it -> it.with("unnamed", Value.map(Map.of("", Value.bool(true))))))
        .isEqualTo("EmptyName");
    assertThat(
            refusedOf(
                scanned,
                it ->
                    it.with(
                        "unnamed within",
                        Value.list(List.of(Value.map(Map.of("", Value.bool(true))))))))
        .isEqualTo("EmptyName");
    assertThat(stored(scanned)).contains(scanned);

    assertThat(write(update(scanned, it -> it.with("deep", nested(31)))))
        .isEqualTo(new Outcome.Written());
  }

  private String refusedOf(Item scanned, UnaryOperator<Item> change) {
    var moved = update(scanned, it -> change.apply(it).with("id", "moved"));
    assertThat(foreseenAndRefused(writer(), moved)).isEqualTo(refusedBy(change, scanned));
    return refusedBy(change, scanned);
  }

  private String refusedBy(UnaryOperator<Item> change, Item scanned) {
    return foreseenAndRefused(writer(), update(scanned, change));
  }

  /** A string in so many maps. */
  private static Value nested(int maps) {
    var value = Value.string("leaf");
    for (int i = 0; i < maps; i++) {
      value = Value.map(Map.of("n", value));
    }
    return value;
  }

  @Test
  void move_toAKeyThatDynamoDbDoesNotTake_isForeseenAndRefusedUnderOneName() {
    var scanned = item("NZ", "moving");
    store(scanned);

    assertThat(foreseenAndRefused(writer(), update(scanned, it -> it.with("id", 1))))
        .isEqualTo("KeyOfWrongType");
    assertThat(foreseenAndRefused(writer(), update(scanned, it -> it.with("id", ""))))
        .isEqualTo("KeyEmpty");
    assertThat(foreseenAndRefused(writer(), update(scanned, it -> it.with("id", "é".repeat(513)))))
        .isEqualTo("KeyTooLong");
    assertThat(stored(scanned)).contains(scanned);
    assertThat(write(update(scanned, it -> it.with("id", "é".repeat(512)))))
        .isEqualTo(new Outcome.Written());
  }

  @Test
  void delete_asScanned_deletes() {
    var item = item("NZ", "7").with("obsolete", true);
    store(item);

    assertThat(write(delete(item, "obsolete"))).isEqualTo(new Outcome.Written());
    assertThat(stored(item)).isEmpty();
  }

  @Test
  void delete_goneAlready_isNotThere() {
    var item = item("NZ", "gone").with("obsolete", true);

    assertThat(write(delete(item, "obsolete"))).isEqualTo(new Outcome.Conflict(Optional.empty()));
    assertThat(write(delete(item, "never there")))
        .isEqualTo(new Outcome.Conflict(Optional.empty()));
  }

  @Test
  void delete_attributeReadHasChanged_isRefusedWithTheItemAsItIs() {
    var scanned = item("NZ", "8").with("obsolete", true);
    var now = item("NZ", "8").with("obsolete", false);
    store(now);

    assertThat(write(delete(scanned, "obsolete")))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));
    assertThat(stored(scanned)).contains(now);
  }

  @Test
  void move_asScanned_putsTheNewAndDeletesTheOld() {
    var item = item("NZ", "9").with("name", "kuaka");
    store(item);

    assertThat(write(update(item, it -> it.with("id", "nine")))).isEqualTo(new Outcome.Written());
    assertThat(stored(item)).isEmpty();
    assertThat(stored(item("NZ", "nine"))).contains(item("NZ", "nine").with("name", "kuaka"));
  }

  @Test
  void move_anyScannedAttributeHasChanged_isRefusedAndTouchesNeither() {
    var scanned = item("NZ", "10").with("name", "kuaka").with("visits", 1);
    var now = scanned.with("visits", 2);
    store(now);

    assertThat(write(update(scanned, it -> it.with("id", "ten"))))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));
    assertThat(stored(scanned)).contains(now);
    assertThat(stored(item("NZ", "ten"))).isEmpty();
  }

  @Test
  void move_deletedMeanwhile_isRefusedAndPutsNothing() {
    var scanned = item("NZ", "11");

    assertThat(write(update(scanned, it -> it.with("id", "eleven"))))
        .isEqualTo(new Outcome.Conflict(Optional.empty()));
    assertThat(stored(item("NZ", "eleven"))).isEmpty();
  }

  @Test
  void move_anotherItemHasThatKey_isRefusedAndTouchesNeither() {
    var scanned = item("NZ", "12").with("name", "kuaka");
    var other = item("NZ", "twelve").with("name", "somebody else's");
    store(scanned);
    store(other);

    assertThat(write(update(scanned, it -> it.with("id", "twelve"))))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.error()).isEqualTo("TargetExists"));
    assertThat(stored(scanned)).contains(scanned);
    assertThat(stored(other)).contains(other);
  }

  @Test
  void write_manyAtOnce_answersEachInItsPlace() {
    var writes = new ArrayList<PlannedWrite>();
    var expected = new ArrayList<Outcome>();
    for (int i = 0; i < writer().mostPerRequest(); i++) {
      var item = item("NZ", "batch" + i).with("n", i);
      boolean changed = i % 3 == 1;
      boolean gone = i % 3 == 2;
      var now = changed ? item.with("done", "by somebody else") : item;
      store(now);
      if (gone) {
        remove(item);
      }
      writes.add(update(item, it -> it.with("done", "by us")));
      expected.add(
          gone
              ? new Outcome.Conflict(Optional.empty())
              : changed ? new Outcome.Conflict(Optional.of(now)) : new Outcome.Written());
    }

    assertThat(writer().write(writes).outcomes()).isEqualTo(expected);
  }

  @Test
  void write_keyAttributesOfAnotherType_isRefusedAloneAndTheRestIsWritten() {
    var good = item("NZ", "13");
    store(good);
    var spoiled =
        new PlannedWrite.Update(
            Item.empty().with("country", "NZ").with("id", 14),
            Item.empty().with("country", "NZ").with("id", 14).with("x", "y"),
            new Item.Difference(List.of("x"), List.of()),
            new Condition(List.of(), List.of("x")));
    var writes = new ArrayList<PlannedWrite>(List.of(spoiled));
    if (writer().mostPerRequest() > 1) {
      writes.add(update(good, it -> it.with("x", "y")));
    }

    var outcomes = writer().write(writes).outcomes();

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Refused.class);
    if (writes.size() > 1) {
      assertThat(outcomes.get(1)).isEqualTo(new Outcome.Written());
      assertThat(stored(good)).contains(good.with("x", "y"));
    }
  }

  /** An item that is as large as one may be once it has an attribute {@code a} of three letters. */
  private static Item largest(String id) {
    var item = item("NZ", id);
    int rest = Math.toIntExact(item.with("large", "").with("a", "old").sizeBytes());
    return item.with("large", "x".repeat(MOST_ITEM_BYTES - rest));
  }

  protected static Item item(String country, String id) {
    return Item.empty().with("country", country).with("id", id);
  }

  /** What becomes of one write; if that can be foreseen, it was. */
  protected final Outcome write(PlannedWrite write) {
    var writer = writer();
    var foreseen = writer.foresee(write);
    var outcome = writer.write(List.of(write)).outcomes().get(0);
    foreseen.ifPresent(refused -> assertThat(outcome).isEqualTo(refused));
    return outcome;
  }

  /** The one name under which {@code write} is foreseen to be refused, and is. */
  protected static String foreseenAndRefused(ChangeWriter writer, PlannedWrite write) {
    var foreseen = writer.foresee(write).orElseThrow();
    assertThat(writer.write(List.of(write)).outcomes()).containsExactly(foreseen);
    return foreseen.error();
  }

  private static Item readAllAndMark(Item item) {
    item.names();
    return item.with("marked", true);
  }

  /** What the decider plans for a transform that answers {@code change} of the item. */
  protected static PlannedWrite update(Item scanned, UnaryOperator<Item> change) {
    return update(KEYS, scanned, change);
  }

  /** The same in a table with the key attributes {@code keys}. */
  protected static PlannedWrite update(
      List<String> keys, Item scanned, UnaryOperator<Item> change) {
    return planned(keys, scanned, item -> Change.replace(change.apply(item)));
  }

  protected static PlannedWrite delete(Item scanned, String read) {
    return planned(
        KEYS,
        scanned,
        item -> {
          item.has(read);
          return Change.delete();
        });
  }

  private static PlannedWrite planned(
      List<String> keys, Item scanned, Function<Item, Change> transform) {
    var fresh = DynamoDbJson.parse(DynamoDbJson.format(scanned));
    var decider =
        new TransformDecider(
            (item, context) -> transform.apply(item),
            new TransformContext("run", Instant.EPOCH, Map.of()),
            new WritePlanner(keys, new Guard.ReadSet(), Optional.empty()));
    if (decider.decide(fresh) instanceof Decision.Wanted wanted) {
      return wanted.write().orElseThrow();
    }
    throw new AssertionError("The decider failed");
  }
}
