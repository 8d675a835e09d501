package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.memory.InMemoryRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small tables that went wrong for others: a dry run tells what the run then does, both writers do
 * the same, and all goes through that can.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AwkwardTablesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LocalDynamoDb server;
  private int tables;

  @BeforeAll
  void start() {
    server = LocalDynamoDb.inMemory();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_eachAwkwardNameAloneAndAllTogether_changesEveryItem(boolean oneByOne) throws Exception {
    var table = table("awkward-names", "GI-1-PK:S", "sort.key:N");

    var both =
        dryRunAndRun(
            table,
            oneByOne,
            "read-set",
            (item, context) -> {
              var changed = item;
              for (String name : item.names()) {
                changed =
                    item.value(name).equals(Value.string("old"))
                        ? changed.with(name, "new")
                        : changed;
              }
              return Change.replace(changed);
            });

    assertThat(both.run.count(Counter.UPDATED)).isEqualTo(33);
    assertThat(both.failures).isEmpty();
    assertThat(table.all())
        .allSatisfy(item -> assertThat(item.attributes()).doesNotContainValue(Value.string("old")));
  }

  @ParameterizedTest
  @CsvSource({
    "read-set, false, 4",
    "read-set, true, 4",
    "version:rev, false, 6",
    "version:rev, true, 6",
    "version:AttributeNumber000, false, 6",
    "none, false, 6",
    "none, true, 6"
  })
  void run_wideItemsMoved_goesWithAVersionOrNoGuardAndIsRefusedOtherwise(
      String guard, boolean oneByOne, int moved) throws Exception {
    var table = table("wide-items", "pk:S");

    var both =
        dryRunAndRun(
            table,
            oneByOne,
            guard,
            (item, context) ->
                item.string("pk").startsWith("MOVED")
                    ? Change.keep()
                    : Change.replace(item.with("pk", "MOVED#" + item.string("pk"))));

    assertThat(both.run.count(Counter.UPDATED)).isEqualTo(moved);
    assertThat(both.failures).isEqualTo(moved == 6 ? Map.of() : Map.of("GuardTooLarge", 6 - moved));
    assertThat(table.all().stream().filter(it -> it.string("pk").startsWith("MOVED")))
        .hasSize(moved);
  }

  @ParameterizedTest
  @CsvSource({
    "read-set, false",
    "read-set, true",
    "version:rev, false",
    "version:rev, true",
    "none, false",
    "none, true"
  })
  void run_wideItemsChanged_doesWhatTheDryRunForesaw(String guard, boolean oneByOne)
      throws Exception {
    var table = table("wide-items", "pk:S");

    var both =
        dryRunAndRun(
            table,
            oneByOne,
            guard,
            (item, context) -> {
              var changed = item;
              for (String name : item.names()) {
                if (name.startsWith("Attribute")) {
                  changed = changed.with(name, item.number(name).intValue() + 1000);
                }
              }
              return Change.replace(changed);
            });

    assertThat(both.failures)
        .isEqualTo(guard.equals("read-set") ? Map.of("GuardTooLarge", 2) : Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "read-set, false",
    "read-set, true",
    "version:rev, false",
    "none, false",
    "none, true"
  })
  void run_textParsedIntoValues_failsWhatTheDryRunForesawUnderTheSameNames(
      String guard, boolean oneByOne) throws Exception {
    var table = table("json-text", "id:S");

    var both =
        dryRunAndRun(
            table,
            oneByOne,
            guard,
            (item, context) ->
                Change.replace(item.with("config", parsed(JSON.readTree(item.string("config"))))));

    assertThat(both.run.count(Counter.UPDATED)).isEqualTo(6);
    assertThat(both.failures)
        .containsEntry("EmptyName", 1)
        .containsEntry("NestedTooDeeply", 1)
        .doesNotContainKeys("ValidationException", "ValidationError");
  }

  private static Value parsed(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> {
        var entries = new LinkedHashMap<String, Value>();
        json.properties().forEach(entry -> entries.put(entry.getKey(), parsed(entry.getValue())));
        yield Value.map(entries);
      }
      case ARRAY -> {
        var elements = new ArrayList<Value>();
        json.forEach(element -> elements.add(parsed(element)));
        yield Value.list(elements);
      }
      case STRING -> Value.string(json.textValue());
      case BOOLEAN -> Value.bool(json.booleanValue());
      case NUMBER -> Value.number(json.decimalValue());
      case NULL -> Value.nothing();
      default -> throw new IllegalArgumentException("This is nothing: " + json.getNodeType());
    };
  }

  /**
   * What a run did, and the errors of its failure records; the dry run before has said the same.
   */
  private record Both(Tally run, Map<String, Integer> failures) {}

  private Both dryRunAndRun(
      LocalTable table, boolean oneByOne, String guard, ItemTransform transform) throws Exception {
    try (var database = new DynamoDbDatabase(TestClients.of(server), oneByOne)) {
      var foreseen = new InMemoryRecords();
      var before = table.all();
      var dry =
          TestWorker.threaded(TestMigration.up(transform), database, foreseen)
              .run(slice(table, guard).mode(Mode.DRY_RUN))
              .tally();
      assertThat(table.all()).containsExactlyInAnyOrderElementsOf(before);

      var records = new InMemoryRecords();
      var run =
          TestWorker.threaded(TestMigration.up(transform), database, records)
              .run(slice(table, guard))
              .tally();

      for (Counter counter :
          List.of(
              Counter.SCANNED, Counter.KEPT, Counter.UPDATED, Counter.DELETED, Counter.FAILED)) {
        assertThat(dry.count(counter))
            .as("%s foreseen: %s, %s", counter, errors(foreseen), errors(records))
            .isEqualTo(run.count(counter));
      }
      assertThat(foreseen.lines("failures"))
          .containsExactlyInAnyOrderElementsOf(records.lines("failures"));
      return new Both(run, errors(records));
    }
  }

  private static TestSlice slice(LocalTable table, String guard) {
    return TestSlice.of(table.name(), table.keys()).guard(guard).failuresAllowed(1000);
  }

  private static Map<String, Integer> errors(InMemoryRecords records) throws IOException {
    var errors = new TreeMap<String, Integer>();
    for (String line : records.lines("failures")) {
      errors.merge(JSON.readTree(line).get("error").textValue(), 1, Integer::sum);
    }
    return errors;
  }

  private LocalTable table(String resource, String... keys) throws IOException {
    var table = LocalTable.create(server, resource + "." + tables++, keys);
    try (var lines = AwkwardTablesTest.class.getResourceAsStream(resource + ".jsonl")) {
      new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(DynamoDbJson::parse)
          .forEach(table::put);
    }
    return table;
  }
}
