package dev.godwit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.RunHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@GodwitTable(name = "Birds", keys = "id", items = "birds.jsonl")
class GodwitTableTest {
  private int atFirst;

  @BeforeEach
  void count(TestTable birds) {
    atFirst = birds.items().size();
    birds.put("{\"id\":{\"S\":\"before\"},\"name\":{\"S\":\"ruff\"}}");
  }

  @Test
  void table_ofAClass_isFilledAndIsTheOneThatTheMethodBeforeGot(TestTable birds) {
    assertThat(atFirst).isEqualTo(3);
    assertThat(birds.items()).hasSize(4);
    assertThat(birds.find("{\"id\":{\"S\":\"before\"}}")).isPresent();
    assertThat(birds.find("{\"id\":{\"S\":\"none\"}}")).isEmpty();
    assertThat(birds.name()).isEqualTo("Birds");
  }

  @Test
  void migrate_up_changesItemsAsARunDoes(TestTable birds) {
    var run = birds.migrate(of((item, context) -> renamed(item)));

    run.assertSucceeded().assertUpdated(3).assertKept(1).assertDeleted(0).assertRepeatable();
    assertThat(run.scanned()).isEqualTo(4);
    birds.put("{\"id\":{\"S\":\"before\"},\"species\":{\"S\":\"ruff\"}}");
    birds.assertHolds("birds-after.jsonl");
  }

  @Test
  void migrate_transformThatThrows_failsWithTheItemsKey(TestTable birds) {
    var run =
        birds.migrate(
            of(
                (item, context) -> {
                  if (item.string("id").equals("2")) {
                    throw new IllegalStateException("no such bird");
                  }
                  return Change.keep();
                }));

    run.assertFailed("IllegalStateException");
    assertThat(run.failures())
        .containsExactly(
            new TestRun.Failure(
                "{\"id\":{\"S\":\"2\"}}", "java.lang.IllegalStateException", "no such bird"));
    assertThatThrownBy(run::assertSucceeded)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "{\"id\":{\"S\":\"2\"}} java.lang.IllegalStateException: no such bird");
    assertThatThrownBy(() -> run.assertFailed("OtherException"))
        .hasMessageContaining("Nothing failed with OtherException");
  }

  @Test
  void migrate_thatIsNotForTheTable_fails(TestTable birds) {
    birds
        .migrate(new TestMigration("Fish", (item, context) -> Change.keep(), Optional.empty()))
        .assertFailed("BadSliceRequest");
  }

  @Test
  void migrate_migrationWithHooks_callsThemAroundTheItems(TestTable birds) {
    var order = new ArrayList<String>();
    var plain = new TestMigration("Birds", (item, context) -> kept(order), Optional.empty());

    birds.migrate(new Hooked(plain, order)).assertSucceeded();

    assertThat(order).containsExactly("before", "item", "item", "item", "item", "after");
  }

  private static Change kept(List<String> order) {
    order.add("item");
    return Change.keep();
  }

  /** Like another, with something to do before and after. */
  private record Hooked(TestMigration like, List<String> order) implements Migration {
    @Override
    public String id() {
      return like.id();
    }

    @Override
    public String table() {
      return like.table();
    }

    @Override
    public String description() {
      return like.description();
    }

    @Override
    public ItemTransform up() {
      return like.up();
    }

    @Override
    public Optional<RunHook> beforeRun() {
      return Optional.of(run -> order.add("before"));
    }

    @Override
    public Optional<RunHook> afterRun() {
      return Optional.of(run -> order.add("after"));
    }
  }

  @Test
  void undo_goesDown(TestTable birds) {
    birds
        .undo(
            new TestMigration(
                "Birds",
                (item, context) -> Change.keep(),
                Optional.of(
                    (item, context) ->
                        item.has("seen") ? Change.replace(item.without("seen")) : Change.keep())))
        .assertSucceeded()
        .assertUpdated(1);
  }

  @Test
  void migrate_withActionsAndAParameter_writesToTheOtherTable(
      TestTable birds, @GodwitTable(name = "Names", keys = "name") TestTable names) {
    birds
        .parameter("target", names.name())
        .migrate(
            of(
                (item, context) -> {
                  var name = item.string(item.has("name") ? "name" : "species");
                  var put =
                      Action.put(
                          context.parameter("target").orElseThrow(),
                          Item.empty().with("name", name));
                  return item.has("seen") ? Change.keep().and(put) : Change.keep().andLater(put);
                }))
        .assertSucceeded();

    assertThat(names.items().stream().map(item -> item.string("name")))
        .containsExactlyInAnyOrder("kuaka", "dunlin", "knot", "ruff");
  }

  @Test
  void assertRepeatable_transformThatGoesOn_saysWhatItDoes(TestTable birds) {
    var run =
        birds.migrate(
            of(
                (item, context) ->
                    Change.replace(
                        item.with("n", item.has("n") ? item.number("n").longValue() + 1 : 0))));

    assertThatThrownBy(run::assertRepeatable)
        .hasMessageContaining("updates 4 and deletes 0 of 4 items");
    assertThatThrownBy(() -> run.assertUpdated(7))
        .hasMessageContaining("updated 4 items, not 7, of 4");
  }

  @Test
  void assertHolds_otherItems_saysWhichAreMissingAndWhichAreNotExpected(TestTable birds) {
    assertThatThrownBy(
            () ->
                birds.assertHolds(
                    List.of(DynamoDbJson.parse("{\"id\":{\"S\":\"9\"},\"n\":{\"N\":\"1\"}}"))))
        .hasMessageContaining("Missing:")
        .hasMessageContaining("{\"id\":{\"S\":\"9\"},\"n\":{\"N\":\"1\"}}")
        .hasMessageContaining("Not expected:")
        .hasMessageContaining("kuaka");
    assertThatThrownBy(() -> birds.assertHolds("none.jsonl"))
        .hasMessageContaining("There is no resource none.jsonl beside " + getClass().getName());
  }

  @Nested
  class Inner {
    @Test
    void table_ofTheClassAround_isThere(TestTable birds) {
      assertThat(birds.name()).isEqualTo("Birds");
    }
  }

  private static Change renamed(Item item) {
    return item.has("name") ? Change.replace(item.rename("name", "species")) : Change.keep();
  }

  private static Migration of(ItemTransform up) {
    return new TestMigration("*", up, Optional.empty());
  }
}
