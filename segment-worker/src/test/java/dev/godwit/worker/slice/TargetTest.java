package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.run.slice.Woken;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.memory.InMemoryRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that put their items into another table. */
class TargetTest extends SliceFixture {
  private static final ItemTransform KEEP = (item, context) -> Change.keep();

  private TestSlice into(LocalTable target) {
    return slice().target(Target.table(target.name()));
  }

  @Test
  void run_withATarget_putsWhatIsKeptAndReplacedThereAndLeavesOutWhatIsDeleted() {
    fill(10);
    var before = contents();
    var target = another("id");

    var tally =
        worker(
                (item, context) ->
                    switch (item.number("n").intValue()) {
                      case 0 -> Change.delete();
                      case 1 -> Change.replace(item.with("name", "one").without("n"));
                      default -> Change.keep();
                    })
            .run(into(target))
            .tally();

    assertThat(contents()).as("the table that is read").isEqualTo(before);
    SortedMap<String, Item> there = contents(target.all());
    assertThat(there).hasSize(9).doesNotContainKey("00000");
    assertThat(there.get("00001")).isEqualTo(item(1).with("name", "one").without("n"));
    assertThat(there.get("00007")).isEqualTo(item(7));
    assertThat(tally.count(Counter.SCANNED)).isEqualTo(10);
    assertThat(tally.count(Counter.PUT)).isEqualTo(9);
    assertThat(tally.count(Counter.LEFT_OUT)).isEqualTo(1);
    assertThat(tally.count(Counter.UPDATED) + tally.count(Counter.KEPT)).isZero();
    assertThat(tally.amount(Counter.WRITE_UNITS)).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"if-absent", "replace-older:n"})
  void run_again_findsEveryItemThereAlready(String put) {
    fill(40);
    var target = another("id");
    var slice = slice().target(new Target(target.name(), Target.Put.of(put)));
    worker(KEEP).run(slice);

    var again = worker(KEEP).run(slice.run("again")).tally();

    assertThat(again.count(Counter.THERE_ALREADY)).isEqualTo(40);
    assertThat(again.count(Counter.PUT) + again.count(Counter.FAILED)).isZero();
    assertThat(contents(target.all())).isEqualTo(contents());
  }

  @Test
  void run_intoATableWithOtherKeys_hasARecordOfEachItemThatLacksOne() {
    fill(4);
    var target = another("town", "n:N");

    var tally =
        worker(
                (item, context) ->
                    switch (item.number("n").intValue()) {
                      case 0 -> Change.replace(item.with("town", "Lund"));
                      case 1 -> Change.keep();
                      case 2 -> Change.replace(item.with("town", 7));
                      default -> Change.replace(item.with("town", ""));
                    })
            .run(into(target).failuresAllowed(3))
            .tally();

    assertThat(target.all()).containsExactly(item(0).with("town", "Lund"));
    assertThat(tally.count(Counter.PUT)).isEqualTo(1);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(3);
    assertThat(records().lines("failures"))
        .anyMatch(line -> line.contains("\"KeyMissing\"") && line.contains("00001"))
        .anyMatch(line -> line.contains("\"KeyOfWrongType\"") && line.contains("00002"))
        .anyMatch(line -> line.contains("\"KeyEmpty\"") && line.contains("00003"))
        .hasSize(3);
  }

  @Test
  void run_twoItemsThatComeToOneKey_putsOneAndTellsTheKeysOfBoth() {
    fill(3);
    var target = another("town");
    ItemTransform toTown =
        (item, context) ->
            Change.replace(item.with("town", item.number("n").intValue() == 2 ? "Lund" : "Oslo"));
    for (int pageSize : List.of(1, 1000)) {
      var dry = new InMemoryRecords();
      var worker =
          TestWorker.inOneThread(
              TestMigration.up(toTown), new SmallPages(database(), pageSize), dry);
      var foreseen = worker.run(into(target).mode(Mode.DRY_RUN).failuresAllowed(1)).tally();

      assertThat(target.all()).as("a dry run").isEmpty();
      assertThat(foreseen.count(Counter.PUT)).isEqualTo(2);
      assertCollision(dry);
    }

    var tally = worker(toTown).run(into(target).failuresAllowed(1)).tally();

    assertThat(target.all()).hasSize(2);
    assertThat(tally.count(Counter.PUT)).isEqualTo(2);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertCollision(records());
  }

  private static void assertCollision(InMemoryRecords records) {
    assertThat(records.lines("failures"))
        .hasSize(1)
        .allMatch(
            line ->
                line.contains("\"KeyCollision\"")
                    && line.contains("\"targetKey\":{\"town\":{\"S\":\"Oslo\"}}")
                    && (names(line, "00000", "00001") || names(line, "00001", "00000")));
  }

  private static boolean names(String line, String id, String otherId) {
    return line.contains("\"key\":{\"id\":{\"S\":\"" + id + "\"}}")
        && line.contains("\"otherKey\":{\"id\":{\"S\":\"" + otherId + "\"}}");
  }

  @Test
  void run_whereSomebodyHasWrittenTheSameItemSince_leavesThatAndHasARecord() {
    fill(2);
    var target = another("id");
    var newer = item(1).with("n", 100);
    target.put(newer);

    var tally = worker(KEEP).run(into(target).failuresAllowed(1)).tally();

    assertThat(target.get(item(1))).contains(newer);
    assertThat(tally.count(Counter.PUT)).isEqualTo(1);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records().lines("failures"))
        .hasSize(1)
        .allMatch(line -> line.contains("\"TargetTaken\"") && !line.contains("otherKey"));
  }

  @Test
  void run_ofTheCanary_doesNotTakeWhatIsPutForGrowth() {
    fill(10);

    var tally = worker(KEEP).run(into(another("id")).ofCanary()).tally();

    assertThat(tally.count(Counter.PUT)).isEqualTo(10);
    assertThat(tally.count(Counter.GROWTH_BYTES)).isZero();
  }

  @Test
  void run_checkOfTheCanary_isContentWithWhatTheRuleLeavesThere() {
    fill(3);
    var target = another("id");
    target.put(item(1).with("n", 100)); // newer: the application has moved already
    var slice = slice().target(Target.table(target.name()).replacingOlderBy("n")).ofCanary();

    var run = worker(KEEP).run(slice).tally();
    var check = worker(KEEP).run(slice.mode(Mode.VERIFY)).tally();

    assertThat(run.count(Counter.PUT)).isEqualTo(2);
    assertThat(run.count(Counter.THERE_ALREADY)).isEqualTo(1);
    assertThat(check.count(Counter.THERE_ALREADY)).isEqualTo(3);
    assertThat(check.count(Counter.DIFFERENT)).isZero();
    target.put(item(2).with("n", 1)); // older: the run would not have left it
    assertThat(worker(KEEP).run(slice.mode(Mode.VERIFY)).tally().count(Counter.DIFFERENT))
        .isEqualTo(1);
  }

  @Test
  void run_whereAnItemIsOfWhichNobodyKnows_leavesThatAndHasARecord() {
    fill(1);
    var target = another("town");
    var strange = Item.empty().with("town", "Lund").with("by", "hand");
    target.put(strange);
    ItemTransform toLund = (item, context) -> Change.replace(item.with("town", "Lund"));
    var dry = new InMemoryRecords();

    TestWorker.inOneThread(TestMigration.up(toLund), database(), dry)
        .run(into(target).mode(Mode.DRY_RUN).failuresAllowed(1));
    var tally = worker(toLund).run(into(target).failuresAllowed(1)).tally();

    assertThat(target.all()).containsExactly(strange);
    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(records().lines("failures"))
        .isEqualTo(dry.lines("failures"))
        .hasSize(1)
        .allMatch(
            line ->
                line.contains("\"TargetTaken\"")
                    && line.contains("\"targetKey\":{\"town\":{\"S\":\"Lund\"}}")
                    && !line.contains("otherKey"));
  }

  @Test
  void run_thatOverwrites_leavesTheLastOfAPageAtAKeyThatManyComeTo() {
    fill(60);
    var target = another("town");
    target.put(Item.empty().with("town", "Lund").with("by", "hand"));
    ItemTransform toLund = (item, context) -> Change.replace(item.with("town", "Lund"));
    var overwriting = slice().target(Target.table(target.name()).overwriting());

    var tally = worker(toLund).run(overwriting).tally();

    var last = lastScanned();
    assertThat(tally.count(Counter.PUT)).isEqualTo(60);
    assertThat(target.all()).containsExactly(last.with("town", "Lund"));
    var dry =
        worker(toLund).run(overwriting.run("dry").mode(Mode.DRY_RUN).failuresAllowed(60)).tally();
    assertThat(dry.count(Counter.FAILED)).as("told by a dry run alone").isEqualTo(59);
  }

  private Item lastScanned() {
    var scanned = new ArrayList<Item>();
    worker(
            (item, context) -> {
              scanned.add(item);
              return Change.keep();
            })
        .run(slice().run("look"));
    return scanned.get(scanned.size() - 1);
  }

  @Test
  void run_thatReplacesWhatIsOlder_leavesWhatIsNewerAndTellsWhatHasNoAge() {
    fill(5);
    var target = another("id");
    target.put(item(0).with("n", -1).with("old", true));
    target.put(item(1).with("n", 50));
    target.put(item(2).without("n"));
    target.put(item(3).with("other", true));

    var slice = slice().target(Target.table(target.name()).replacingOlderBy("n"));
    var dry =
        worker(withoutAgeOfFour())
            .run(slice.run("dry").mode(Mode.DRY_RUN).failuresAllowed(9))
            .tally();
    var tally = worker(withoutAgeOfFour()).run(slice.run("run").mode(Mode.APPLY)).tally();

    assertThat(target.get(item(0))).contains(item(0));
    assertThat(target.get(item(1))).contains(item(1).with("n", 50));
    assertThat(target.get(item(2))).contains(item(2).without("n"));
    assertThat(target.get(item(3))).as("as old").contains(item(3).with("other", true));
    assertThat(target.get(item(4))).isEmpty();
    for (Tally each : List.of(dry, tally)) {
      assertThat(each.count(Counter.PUT)).isEqualTo(1);
      assertThat(each.count(Counter.THERE_ALREADY)).isEqualTo(1);
      assertThat(each.count(Counter.FAILED)).isEqualTo(3);
    }
    assertThat(records().lines("failures"))
        .filteredOn(line -> line.contains("AgeUnknown"))
        .hasSize(4);
  }

  private static ItemTransform withoutAgeOfFour() {
    return (item, context) ->
        item.string("id").equals("00004") ? Change.replace(item.with("n", true)) : Change.keep();
  }

  @Test
  void run_verification_findsWhatIsMissingAndWhatIsDifferentAndCountsTheTarget() {
    fill(40);
    var target = another("n:N");
    ItemTransform half =
        (item, context) ->
            item.number("n").intValue() % 2 == 0
                ? Change.delete()
                : Change.replace(item.with("name", "godwit"));
    worker(half).run(into(target).run("fill"));
    var clean = verified(half, target, new InMemoryRecords());

    assertThat(clean.count(Counter.SCANNED)).isEqualTo(40);
    assertThat(clean.count(Counter.THERE_ALREADY)).isEqualTo(20);
    assertThat(clean.count(Counter.LEFT_OUT)).isEqualTo(20);
    assertThat(clean.count(Counter.IN_TARGET)).isEqualTo(20);
    assertThat(clean.count(Counter.PUT) + clean.count(Counter.DIFFERENT)).isZero();

    target.delete(item(1));
    target.put(item(3).with("name", "curlew"));
    target.put(item(1000));
    var damaged = verified(half, target, new InMemoryRecords());
    var samples = new InMemoryRecords();
    TestWorker.inOneThread(TestMigration.up(half), database(), samples)
        .run(into(target).run("verify").mode(Mode.VERIFY));

    assertThat(damaged.count(Counter.PUT)).as("missing").isEqualTo(1);
    assertThat(damaged.count(Counter.DIFFERENT)).isEqualTo(1);
    assertThat(damaged.count(Counter.THERE_ALREADY)).isEqualTo(18);
    assertThat(damaged.count(Counter.IN_TARGET)).isEqualTo(20);
    assertThat(samples.lines("samples"))
        .anyMatch(line -> line.contains("\"before\":{}") && line.contains("00001"))
        .anyMatch(line -> line.contains("curlew") && line.contains("godwit"))
        .hasSize(2);
    assertThat(target.all()).as("nothing is written").hasSize(20);
  }

  /** In pages so small, and slices so short, that it goes on at every cursor there is. */
  private Tally verified(ItemTransform up, LocalTable target, InMemoryRecords records) {
    var worker =
        TestWorker.inOneThread(TestMigration.up(up), new SmallPages(database(), 40), records);
    var slice = into(target).run("verify").mode(Mode.VERIFY);
    var tally = Tally.ZERO;
    for (int slices = 0; slices < 1000; slices++) {
      var result = worker.run(slice.request(), new CountedDeadline(20));
      BatteredSlices.assertAddsUp(result.tally());
      tally = tally.plus(result.tally());
      if (result.cursor().isEmpty()) {
        assertThat(slices).as("slices").isPositive();
        return tally;
      }
      slice = slice.after(result);
    }
    throw new AssertionError("It does not end");
  }

  @Test
  void run_verificationOfASample_looksAtSoManyItemsOfEachSegmentAndCountsNoTarget() {
    fill(40);
    var target = another("id");
    worker(KEEP).run(into(target).run("fill"));

    var tally = worker(KEEP).run(into(target).mode(Mode.VERIFY).sample(7)).tally();

    assertThat(tally.count(Counter.SCANNED)).isEqualTo(7);
    assertThat(tally.count(Counter.THERE_ALREADY)).isEqualTo(7);
    assertThat(tally.count(Counter.IN_TARGET)).isZero();
  }

  @Test
  void run_itemsThatFailed_areOfferedAgainByTheirOwnKeys() {
    fill(6);
    var target = another("town");
    ItemTransform first =
        (item, context) ->
            item.number("n").intValue() % 2 == 0
                ? Change.replace(item.with("town", item.string("id")))
                : Change.keep();
    worker(first).run(into(target).failuresAllowed(3));
    assertThat(target.all()).hasSize(3);

    var tally =
        worker((item, context) -> Change.replace(item.with("town", item.string("id"))))
            .run(into(target).run("again").retryFailuresOf("run"))
            .tally();

    assertThat(tally.count(Counter.SCANNED)).isEqualTo(3);
    assertThat(tally.count(Counter.PUT)).isEqualTo(3);
    assertThat(target.all()).hasSize(6);
  }

  @Test
  void run_actions_areCarriedOutBeforeTheItemIsPut() {
    fill(2);
    var target = another("id");
    var others = another("id");

    var tally =
        worker((item, context) -> Change.keep().and(Action.put(others.name(), item)))
            .run(into(target))
            .tally();

    assertThat(tally.count(Counter.ACTIONS)).isEqualTo(2);
    assertThat(contents(others.all())).isEqualTo(contents());
    assertThat(contents(target.all())).isEqualTo(contents());
  }

  @Test
  void run_migrationWithATarget_goesThereUnlessTheRunNamesAnother() {
    fill(1);
    var own = another("id");
    var named = another("id");
    var migration = new WithTarget(Target.table(own.name()));

    TestWorker.inOneThread(migration, database(), records()).run(slice());
    assertThat(own.all()).hasSize(1);
    TestWorker.inOneThread(migration, database(), records())
        .run(slice().run("named").target(Target.table(named.name())));

    assertThat(named.all()).hasSize(1);
  }

  @Test
  void run_whoseMigrationsTargetDoesNotGoWithIt_isRefusedBeforeAnythingIsRead() {
    var other = another("id");
    assertThatThrownBy(
            () ->
                TestWorker.inOneThread(
                        new WithTarget(Target.table(table().name())), database(), records())
                    .run(slice()))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("target must be another table");
    assertThatThrownBy(
            () ->
                TestWorker.inOneThread(
                        new WithTarget(Target.table(other.name())), database(), records())
                    .run(slice().keepingBeforeImages()))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("keeps no before-images");
    assertThatThrownBy(() -> worker(KEEP).run(slice().target(Target.table("Nowhere"))))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("Nowhere");
  }

  @Test
  void wake_aTargetThatIsNotThereOrDoesNotGoWithTheRun_isRefused() {
    var worker =
        TestWorker.inOneThread(new WithTarget(Target.table("Nowhere")), database(), records());

    assertThatThrownBy(() -> worker.wake(wake(Optional.empty(), Direction.UP)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("Nowhere");
    assertThatThrownBy(
            () -> worker.wake(wake(Optional.of(Target.table(table().name())), Direction.UP)))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("target must be another table");
    assertThat(worker.wake(wake(Optional.of(Target.table(another("id").name())), Direction.UP)))
        .isEqualTo(new Woken(TestWorker.code(), Optional.empty(), List.of()));
  }

  private WakeRequest wake(Optional<Target> target, Direction direction) {
    return new WakeRequest(
        "run",
        table().name(),
        TestSlice.MIGRATION,
        direction,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        target);
  }

  /** The migration under test, with a target. */
  private record WithTarget(Target there) implements Migration {
    @Override
    public String id() {
      return TestSlice.MIGRATION;
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "the migration under test";
    }

    @Override
    public ItemTransform up() {
      return KEEP;
    }

    @Override
    public Optional<Target> target() {
      return Optional.of(there);
    }
  }
}
