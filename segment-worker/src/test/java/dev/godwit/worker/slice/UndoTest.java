package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Guard;
import dev.godwit.run.Tally;
import dev.godwit.testkit.Condition;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.memory.Steps;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import dev.godwit.worker.write.TargetTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What is put back and what is left, item by item. */
class UndoTest {
  private static final ItemTransform MARK =
      (item, context) ->
          item.has("mark") ? Change.keep() : Change.replace(item.with("mark", item.number("n")));

  private static final ItemTransform DONE =
      (item, context) ->
          item.number("n").signum() == 0 ? Change.keep() : Change.replace(item.with("n", 0));

  private final InMemoryTable table = InMemoryTable.withKeys("id");
  private final Trouble trouble = new Trouble();
  private final InMemoryRecords records = new InMemoryRecords(trouble);
  private final InMemoryDatabase database = new InMemoryDatabase(trouble).with("T", table);

  private static Item item(String id, int n) {
    return Item.empty().with("id", id).with("n", n);
  }

  private void write(Item item) {
    table.put(item, Condition.always());
  }

  private Tally run(ItemTransform transform, TestSlice slice) {
    return TestWorker.inOneThread(TestMigration.up(transform), database, records)
        .run(slice.failuresAllowed(Long.MAX_VALUE))
        .tally();
  }

  private Tally run(ItemTransform transform) {
    return run(transform, slice());
  }

  private static TestSlice slice() {
    return TestSlice.of("T", List.of("id")).keepingBeforeImages();
  }

  private Tally undo() {
    return run(
        (item, context) -> {
          throw new AssertionError("No transform is asked");
        },
        slice().run("undo").undoOf("run"));
  }

  private String failures() {
    return String.join("\n", records.lines("failures"));
  }

  @Test
  void undo_attributeThatOthersHaveChangedSince_leavesItAndSaysSo() {
    write(item("a", 1));
    write(item("b", 2));
    run(MARK);
    write(item("a", 1).with("mark", 99));

    var tally = undo();

    assertThat(table.contents().values())
        .containsExactlyInAnyOrder(item("a", 1).with("mark", 99), item("b", 2));
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(failures()).contains("\"key\":{\"id\":{\"S\":\"a\"}}").contains("ChangedSince");
  }

  @Test
  void undo_attributesThatTheRunDidNotTouch_staysWhateverOthersHaveMadeOfThem() {
    write(item("a", 1).with("note", "old"));
    run(MARK);
    write(item("a", 1).with("note", "new").with("mark", 1).with("more", true));

    undo();

    assertThat(table.contents().values())
        .containsExactly(item("a", 1).with("note", "new").with("more", true));
    assertThat(failures()).isEmpty();
  }

  @Test
  void undo_itemThatSomebodyHasDeletedSince_staysDeletedAndIsOnRecord() {
    write(item("a", 1));
    run(MARK);
    table.delete(item("a", 1), Condition.always());

    assertThat(undo().count(Counter.FAILED)).isEqualTo(1);

    assertThat(table.contents()).isEmpty();
  }

  @Test
  void undo_itemThatTheRunDeleted_comesBackOnlyWhereNothingIs() {
    write(item("a", 1));
    write(item("b", 2));
    run((item, context) -> Change.delete());
    write(item("b", 3));

    assertThat(undo().count(Counter.UPDATED)).isEqualTo(1);

    assertThat(table.contents().values()).containsExactlyInAnyOrder(item("a", 1), item("b", 3));
    assertThat(failures()).contains("\"key\":{\"id\":{\"S\":\"b\"}}");
  }

  @Test
  void undo_itemThatTheRunMoved_goesBackOnlyIfItsPlaceIsFreeAndNobodyHasTouchedIt() {
    write(item("a", 1));
    write(item("b", 2));
    write(item("c", 3));
    ItemTransform move =
        (item, context) ->
            item.string("id").startsWith("new ")
                ? Change.keep()
                : Change.replace(item.with("id", "new " + item.string("id")));
    run(move);
    write(item("b", 9));
    write(item("new c", 3).with("seen", true));

    var tally = undo();

    assertThat(table.contents().values())
        .containsExactlyInAnyOrder(
            item("a", 1), item("b", 9), item("new b", 2), item("new c", 3).with("seen", true));
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(1);
    assertThat(failures()).contains("TargetExists").contains("ChangedSince");
  }

  /** Of two that mean the same, one goes and the other takes its place, in one request. */
  @Test
  void undo_itemThatMovedToWhereAnotherWasDeleted_makesRoomForThatOne() {
    write(item("a", 1));
    write(item("b", 2));
    run(
        (item, context) ->
            switch (item.number("n").intValueExact()) {
              case 1 -> Change.delete();
              case 2 -> Change.replace(item.with("id", "a").with("n", 3));
              default -> Change.keep();
            });
    assertThat(table.contents().values()).containsExactly(item("a", 3));

    assertThat(undo().count(Counter.FAILED)).isZero();

    assertThat(table.contents().values()).containsExactlyInAnyOrder(item("a", 1), item("b", 2));
  }

  @Test
  void undo_itemsThatMovedOneToAnothersPlace_allGoBack() {
    for (int i = 1; i <= 9; i++) {
      write(item("k" + i, i));
    }
    ItemTransform down =
        (item, context) -> {
          var place = "k" + (item.number("n").intValueExact() - 1);
          return item.string("id").equals(place)
              ? Change.keep()
              : Change.replace(item.with("id", place));
        };
    for (int i = 0; i < 9; i++) {
      run(down, slice().retried());
    }
    assertThat(table.contents()).hasSize(9);
    assertThat(table.get(item("k0", 1))).isPresent();

    assertThat(undo().count(Counter.UPDATED)).isEqualTo(9);

    assertThat(table.contents().values())
        .allMatch(item -> item.string("id").equals("k" + item.number("n").intValueExact()));
    assertThat(records.linesThatCount("failures").stream().filter(line -> line.contains("undo")))
        .isEmpty();
  }

  @Test
  void undo_otherAttributesOfALaterWrite_doNotHideWhatWasChangedSince() {
    write(item("a", 1));
    run((item, context) -> Change.replace(item.with("n", 0)));
    run((item, context) -> Change.replace(item.with("more", true)), slice().retried());
    write(item("a", 2).with("more", true));

    assertThat(undo().count(Counter.FAILED)).isEqualTo(1);

    assertThat(table.contents().values()).containsExactly(item("a", 2));
  }

  @Test
  void undo_versionThatIsNoNumberAnyMore_isOnRecordAndStopsNoOther() {
    write(item("a", 1).with("rev", 4));
    write(item("b", 1).with("rev", 4));
    run(MARK, slice().guard("version:rev"));
    write(item("a", 1).with("mark", 1).with("rev", "five"));

    var tally = run(MARK, slice().guard("version:rev").run("undo").undoOf("run"));

    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(table.contents().values()).contains(item("b", 1).with("rev", 6));
  }

  @Test
  void undo_itemThatWasChangedWhileItWasWritten_isPutBackAsTheOthersLeftIt() {
    write(item("a", 1));
    trouble.arm("other", 2, () -> write(item("a", 7))); // after the record, before the write
    assertThat(run(DONE).count(Counter.CONFLICTS)).isEqualTo(1);
    assertThat(table.contents().values()).containsExactly(item("a", 0));

    assertThat(undo().count(Counter.FAILED)).isZero();

    assertThat(table.contents().values()).containsExactly(item("a", 7));
  }

  /** The write of the first try was never made, and somebody else has changed the item since. */
  @Test
  void undo_writeOfACrashedTry_isKnownToBeOvertaken() {
    write(item("a", 1));
    trouble.crashIn(2);
    assertThatThrownBy(() -> run(DONE)).isInstanceOf(Steps.Crash.class);
    trouble.disarm();
    write(item("a", 5));
    run(DONE, slice().retried());
    assertThat(records.files("before-images")).hasSize(2);

    assertThat(undo().count(Counter.FAILED)).isZero();

    assertThat(table.contents().values()).containsExactly(item("a", 5));
  }

  /** A transform that changes its own output, in two tries: both writes are taken back. */
  @Test
  void undo_itemThatTheRunWroteTwice_isAsBeforeTheFirst() {
    write(item("a", 1));
    ItemTransform add =
        (item, context) -> Change.replace(item.with("n", item.number("n").intValueExact() + 1));
    run(add);
    run(add, slice().retried());
    assertThat(table.contents().values()).containsExactly(item("a", 3));

    undo();

    assertThat(table.contents().values()).containsExactly(item("a", 1));
  }

  @Test
  void undo_itemThatIsChangedWhileItIsPutBack_isDecidedAgain() {
    write(item("a", 1));
    run(MARK);
    trouble.arm("other", 2, () -> write(item("a", 1).with("mark", 1).with("more", true)));
    undo();
    assertThat(table.contents().values()).containsExactly(item("a", 1).with("more", true));
  }

  @Test
  void undo_versionGuard_raisesTheVersionOnceMore() {
    write(item("a", 1).with("rev", 4));
    run(MARK, slice().guard("version:rev"));

    run(MARK, slice().guard("version:rev").run("undo").undoOf("run"));

    assertThat(table.contents().values()).containsExactly(item("a", 1).with("rev", 6));
  }

  @Test
  void undo_missingFile_isNamedAndNothingIsWritten() {
    for (int i = 0; i < 30; i++) {
      write(item("i" + i, i));
    }
    database.pagesOf(() -> 10);
    run(MARK);
    var migrated = table.contents();
    var file = records.files("before-images").get(1);
    records.delete(file);

    assertThatThrownBy(this::undo)
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining(file.substring(0, file.indexOf("-000001-") + 7));
    assertThat(table.contents()).isEqualTo(migrated);
  }

  @Test
  void undo_damagedFile_isNamedAndNoneOfItIsPutBack() {
    write(item("a", 1));
    run(MARK);
    var file = records.files("before-images").get(0);
    records.write(file, new byte[] {31, -117, 8, 0, 1, 2, 3});

    assertThatThrownBy(this::undo)
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining(file)
        .hasMessageContaining("damaged");
    assertThat(table.contents().values()).containsExactly(item("a", 1).with("mark", 1));
  }

  @Test
  void run_withoutBeforeImages_keepsNone() {
    write(item("a", 1));
    run(MARK, TestSlice.of("T", List.of("id")));

    assertThat(records.files("before-images")).isEmpty();
  }

  /**
   * A failed condition whose answer has no item is not to be taken for an empty place for ever:
   * absent means unknown.
   */
  @Test
  void undo_putRefusedWithoutTheItemThatIsThere_isOnRecordInTheEnd() {
    write(item("a", 1));
    run((item, context) -> Change.delete());
    var refusing =
        new ChangeWriter() {
          private int asked;

          @Override
          public int mostPerRequest() {
            return 1;
          }

          @Override
          public Answer write(List<PlannedWrite> writes) {
            asked++;
            assertThat(asked).as("asked without end").isLessThan(100);
            return Answer.of(
                new Outcome.Conflict(Optional.empty()), OptionalDouble.of(1), Tally.ZERO);
          }

          @Override
          public Optional<Outcome.Refused> foresee(PlannedWrite write) {
            return Optional.empty();
          }
        };
    var slice = slice().run("undo").undoOf("run").failuresAllowed(1);

    var tally =
        TestWorker.inOneThread(TestMigration.up(MARK), new WithWriter(database, refusing), records)
            .run(slice)
            .tally();

    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(failures()).contains("\"error\":\"Conflict\"");
  }

  /** A database with another writer. */
  private record WithWriter(Database database, ChangeWriter writer) implements Database {
    @Override
    public PageSource segment(
        String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
      return database.segment(table, segment, totalSegments, filter, pace);
    }

    @Override
    public ReadAccess readAccess(String table, Optional<String> index, Deadline deadline) {
      return database.readAccess(table, index, deadline);
    }

    @Override
    public PageSource items(String table, List<Item> keys, Pace pace) {
      return database.items(table, keys, pace);
    }

    @Override
    public ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline) {
      return writer;
    }

    @Override
    public TargetTable target(Target target, Deadline deadline) {
      return database.target(target, deadline);
    }

    @Override
    public ActionWriter actions(Deadline deadline) {
      return database.actions(deadline);
    }
  }
}
