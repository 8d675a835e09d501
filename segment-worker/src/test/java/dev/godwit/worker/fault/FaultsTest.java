package dev.godwit.worker.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.AnsweringAsTheService;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.dynamodb.ServiceAnswer;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.slice.SmallPages;
import dev.godwit.worker.slice.TestMigration;
import dev.godwit.worker.slice.TestSlice;
import dev.godwit.worker.slice.TestWorker;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing is lost and nothing done twice, whatever happens between the worker and DynamoDB, and
 * whatever the real service answers.
 */
class FaultsTest {
  private static final long SEED = 20261120;
  private static final int ITEMS = 120;

  /** Each answer of the real service comes to one request in so many, beside the faults. */
  private static final int ONE_IN = 12;

  private static final List<Fault> ALL = List.copyOf(EnumSet.allOf(Fault.class));
  private static final ItemTransform ADD_ONE =
      (item, context) -> {
        var added = item.with("n", item.number("n").add(BigDecimal.ONE));
        return Change.replace(
            item.string("id").endsWith("5")
                ? added.with("id", item.string("id") + " moved")
                : added);
      };

  private LocalDynamoDb server;
  private LocalTable table;
  private LocalTable others;
  private final InMemoryRecords records = new InMemoryRecords();

  /** Nobody has the time to wait for what is throttled. */
  private final FakeTimer timer = new FakeTimer();

  private final AnsweringAsTheService answers = AnsweringAsTheService.mixing(ONE_IN, SEED);

  @BeforeEach
  void start() {
    server = LocalDynamoDb.inMemory();
    table = LocalTable.create(server, "Faulty", "id");
    others = LocalTable.create(server, "Others", "id");
    for (int i = 0; i < ITEMS; i++) {
      table.put(Item.empty().with("id", "item " + i).with("n", i));
    }
  }

  @AfterEach
  void stop() {
    answers.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_anyFaultWithStamp_addsOneToEachItemOnce(boolean oneByOne) throws Exception {
    try (var proxy = new FaultProxy(server.endpoint(), ALL, oneByOne ? 6 : 2, SEED)) {
      var tally = run(proxy, oneByOne, ADD_ONE, slice().stamp("by"));

      assertThat(proxy.happened().keySet()).as("%s", proxy.happened()).hasSizeGreaterThan(5);
      assertThat(tally.count(Counter.THROTTLES))
          .as("%s, %s", proxy.happened(), tally)
          .isGreaterThanOrEqualTo(proxy.happened().getOrDefault(Fault.THROTTLED, 0));
      int byIndex = proxy.happened().getOrDefault(Fault.THROTTLED_BY_INDEX, 0);
      assertThat(tally.count(Counter.INDEX_THROTTLES))
          .as("%s, %s, %s", proxy.happened(), answers.given(), tally)
          .isBetween(
              (long) byIndex,
              (long) byIndex
                  + answers.given().getOrDefault(ServiceAnswer.THROTTLED_FOR_A_REASON, 0));
      assertThat(tally.count(Counter.FAILED)).isZero();
    }
    var stored = numbers(table);
    assertThat(stored).hasSize(ITEMS);
    for (int i = 0; i < ITEMS; i++) {
      assertThat(stored).containsEntry("item " + i + (i % 10 == 5 ? " moved" : ""), i + 1);
    }
  }

  @Test
  void run_answersLostWithoutStamp_addsTwiceToSomeAsThePromiseSays() throws Exception {
    try (var proxy = new FaultProxy(server.endpoint(), List.of(Fault.LOST), 2, SEED)) {
      // one whose answers are lost eight times in a row is on record
      run(proxy, false, ADD_ONE, slice().failuresAllowed(ITEMS));
    }
    long twice =
        numbers(table).entrySet().stream()
            .filter(it -> !it.getKey().endsWith("moved"))
            .filter(it -> it.getValue() > Integer.parseInt(it.getKey().substring(5)) + 1)
            .count();
    assertThat(twice).isPositive();
  }

  @Test
  void run_anyFaultWithoutGuard_writesEveryItem() throws Exception {
    try (var proxy = new FaultProxy(server.endpoint(), ALL, 3, SEED)) {
      run(
          proxy,
          false,
          (item, context) -> Change.replace(item.with("marked", true)),
          slice().guard("none"));

      assertThat(proxy.happened()).isNotEmpty();
    }
    assertThat(table.all()).hasSize(ITEMS).allMatch(item -> item.has("marked"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"read-set", "none"})
  void run_partOfEveryRequestLeftUndone_writesEveryItem(String guard) throws Exception {
    try (var proxy =
        new FaultProxy(server.endpoint(), List.of(Fault.LEFT_PARTLY_UNDONE), 1, SEED)) {
      var tally =
          run(
              proxy,
              false,
              (item, context) -> Change.replace(item.with("marked", true)),
              slice().guard(guard));

      assertThat(tally.count(Counter.THROTTLES)).as("parts left undone").isGreaterThan(5);
      assertThat(tally.count(Counter.UPDATED)).isEqualTo(ITEMS);
    }
    assertThat(table.all()).hasSize(ITEMS).allMatch(item -> item.has("marked"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_anyFaultUponActionsAndDeferredOnes_carriesOutEach(boolean oneByOne) throws Exception {
    try (var proxy = new FaultProxy(server.endpoint(), ALL, 3, SEED)) {
      run(
          proxy,
          oneByOne,
          (item, context) -> {
            if (item.has("acted")) {
              return Change.keep();
            }
            var id = item.string("id");
            return Change.replace(item.with("acted", true))
                .and(Action.put(others.name(), item.with("id", "put " + id)))
                .and(Action.putIfAbsent(others.name(), item.with("id", "if absent " + id)))
                .andLater(Action.put(others.name(), item.with("id", "later " + id)));
          },
          slice());
      for (String file : records.files("deferred")) {
        run(proxy, oneByOne, ADD_ONE, slice().deferred(file));
      }

      assertThat(proxy.happened()).isNotEmpty();
    }
    assertThat(table.all()).allMatch(item -> item.has("acted"));
    assertThat(others.all()).hasSize(3 * ITEMS);
  }

  @Test
  void run_readsByKeyLeftPartlyUndone_offersEachItem() throws Exception {
    var failing =
        worker(
            new DynamoDbDatabase(TestClients.of(server), false),
            (item, context) -> {
              throw new IllegalStateException("not yet");
            });
    failing.run(slice().failuresAllowed(ITEMS));

    try (var proxy =
        new FaultProxy(
            server.endpoint(),
            List.of(Fault.LEFT_PARTLY_UNDONE, Fault.THROTTLED, Fault.BROKEN_OFF),
            2,
            SEED)) {
      var tally =
          run(
              proxy,
              false,
              (item, context) -> Change.replace(item.with("marked", true)),
              slice().run("again").retryFailuresOf("run"));
      assertThat(proxy.happened()).containsKey(Fault.LEFT_PARTLY_UNDONE);
      assertThat(table.all())
          .as("%s, %s, %s", proxy.happened(), answers.given(), tally)
          .hasSize(ITEMS)
          .allMatch(item -> item.has("marked"));
    }
  }

  @Test
  void run_throttledSlowAndPartlyUndone_holdsItsWriteBudgetInAnySecond() throws Exception {
    int budget =
        4; // so low that the budget is the slowest thing of all, however often it backs off
    var clock = new FakeTimer();
    try (var proxy =
            new FaultProxy(
                server.endpoint(),
                List.of(Fault.THROTTLED, Fault.SLOW, Fault.LEFT_PARTLY_UNDONE),
                8,
                SEED,
                clock);
        var database = new DynamoDbDatabase(TestClients.of(proxy.endpoint()), false)) {
      var mark = TestMigration.up((item, context) -> Change.replace(item.with("marked", true)));
      TestWorker.inOneThread(mark, new SmallPages(database, 30), records, clock)
          .run(slice().writeUnitsPerSecond(budget));

      assertThat(proxy.happened()).containsKeys(Fault.THROTTLED, Fault.LEFT_PARTLY_UNDONE);
      assertThat(mostInAnySecond(written(proxy))).isBetween(1, budget);
    }
    assertThat(table.all()).allMatch(item -> item.has("marked"));
  }

  /** When each statement was done, of a unit each. */
  private static List<Long> written(FaultProxy proxy) throws Exception {
    var times = new ArrayList<Long>();
    var json = new ObjectMapper();
    for (FaultProxy.Passed answer : proxy.passed()) {
      if (answer.operation().equals("BatchExecuteStatement")) {
        for (var response : json.readTree(answer.body()).get("Responses")) {
          if (!response.has("Error")) {
            times.add(answer.nanos());
          }
        }
      }
    }
    times.sort(null);
    return times;
  }

  private static int mostInAnySecond(List<Long> times) {
    int most = 0;
    int first = 0;
    for (int i = 0; i < times.size(); i++) {
      while (times.get(first) <= times.get(i) - 1_000_000_000L) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  @Test
  void run_oneByOne_usesNoPartiQlAndPutsOnlyWhereNothingIs() throws Exception {
    others.put(Item.empty().with("id", "item 7").with("there", true));
    ItemTransform copy =
        (item, context) ->
            Change.replace(item.with("copied", true)).and(Action.putIfAbsent(others.name(), item));
    try (var proxy = new FaultProxy(server.endpoint(), List.of(), 1, SEED)) {
      var tally = run(proxy, true, copy, slice());

      assertThat(tally.count(Counter.ACTIONS)).isEqualTo(ITEMS);
      assertThat(tally.count(Counter.FAILED)).isZero();
      assertThat(proxy.passed())
          .extracting(FaultProxy.Passed::operation)
          .contains("PutItem", "UpdateItem")
          .doesNotContain("BatchExecuteStatement", "ExecuteStatement");
    }
    assertThat(others.all()).hasSize(ITEMS);
    assertThat(others.get(Item.empty().with("id", "item 7")))
        .hasValueSatisfying(item -> assertThat(item.has("there")).isTrue());
    assertThat(table.all()).allMatch(item -> item.has("copied"));
  }

  private Tally run(FaultProxy proxy, boolean oneByOne, ItemTransform transform, TestSlice slice)
      throws Exception {
    try (var database =
        new DynamoDbDatabase(
            TestClients.of(proxy.endpoint(), answers), oneByOne, PageListener.NONE, timer)) {
      return worker(database, transform).run(slice).tally();
    }
  }

  private TestWorker worker(DynamoDbDatabase database, ItemTransform transform) {
    return TestWorker.threaded(
        TestMigration.up(transform), new SmallPages(database, 30), records, timer);
  }

  private TestSlice slice() {
    return TestSlice.of(table.name(), table.keys());
  }

  private static Map<String, Integer> numbers(LocalTable table) {
    var numbers = new TreeMap<String, Integer>();
    table.all().forEach(item -> numbers.put(item.string("id"), item.number("n").intValue()));
    return numbers;
  }
}
