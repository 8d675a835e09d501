package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.slice.SliceResult;
import dev.godwit.worker.ItemFailuresExceeded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Nothing is swallowed: what cannot be migrated is on record, whole, and can be offered again. */
class FailuresTest extends SliceFixture {
  private static final ItemTransform FAIL_SEVENTHS =
      (item, context) -> {
        if (item.number("n").intValue() % 7 == 3) {
          throw new IllegalArgumentException("\"seven\" is \u2028 too many");
        }
        return Change.replace(item.with("marked", true));
      };

  @Test
  void run_transformThrows_recordsKeyErrorMessageAndItemAndMigratesTheRest() throws Exception {
    fill(10);

    var tally = worker(FAIL_SEVENTHS).run(slice().segment(0, 1).failuresAllowed(1)).tally();

    assertThat(tally.count(Counter.FAILED)).isEqualTo(1);
    assertThat(tally.count(Counter.UPDATED)).isEqualTo(9);
    var record = new ObjectMapper().readTree(records().lines("failures").get(0));
    assertThat(record.get("segment").asInt()).isZero();
    assertThat(DynamoDbJson.parse(record.get("key").toString()))
        .isEqualTo(Item.empty().with("id", "00003"));
    assertThat(record.get("error").asText()).isEqualTo("java.lang.IllegalArgumentException");
    assertThat(record.get("message").asText()).isEqualTo("\"seven\" is \u2028 too many");
    assertThat(DynamoDbJson.parse(record.get("item").toString())).isEqualTo(item(3));
    assertThat(contents().get("00003")).isEqualTo(item(3));
  }

  @Test
  void run_storedTextThatWouldSteerATerminal_isEscapedInRecordsAndStillWhatItWas()
      throws Exception {
    var steering = "\u001b]0;\u0007\u009b2J\u202e\u007f";
    var item = item(0).with(steering, steering);
    table().put(item);

    worker(
            (any, context) -> {
              throw new IllegalStateException(any.string(steering) + " and half of \ud83d");
            })
        .run(slice().failuresAllowed(1));
    worker((any, context) -> Change.replace(any.with("marked", true)))
        .run(slice().mode(Mode.DRY_RUN));

    var line = records().lines("failures").get(0);
    var sample = records().lines("samples").get(0);
    assertThat(line + sample)
        .doesNotContainPattern("[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]");
    var record = new ObjectMapper().readTree(line);
    assertThat(DynamoDbJson.parse(record.get("item").toString())).isEqualTo(item);
    assertThat(record.get("message").textValue()).isEqualTo(steering + " and half of ?");
  }

  @Test
  void run_writeRefusedByDynamoDb_recordsItAndWritesTheOthersOfTheRequest() throws Exception {
    fill(30);
    var worker =
        worker(
            (item, context) ->
                Change.replace(
                    item.number("n").intValue() == 17
                        ? item.with("large", new byte[400 * 1024])
                        : item.with("marked", true)));

    var tally = worker.run(slice().failuresAllowed(1)).tally();

    assertThat(tally.count(Counter.UPDATED)).isEqualTo(29);
    assertThat(records().lines("failures")).hasSize(1);
    assertThat(records().lines("failures").get(0)).contains("00017").contains("ItemTooLarge");
    assertThat(contents().get("00017")).isEqualTo(item(17));
  }

  @Test
  void run_moreFailuresThanAllowed_endsWithTheirNumberTheFirstAndTheirPlace() {
    fill(30);

    assertThatThrownBy(() -> worker(FAIL_SEVENTHS).run(slice().failuresAllowed(3)))
        .isInstanceOf(ItemFailuresExceeded.class)
        .hasMessageContaining("4 items of segment 0 failed, 3 are allowed")
        .hasMessageContaining("java.lang.IllegalArgumentException")
        .hasMessageContaining("memory:runs/run/failures/segment-00000");
    assertThat(records().lines("failures")).as("durable before the end").hasSize(4);
    assertThat(contents().values().stream().filter(item -> item.has("marked"))).hasSize(26);
  }

  @Test
  void run_failuresInSeveralSlices_countAgainstOneBudget() {
    fill(30);
    var firstPage = new FirstPage();
    var worker =
        TestWorker.threaded(
            TestMigration.up(FAIL_SEVENTHS), new SmallPages(database(), 5), records(), firstPage);
    var slice = slice().failuresAllowed(3);

    assertThatThrownBy(
            () -> {
              SliceResult result;
              do {
                result = worker.run(slice.request(), firstPage.deadline());
                slice.after(result);
              } while (result.cursor().isPresent());
            })
        .isInstanceOf(ItemFailuresExceeded.class)
        .hasMessageContaining("4 items");
  }

  @Test
  void run_failuresOfAnEarlierRun_offersThoseItemsAgainAsTheyAreNow() {
    fill(40);
    worker(FAIL_SEVENTHS).run(slice().failuresAllowed(100));
    var failed = Set.of("00003", "00010", "00017", "00024", "00031", "00038");
    table().put(item(10).with("mended", true));
    table().delete(item(17));
    Set<Item> offered = ConcurrentHashMap.newKeySet();
    var mended =
        worker(
            (item, context) -> {
              offered.add(item);
              return Change.replace(item.with("marked", true));
            });

    long scanned = 0;
    for (int segment = 0; segment < 3; segment++) {
      var retry = slice().run("again").segment(segment, 3).retryFailuresOf("run");
      scanned += mended.run(retry).tally().count(Counter.SCANNED);
    }

    assertThat(scanned).isEqualTo(5);
    var expected = new HashSet<>(failed);
    expected.remove("00017");
    assertThat(contents(List.copyOf(offered)).keySet()).isEqualTo(expected);
    assertThat(offered).as("read fresh").contains(item(10).with("mended", true));
    assertThat(contents().values()).hasSize(39).allMatch(item -> item.has("marked"));
  }

  @Test
  void run_failuresOfAnEarlierRunAndSlicesEndAnywhere_offersEachOfThem() {
    fill(60);
    worker(FAIL_SEVENTHS).run(slice().failuresAllowed(100));
    var mended = worker((item, context) -> Change.replace(item.with("marked", true)));
    var slice = slice().run("again").retryFailuresOf("run");

    SliceResult result;
    int slices = 0;
    do {
      result = mended.run(slice.request(), () -> Duration.ZERO);
      slice.after(result);
      slices++;
    } while (result.cursor().isPresent());

    assertThat(slices).isGreaterThan(5);
    assertThat(contents().values()).allMatch(item -> item.has("marked"));
  }

  @Test
  void run_failuresFailAgainInTwoFilesOfOneSegment_recordsAll() {
    fill(40);
    var failing = TestMigration.up(FAIL_SEVENTHS);
    TestWorker.threaded(failing, new SmallPages(database(), 10), records())
        .run(slice().failuresAllowed(100));
    var files = records().files("failures");
    assertThat(files).hasSizeGreaterThan(1);

    worker(failing).run(slice().run("again").retryFailuresOf("run").failuresAllowed(100));

    assertThat(
            records().files("failures").stream()
                .filter(file -> file.startsWith("runs/again/"))
                .flatMap(file -> new String(records().read(file), StandardCharsets.UTF_8).lines())
                .distinct())
        .hasSize(6);
  }
}
