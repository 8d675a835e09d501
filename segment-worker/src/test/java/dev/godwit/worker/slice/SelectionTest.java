package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.run.slice.WakeRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.dynamodb.LocalTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Runs over the items of an index, or of some partition keys, on DynamoDB Local. */
class SelectionTest extends SliceFixture {
  private static final ItemTransform SHIP =
      (item, context) ->
          item.has("unshipped")
              ? Change.replace(item.without("unshipped").with("note", "to " + item.string("to")))
              : Change.keep();

  private static final ItemTransform MARK =
      (item, context) ->
          item.has("marked") ? Change.keep() : Change.replace(item.with("marked", true));

  @TempDir Path folder;

  private LocalTable orders;

  /**
   * Orders of owners; of each, "unshipped" keeps it in a sparse index that has keys only; an index
   * that has all is by their day; a local one by their sum.
   */
  @BeforeEach
  @SuppressWarnings("unchecked") // the SDK's builders take arrays of consumers
  void ordersTable() {
    var name = "Orders" + System.identityHashCode(this);
    table()
        .client()
        .createTable(
            it ->
                it.tableName(name)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(hash("owner"), range("order"))
                    .attributeDefinitions(
                        a -> a.attributeName("owner").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("order").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("unshipped").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("day").attributeType(ScalarAttributeType.N),
                        a -> a.attributeName("sum").attributeType(ScalarAttributeType.N))
                    .globalSecondaryIndexes(
                        index ->
                            index
                                .indexName("unshipped")
                                .keySchema(hash("unshipped"))
                                .projection(of(ProjectionType.KEYS_ONLY)),
                        index ->
                            index
                                .indexName("byDay")
                                .keySchema(hash("day"), range("order"))
                                .projection(of(ProjectionType.ALL)))
                    .localSecondaryIndexes(
                        index ->
                            index
                                .indexName("bySum")
                                .keySchema(hash("owner"), range("sum"))
                                .projection(of(ProjectionType.ALL))));
    orders = LocalTable.of(server(), name, "owner", "order");
  }

  private static Projection of(ProjectionType type) {
    return Projection.builder().projectionType(type).build();
  }

  private static KeySchemaElement hash(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.HASH).build();
  }

  private static KeySchemaElement range(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.RANGE).build();
  }

  @AfterEach
  void drop() {
    orders.drop();
  }

  /** The order numbered {@code number} of 12 owners; every seventh is not shipped yet. */
  private static Item order(int number) {
    var order =
        Item.empty()
            .with("owner", "owner-" + number % 12)
            .with("order", String.format("ORDER#%03d", number))
            .with("to", "town " + number)
            .with("day", number % 5)
            .with("sum", number);
    return number % 7 == 0 ? order.with("unshipped", "yes-" + number % 3) : order;
  }

  private void fillOrders(int number) {
    IntStream.range(0, number).mapToObj(SelectionTest::order).forEach(orders::put);
  }

  private TestSlice ofOrders() {
    return TestSlice.of(orders.name(), orders.keys());
  }

  /** Runs all segments of {@code source}, each in slices. */
  private Tally run(TestWorker worker, Source source, int segments) {
    var tally = Tally.ZERO;
    for (int segment = 0; segment < segments; segment++) {
      var slice = ofOrders().segment(segment, segments).source(source);
      SliceResult result;
      do {
        result = worker.run(slice);
        tally = tally.plus(result.tally());
        slice.after(result);
      } while (result.cursor().isPresent());
    }
    return tally;
  }

  private TestWorker inSmallPages(ItemTransform up) {
    return TestWorker.threaded(TestMigration.up(up), new SmallPages(database(), 3), records());
  }

  @Test
  void run_sparseIndexOfKeys_readsItsItemsFromTheTableAndNoOther() {
    fillOrders(70);
    orders.put(Item.empty().with("owner", "other").with("order", "x").with("to", "nowhere"));

    var tally = run(inSmallPages(SHIP), Source.index("unshipped"), 3);

    assertThat(tally.count(Counter.SCANNED)).isEqualTo(10);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(10);
    assertThat(tally.amount(Counter.READ_UNITS))
        .as("of ten items by key, and of keys")
        .isBetween(10.0, 30.0);
    assertThat(orders.all()).hasSize(71).noneMatch(item -> item.has("unshipped"));
    assertThat(orders.get(order(7)))
        .contains(order(7).without("unshipped").with("note", "to town 7"));
    assertThat(orders.get(order(8))).contains(order(8));
  }

  @Test
  void run_indexOfAll_takesItsItemsAsTheyAreThereUnderTheGuard() {
    fillOrders(40);
    var asked = new ConcurrentSkipListSet<String>();
    ItemTransform meeting =
        (item, context) -> {
          if (asked.add(item.string("order")) && asked.size() == 1) {
            orders.put(item.with("to", "elsewhere"));
          }
          return item.has("note")
              ? Change.keep()
              : Change.replace(item.with("note", "to " + item.string("to")));
        };

    var tally =
        run(
            TestWorker.threaded(TestMigration.up(meeting), database(), records()),
            Source.index("byDay"),
            2);

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(40);
    assertThat(tally.count(Counter.CONFLICTS)).isEqualTo(1);
    assertThat(orders.all())
        .allMatch(item -> item.string("note").equals("to " + item.string("to")));
    assertThat(tally.amount(Counter.READ_UNITS)).as("no item was read by its key").isLessThan(20);
  }

  @Test
  void run_itemsThatMoveInTheIndexByTheirMigration_areAllOffered() {
    fillOrders(60);
    ItemTransform later =
        (item, context) ->
            item.has("moved")
                ? Change.keep()
                : Change.replace(
                    item.with("moved", true).with("day", item.number("day").intValueExact() + 1L));

    run(inSmallPages(later), Source.index("byDay"), 3);

    assertThat(orders.all())
        .hasSize(60)
        .allMatch(
            item ->
                item.number("day").intValueExact() == item.number("sum").intValueExact() % 5 + 1);
  }

  @Test
  void run_localIndex_isReadAsOthers() {
    fillOrders(30);

    assertThat(run(inSmallPages(MARK), Source.index("bySum"), 2).count(Counter.UPDATED))
        .isEqualTo(30);
  }

  @Test
  void run_anItemThatIsGoneFromTheTable_staysGone() {
    fillOrders(8);
    var worker =
        TestWorker.inOneThread(
            TestMigration.up(SHIP),
            new SmallPages(database(), 50, () -> orders.delete(order(7))),
            records());

    var tally = run(worker, Source.index("unshipped"), 1);

    assertThat(tally.count(Counter.GONE)).isEqualTo(1);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(1);
    assertThat(orders.get(order(7))).isEmpty();
  }

  @Test
  void run_query_takesTheItemsOfItsKeysAndNoOther() {
    fillOrders(120);

    var tally =
        run(
            inSmallPages(MARK),
            Source.query(Value.string("owner-3"), Value.string("owner-8"), Value.string("nobody")),
            2);

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(20);
    assertThat(orders.all())
        .allMatch(
            item ->
                item.has("marked") == List.of("owner-3", "owner-8").contains(item.string("owner")));
  }

  @ParameterizedTest
  @CsvSource({
    "=, ORDER#039, , 1",
    "<, ORDER#039, , 3",
    "<=, ORDER#039, , 4",
    ">, ORDER#039, , 6",
    ">=, ORDER#039, , 7",
    "between, ORDER#015, ORDER#063, 5",
    "begins_with, ORDER#0, , 9"
  })
  void run_queryWithASortCondition_takesWhatItHoldsFor(
      String operator, String one, String other, int items) {
    fillOrders(120);
    var values = other == null ? List.of(one) : List.of(one, other);
    var where =
        new SortCondition(
            SortCondition.Operator.of(operator), values.stream().map(Value::string).toList());

    var tally = run(inSmallPages(MARK), Source.query(Value.string("owner-3")).where(where), 1);

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(items);
  }

  @Test
  void run_queryOfAnIndexWithASortConditionAndAFilter_takesThem() {
    fillOrders(100);
    var filter =
        new ScanFilter("#sum < :most", Map.of("#sum", "sum"), Map.of(":most", Value.number(50)));
    var worker =
        TestWorker.threaded(
            TestMigration.up(MARK).filter(filter), new SmallPages(database(), 3), records());

    var tally =
        run(
            worker,
            Source.query(Value.number(2), Value.number(4))
                .ofIndex("byDay")
                .where(SortCondition.isAtLeast(Value.string("ORDER#030"))),
            2);

    assertThat(tally.count(Counter.UPDATED)).as("32, 34, 37, 39 … 49").isEqualTo(8);
  }

  @Test
  void run_queryOfAnIndexOfKeysAndConsistentlyOfTheTable_readsThem() {
    fillOrders(70);

    assertThat(
            run(inSmallPages(SHIP), Source.query(Value.string("yes-0")).ofIndex("unshipped"), 1)
                .count(Counter.UPDATED))
        .as("0, 21, 42, 63")
        .isEqualTo(4);
    var consistent =
        run(inSmallPages(MARK), Source.query(Value.string("owner-1")).consistently(), 1);
    assertThat(consistent.count(Counter.UPDATED)).isEqualTo(6);
  }

  @Test
  void run_keysOfAFile_areTakenLineByLineAndWhatElseIsThereIsLeftAlone() throws IOException {
    fillOrders(120);
    var text = new StringBuilder("\n");
    for (int owner = 0; owner < 12; owner += 2) {
      text.append("{\"since\": 7, \"owner\": \"owner-" + owner + "\"}\n");
    }
    text.append("{\"owner\": \"owner-0\"}\n");
    var file = Files.writeString(folder.resolve("keys.jsonl"), text);
    var source = Source.queryOfKeysIn(new Source.File(file.toString(), Source.Format.JSON));

    var tally = run(inSmallPages(MARK), source, 4);

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(60);
    assertThat(tally.count(Counter.SCANNED)).as("one key is there twice").isEqualTo(70);
    assertThat(orders.all())
        .allMatch(
            item ->
                item.has("marked")
                    == (Integer.parseInt(item.string("owner").substring(6)) % 2 == 0));
  }

  @Test
  void run_dryAndVerified_tellOfTheItemsAsTheTableHasThem() {
    fillOrders(70);
    var worker = inSmallPages(SHIP);

    for (Mode mode : List.of(Mode.DRY_RUN, Mode.VERIFY)) {
      var tally = worker.run(ofOrders().source(Source.index("unshipped")).mode(mode)).tally();
      assertThat(tally.count(Counter.UPDATED)).as("%s", mode).isEqualTo(10);
    }
    assertThat(orders.all()).noneMatch(item -> item.has("note"));
    run(worker, Source.index("unshipped"), 1);
    var after = worker.run(ofOrders().source(Source.index("unshipped")).mode(Mode.VERIFY)).tally();
    assertThat(after.count(Counter.SCANNED)).as("nothing is left in the index").isZero();
  }

  @Test
  void run_withATarget_putsThemThereAndVerifiesThem() {
    fillOrders(70);
    var target = another("order");
    var into = Target.table(target.name());
    ItemTransform keep = (item, context) -> Change.keep();

    var tally = worker(keep).run(ofOrders().source(Source.index("unshipped")).target(into)).tally();

    assertThat(tally.count(Counter.PUT)).isEqualTo(10);
    assertThat(target.all()).contains(order(7)).hasSize(10);
    var verified =
        worker(keep)
            .run(ofOrders().source(Source.index("unshipped")).target(into).mode(Mode.VERIFY))
            .tally();
    assertThat(verified.count(Counter.THERE_ALREADY)).isEqualTo(10);
    assertThat(verified.count(Counter.IN_TARGET)).isEqualTo(10);
  }

  @Test
  void run_failedItems_areOfferedAgainByTheirKeys() {
    fillOrders(24);
    ItemTransform broken =
        (item, context) -> {
          if (item.number("sum").intValueExact() == 3) {
            throw new IllegalStateException("no 3");
          }
          return MARK.apply(item, context);
        };
    var source = Source.query(Value.string("owner-3"));
    var first = worker(broken).run(ofOrders().source(source).failuresAllowed(1)).tally();
    assertThat(first.count(Counter.FAILED)).isEqualTo(1);
    assertThat(first.count(Counter.UPDATED)).isEqualTo(1);

    var again =
        worker(MARK).run(ofOrders().run("again").source(source).retryFailuresOf("run")).tally();

    assertThat(again.count(Counter.SCANNED)).isEqualTo(1);
    assertThat(again.count(Counter.UPDATED)).isEqualTo(1);
    assertThat(orders.get(order(3)).orElseThrow().has("marked")).isTrue();
  }

  @Test
  void run_keepingBeforeImages_isTakenBack() {
    fillOrders(70);
    var before = orders.all();
    worker(SHIP).run(ofOrders().source(Source.index("unshipped")).keepingBeforeImages());
    assertThat(orders.all()).noneMatch(item -> item.has("unshipped"));

    worker(SHIP).run(ofOrders().run("back").undoOf("run"));

    assertThat(orders.all()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void run_withABudget_readsNoFasterAndCountsWhatItReads() {
    fillOrders(70);

    var tally =
        worker(SHIP)
            .run(ofOrders().source(Source.index("unshipped")).readUnitsPerSecond(1000))
            .tally();

    assertThat(tally.amount(Counter.READ_UNITS)).isGreaterThanOrEqualTo(10.5);
  }

  @Test
  void run_aFilterOverAnIndexThatDoesNotProjectAll_isRefused() {
    var filter = new ScanFilter("#to = :to", Map.of("#to", "to"), Map.of(":to", Value.string("x")));

    assertThatThrownBy(
            () ->
                worker(TestMigration.up(SHIP).filter(filter))
                    .run(ofOrders().source(Source.index("unshipped"))))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("has a filter, which would see only what the index unshipped");
  }

  @Test
  void wake_whatCannotBeSelected_isRefused() {
    assertRefused(Source.index("byColour"), "no index byColour; it has byDay, bySum, unshipped");
    var owner = Source.query(Value.string("owner-1"));
    assertRefused(owner.ofIndex("byColour"), "no index byColour");
    assertRefused(
        Source.query(Value.string("a"), Value.number(7)),
        "The key owner is of type S, and the query asks for one of type N");
    assertRefused(owner.ofIndex("byDay"), "The key day is of type N");
    assertRefused(
        owner.where(SortCondition.isBelow(Value.number(7))), "The key order is of type S");
    assertRefused(
        Source.query(Value.string("yes-1"))
            .ofIndex("unshipped")
            .where(SortCondition.beginsWith("x")),
        "The index unshipped of the table " + orders.name() + " has no sort key");
    assertRefused(
        Source.query(Value.string("yes-1")).ofIndex("unshipped").consistently(),
        "cannot be read consistently");
    assertThat(worker(MARK).wake(wake(owner.ofIndex("bySum").consistently())).source()).isPresent();
  }

  @Test
  void wake_aFileOfKeysThatAreNone_isRefusedWithItsPlace() throws IOException {
    assertRefused(keysIn("{\"owner\": {\"S\": \"a\"}}\nx\n"), "byte 22, is no item");
    assertRefused(
        keysIn("{\"owner\": {\"N\": \"7\"}}\n"),
        "byte 0, has no owner of type S, the partition key of the table");
    assertRefused(keysIn("{\"id\": {\"S\": \"7\"}}\n"), "{\"owner\": {\"S\": \"alice\"}}");
    assertRefused(keysIn("\n\n"), "has none: write one on each line");
    assertRefused(
        Source.queryOfKeysIn(
            new Source.File(folder.resolve("none").toString(), Source.Format.JSON)),
        "There is no file");
  }

  @Test
  void run_aFileOfKeysThatHasChangedOrBreaksOffLater_isRefusedAndItsItemsBeforeAreDone()
      throws IOException {
    fillOrders(24);
    var source = keysIn("{\"owner\": {\"S\": \"owner-1\"}}\n{\"owner\": {\"S\": \"owner-2\"}}\n");
    var given = worker(MARK).wake(wake(source)).source().orElseThrow();
    assertThat(worker(MARK).run(ofOrders().source(given)).tally().count(Counter.UPDATED))
        .isEqualTo(4);

    keysIn("{\"owner\": {\"S\": \"owner-3\"}}\nx\n");

    assertThatThrownBy(() -> worker(MARK).run(ofOrders().source(given)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("has changed since the run began");
    assertThatThrownBy(() -> worker(MARK).run(ofOrders().source(source)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("mend the file of keys");
    assertThat(orders.get(order(3)).orElseThrow().has("marked")).isTrue();
  }

  private Source keysIn(String text) throws IOException {
    var file = Files.writeString(folder.resolve("keys.jsonl"), text);
    return Source.queryOfKeysIn(new Source.File(file.toString(), Source.Format.DYNAMODB_JSON));
  }

  private void assertRefused(Source source, String why) {
    assertThatThrownBy(() -> worker(MARK).wake(wake(source)))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining(why);
  }

  private WakeRequest wake(Source source) {
    return new WakeRequest(
        "run",
        orders.name(),
        TestSlice.MIGRATION,
        Direction.UP,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(source),
        Optional.empty());
  }
}
