package dev.godwit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@GodwitTable(name = "Birds", keys = "id")
class TableOfAMethodTest {
  @Test
  @GodwitTable(
      name = "Many",
      keys = {"id:N"},
      segments = 3)
  void migrate_severalPages_readsThemAll(TestTable many) {
    var long100 = "x".repeat(100_000);
    IntStream.range(0, 40).forEach(i -> many.put(Item.empty().with("id", i).with("text", long100)));

    many.migrate(
            new TestMigration(
                "Many",
                (item, context) ->
                    item.has("done") ? Change.keep() : Change.replace(item.with("done", true)),
                Optional.empty()))
        .assertSucceeded()
        .assertUpdated(40);

    assertThat(many.items()).allMatch(item -> item.bool("done"));
  }

  @Test
  @GodwitTable(
      name = "Lines",
      keys = {"a", "b:N"},
      lines = "{\"a\":{\"S\":\"x\"},\"b\":{\"N\":\"1\"}}")
  void table_ofTheMethod_winsAndMayHaveItsLinesHere(TestTable table) {
    assertThat(table.items()).hasSize(1);
  }
}
