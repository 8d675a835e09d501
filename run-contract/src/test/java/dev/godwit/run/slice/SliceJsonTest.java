package dev.godwit.run.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.Tally;
import dev.godwit.run.TargetRules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SliceJsonTest {
  private static final String FULL =
      """
      {"runId":"run-1","startedAt":"2026-11-20T09:30:00.123Z","tableName":"Cities","keys":["country","id"],
      "migration":"20261120-city-coordinates","direction":"down","mode":"dry-run","guard":"version:rev","stamp":"by",
      "segment":17,"totalSegments":100,"cursor":{"country":{"S":"Lòria"},"id":{"N":"1.50"}},
      "segmentTally":{"scanned":10,"readUnits":1.5},
      "timeline":{"seconds":2,"spans":[882000000,882000002],"scanned":[4,6],"readUnits":[1.5,0]},"sliceSeconds":240,"readUnitsPerSecond":30,
      "writeUnitsPerSecond":0.5,"sharing":{"ledger":"godwit-ledger","atOnce":20,"parts":100},"itemFailuresAllowed":3,"parameters":{"target":"App","n":7,"deep":true},
      "retryFailures":"run-0","keepBeforeImages":true,"code":"5f0c","attempt":2,"enteredAt":"2026-11-20T09:31:00.5Z","retry":3}""";

  private static final String LEAST =
      """
      {"runId":"r","startedAt":"2026-11-20T09:30:00Z","tableName":"T","keys":["id"],"migration":"m","direction":"up",
      "mode":"apply","guard":"read-set","segment":0,"totalSegments":1,"sliceSeconds":1,"itemFailuresAllowed":0,
      "parameters":{},"code":"5f0c"}""";

  private static final Timeline TIMELINE =
      new Timeline(
          2,
          Map.of(
              882_000_000L,
              Tally.of(Counter.SCANNED, 4).plus(Counter.READ_UNITS, 1.5),
              882_000_002L,
              Tally.of(Counter.SCANNED, 6)));

  private final SliceJson json = new SliceJson();

  @Test
  void request_everyFieldGiven_holdsThemAll() throws IOException {
    var slice = request(FULL);

    assertThat(slice)
        .isEqualTo(
            new SliceRequest(
                "run-1",
                Instant.parse("2026-11-20T09:30:00.123Z"),
                "Cities",
                List.of("country", "id"),
                "20261120-city-coordinates",
                Direction.DOWN,
                Mode.DRY_RUN,
                new Guard.Version("rev"),
                Optional.of("by"),
                17,
                100,
                Optional.of(
                    DynamoDbJson.parse("{\"country\":{\"S\":\"Lòria\"},\"id\":{\"N\":\"1.50\"}}")),
                Optional.of(Tally.of(Counter.SCANNED, 10).plus(Counter.READ_UNITS, 1.5)),
                Optional.of(TIMELINE),
                240,
                Optional.of(30.0),
                Optional.of(0.5),
                Optional.of(new Sharing("godwit-ledger", 20, 100)),
                3,
                Map.of("target", "App", "n", "7", "deep", "true"),
                Optional.empty(),
                Optional.of("run-0"),
                Optional.empty(),
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "5f0c",
                2,
                Instant.parse("2026-11-20T09:31:00.5Z"),
                3));
  }

  @Test
  void request_optionalFieldsLeftOut_areEmpty() throws IOException {
    var slice = request(LEAST);

    assertThat(slice.cursor()).isEmpty();
    assertThat(slice.segmentTally()).isEmpty();
    assertThat(slice.readUnitsPerSecond()).isEmpty();
    assertThat(slice.stamp()).isEmpty();
    assertThat(slice.deferred()).isEmpty();
    assertThat(slice.attempt()).isZero();
    assertThat(slice.enteredAt()).isEqualTo(slice.startedAt());
    assertThat(slice.retry()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runId",
        "startedAt",
        "tableName",
        "keys",
        "migration",
        "direction",
        "mode",
        "guard",
        "segment",
        "totalSegments",
        "sliceSeconds",
        "itemFailuresAllowed",
        "parameters",
        "code"
      })
  void request_fieldMissing_isRefusedByItsName(String field) {
    var without =
        LEAST
            .replaceFirst("\"" + field + "\":(\"[^\"]*\"|\\[[^]]*]|\\{}|\\d+),?", "")
            .replaceFirst(",\\s*}$", "}");

    assertThat(without).isNotEqualTo(LEAST);
    assertThatThrownBy(() -> request(without))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"tableName\":\"T\" | \"tableName\":\"arn:aws:dynamodb:eu-west-1:123456789012:table/Cities\" | tableName must be the table's name, not its ARN",
        "\"segment\":0                | \"segment\":1                 | segment must be from 0 to totalSegments - 1 = 0, not 1",
        "\"totalSegments\":1          | \"totalSegments\":0           | totalSegments must be from 1 to 1,000,000, not 0",
        "\"totalSegments\":1          | \"totalSegments\":1000001     | totalSegments must be from 1 to 1,000,000",
        "\"totalSegments\":1          | \"totalSegments\":\"many\"    | totalSegments",
        "\"sliceSeconds\":1           | \"sliceSeconds\":0            | sliceSeconds must be at least 1",
        "\"itemFailuresAllowed\":0    | \"itemFailuresAllowed\":-1    | itemFailuresAllowed must be at least 0",
        "\"runId\":\"r\"              | \"runId\":\"r\",\"attempt\":-1 | attempt must be at least 0",
        "\"runId\":\"r\"              | \"runId\":\"r\",\"retry\":-1   | retry must be at least 0",
        "\"mode\":\"apply\"           | \"mode\":\"appply\"           | mode must be apply, dry-run, export or verify",
        "\"direction\":\"up\"         | \"direction\":\"sideways\"    | direction must be up or down",
        "\"guard\":\"read-set\"       | \"guard\":\"version:\"        | version:revision",
        "\"guard\":\"read-set\"       | \"guard\":\"none\",\"stamp\":\"s\" | stamp needs a guard",
        "\"startedAt\":\"2026-11-20T09:30:00Z\" | \"startedAt\":\"today\" | startedAt and enteredAt must be times",
        "\"runId\":\"r\"              | \"runId\":\"r\",\"target\":{\"tableName\":\"T\"} | target must be another table",
        "\"runId\":\"r\"              | \"runId\":\"r\",\"target\":{\"tableName\":\"T-2\",\"put\":\"x\"} | put must be if-absent",
        "\"keys\":[\"id\"]            | \"keys\":[]                   | keys must name the partition key",
        "\"runId\":\"r\"              | \"runId\":\"r\",\"sharing\":{\"ledger\":\"l\",\"atOnce\":0,\"parts\":1} | sharing.atOnce and sharing.parts must be at least 1",
        "\"parameters\":{}            | \"parameters\":{\"a\":{\"b\":1}} | parameters",
        "\"runId\":\"r\"              | \"runId\":\"r\",\"segmnt\":1  | segmnt"
      })
  void request_fieldOutOfRange_isRefusedWithWhatToDo(String good, String bad, String message) {
    assertThatThrownBy(() -> request(LEAST.replace(good, bad)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void request_aTarget_isRead() throws IOException {
    var slice =
        request(
            LEAST.replace(
                "\"runId\":\"r\"",
                "\"runId\":\"r\",\"target\":{\"tableName\":\"T-2\",\"put\":\"always\"}"));

    assertThat(slice.target()).contains(Target.table("T-2").overwriting());
  }

  @Test
  void request_aSourceThatAWorkerHasFound_isReadAndWrittenTheSame() throws IOException {
    var given =
        "{\"kind\":\"file\",\"location\":\"/x/items.jsonl\",\"format\":\"json\",\"seen\":\"5f0c\"}";
    var slice = request(LEAST.replace("\"runId\":\"r\"", "\"runId\":\"r\",\"source\":" + given));
    var out = new ByteArrayOutputStream();
    json.write(new Woken("5f0c", slice.source(), List.of()), out);

    assertThat(slice.source())
        .contains(
            new GivenSource(
                Source.file("/x/items.jsonl", Source.Format.JSON), Optional.of("5f0c")));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"code\":\"5f0c\",\"source\":" + given + ",\"hooks\":[]}");
  }

  @Test
  void woken_ofATablesScan_hasNoSource() throws IOException {
    var out = new ByteArrayOutputStream();
    json.write(new Woken("5f0c", Optional.empty(), List.of(Hook.AFTER)), out);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"code\":\"5f0c\",\"hooks\":[\"after\"]}");
  }

  @Test
  void wake_everyFieldOfARequestThatMatters_isRead() throws IOException {
    var event =
        json.event(
            new ByteArrayInputStream(
                """
                {"runId":"r","tableName":"T","migration":"m","direction":"up","mode":"dry-run","guard":"none",
                "stamp":"by","code":"5f0c","keepBeforeImages":true,"prewarm":{"readUnits":1,"writeUnits":2},
                "source":{"kind":"scan"},"target":{"tableName":"T-2"}}"""
                    .getBytes(StandardCharsets.UTF_8)));

    var wake = json.wake(event);

    assertThat(wake.source()).contains(Source.scan());
    assertThat(wake.target()).contains(Target.table("T-2"));
    assertThat(wake.asked())
        .isEqualTo(
            new TargetRules.Asked(
                "T", Direction.UP, Mode.DRY_RUN, new Guard.None(), true, false, true, true));
  }

  @Test
  void result_finishedSegment_hasNoCursorAndWritesEveryCounter() throws IOException {
    var tally = Tally.of(Counter.SCANNED, 3).plus(Counter.KEPT, 3).plus(Counter.READ_UNITS, 0.5);

    assertThat(written(new SliceResult(4, Optional.empty(), tally, tally, TIMELINE, false)))
        .doesNotContain("cursor")
        .startsWith("{\"segment\":4,\"tally\":{\"scanned\":3,\"kept\":3,\"updated\":0,")
        .contains("\"readUnits\":0.5,\"writeUnits\":0},\"timeline\":{\"seconds\":2,")
        .endsWith("\"paused\":false}");
  }

  @Test
  void result_unfinishedSegment_carriesItsCursorAsDynamoDbJson() throws IOException {
    var cursor = DynamoDbJson.parse("{\"id\":{\"N\":\"12345678901234567890123456789012345678\"}}");

    assertThat(
            written(
                new SliceResult(
                    0, Optional.of(cursor), Tally.ZERO, Tally.ZERO, Timeline.EMPTY, true)))
        .contains("\"cursor\":{\"id\":{\"N\":\"12345678901234567890123456789012345678\"}}");
  }

  private SliceRequest request(String text) throws IOException {
    return json.slice(json.event(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
  }

  private String written(SliceResult result) throws IOException {
    var out = new ByteArrayOutputStream();
    json.write(result, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
