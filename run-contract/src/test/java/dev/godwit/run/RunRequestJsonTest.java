package dev.godwit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunRequestJsonTest {
  private static final String WHOLE =
      """
      {"version":1,"runId":"20261120-a","tableName":"Cities","migration":"20261120-city-coordinates",\
      "direction":"down","mode":"dry-run","totalSegments":64,"maxConcurrency":8,"sliceSeconds":240,\
      "guard":"version:rev","stamp":"done","itemFailuresAllowed":3,"toleratedFailurePercentage":5,\
      "readUnitsPerSecond":3000,"writeUnitsPerSecond":1000,\
      "prewarm":{"readUnits":12000,"writeUnits":4000},"parameters":{"target":"App"},\
      "retryFailures":"20261119-earlier","keepBeforeImages":true,\
      "code":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}""";

  private static final String SHORTEST =
      """
      {"version":1,"runId":"r","tableName":"Cities","migration":"m","direction":"up","mode":"apply",\
      "totalSegments":1,"maxConcurrency":1,"sliceSeconds":1,"guard":"read-set",\
      "itemFailuresAllowed":0,"toleratedFailurePercentage":0,"parameters":{}}""";

  @Test
  void read_theWholeForm_hasEveryField() {
    assertThat(RunRequestJson.read(WHOLE))
        .isEqualTo(
            new RunRequest(
                "20261120-a",
                "Cities",
                "20261120-city-coordinates",
                Direction.DOWN,
                Mode.DRY_RUN,
                64,
                8,
                240,
                new Guard.Version("rev"),
                Optional.of("done"),
                3,
                5,
                OptionalInt.of(3000),
                OptionalInt.of(1000),
                Optional.of(new RunRequest.Prewarm(12000, 4000)),
                Map.of("target", "App"),
                Optional.of("20261119-earlier"),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of("0123456789abcdef".repeat(4))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"scan\"}",
        "{\"kind\":\"file\",\"location\":\"s3://b/items.jsonl.gz\",\"format\":\"json\"}",
        "{\"kind\":\"export\",\"manifest\":\"s3://b/AWSDynamoDB/1-a/manifest-summary.json\"}",
        "{\"kind\":\"file\",\"location\":\"/tmp/items/\",\"format\":\"dynamodb-json\"}",
        "{\"kind\":\"index\",\"index\":\"byStatus\"}",
        "{\"kind\":\"query\",\"keys\":[{\"S\":\"alice\"},{\"N\":\"7.5\"},{\"B\":\"AQI=\"}]}",
        "{\"kind\":\"query\",\"keysIn\":{\"location\":\"s3://b/keys\",\"format\":\"json\"},\"index\":\"byDay\",\"where\":{\"operator\":\"between\",\"values\":[{\"N\":\"1\"},{\"N\":\"2\"}]},\"consistent\":true}",
      })
  void write_aSourceThatWasRead_isTheSame(String source) {
    var json = SHORTEST.replaceFirst("}$", ",\"source\":" + source + "}");
    var request = RunRequestJson.read(json);

    assertThat(RunRequestJson.write(request)).hasToString(json);
    assertThat(request.withCode("fedcba9876543210".repeat(4)).source()).isEqualTo(request.source());
    assertThat(request.withMaxConcurrency(7).source()).isEqualTo(request.source());
  }

  @Test
  void read_moreKeysThanARequestHasRoomFor_areRefused() {
    var keys = "{\"S\":\"" + "k".repeat(2000) + "\"},";
    var query = "{\"kind\":\"query\",\"keys\":[" + keys.repeat(17) + "{\"S\":\"a\"}]}";

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RunRequestJson.read(SHORTEST.replaceFirst("}$", ",\"source\":" + query + "}")))
        .withMessageContaining("So many partition keys belong into a file");
  }

  @Test
  void read_aFileWithoutAFormat_isOfDynamoDbJson() {
    var file = "{\"kind\":\"file\",\"location\":\"items.jsonl\"}";
    var json = SHORTEST.replaceFirst("}$", ",\"source\":" + file + "}");

    assertThat(RunRequestJson.read(json).source()).contains(Source.file("items.jsonl"));
  }

  private static final String CANARY =
      """
      "canary":{"segments":2,"wait":true,"againPerHundred":1,"conflictsPerHundred":2,\
      "throttlesPerHundred":3,"growthBytesPerItem":4}""";

  private static String withCanary(String fields) {
    return SHORTEST
        .replace("\"totalSegments\":1", "\"totalSegments\":3")
        .replaceFirst("}$", "," + fields + "}");
  }

  @Test
  void write_aCanaryThatWasRead_isTheSame() {
    var request = RunRequestJson.read(withCanary(CANARY));

    assertThat(request.canary()).contains(new Canary(2, true, 1, 2, 3, 4));
    assertThat(RunRequestJson.write(request)).hasToString(withCanary(CANARY));
    assertThat(request.withCode("fedcba9876543210".repeat(4)).canary()).isEqualTo(request.canary());
    assertThat(request.withMaxConcurrency(7).canary()).isEqualTo(request.canary());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"segments\":2|\"segments\":3|canary.segments must be less than totalSegments, 3",
        "\"segments\":2|\"segments\":0|canary.segments must be from 1 to 1,000, not 0",
        "\"segments\":2,|''|segments must be a whole number, and is missing",
        "\"wait\":true|\"wait\":1|wait must be true or false, not 1",
        "\"wait\":true|\"waits\":true|unknown field canary.waits",
        "\"againPerHundred\":1|\"againPerHundred\":101|canary.againPerHundred must be from 0 to 100",
        "\"canary\":{|\"mode\":\"verify\",\"canary\":{|canary goes with mode apply alone",
        "\"canary\":{|\"undo\":\"earlier\",\"canary\":{|without undo and retryFailures",
        "\"canary\":{|\"retryFailures\":\"earlier\",\"canary\":{|without undo and retryFailures",
      })
  void read_aCanaryThatCannotBe_isRefused(String part, String instead, String message) {
    var json = withCanary(CANARY.replace(part, instead));
    var once = instead.contains("mode") ? json.replace("\"mode\":\"apply\",", "") : json;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.read(once))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"source\":\"items.jsonl\"|source must be an object",
        "\"source\":{}|source.kind must be text, and is missing",
        "\"source\":{\"kind\":\"x\"}|source.kind must be",
        "\"source\":{\"kind\":\"scan\",\"location\":\"x\"}|source has an unknown field location",
        "\"source\":{\"kind\":\"export\"}|source.manifest must be text, and is missing",
        "\"source\":{\"kind\":\"export\",\"manifest\":\"s3://b/x\"}|An export is named by its summary",
        "\"source\":{\"kind\":\"file\"}|source.location must be text, and is missing",
        "\"source\":{\"kind\":\"file\",\"location\":\"\"}|A file is a path",
        "\"source\":{\"kind\":\"file\",\"location\":\"x\",\"format\":\"csv\"}|format must be json or dynamodb-json",
        "\"source\":{\"kind\":\"file\",\"location\":\"x\",\"seen\":\"y\"}|source has an unknown field seen",
        "\"source\":{\"kind\":\"index\"}|source.index must be text, and is missing",
        "\"source\":{\"kind\":\"index\",\"index\":\"\"}|An index has a name",
        "\"source\":{\"kind\":\"query\",\"keys\":[]}|A query has partition keys",
        "\"source\":{\"kind\":\"query\"}|A query has partition keys",
        "\"source\":{\"kind\":\"query\",\"keys\":\"a\"}|source.keys must be an array of values",
        "\"source\":{\"kind\":\"query\",\"keys\":[{\"BOOL\":true}]}|A partition key is a string, a number or binary",
        "\"source\":{\"kind\":\"query\",\"keysIn\":\"a\"}|source.keysIn must be an object",
        "\"source\":{\"kind\":\"query\",\"keys\":[{\"S\":\"a\"}],\"where\":{\"operator\":\"like\",\"values\":[]}}|a sort key is compared by =, <",
        "\"source\":{\"kind\":\"query\",\"keys\":[{\"S\":\"a\"}],\"where\":{\"operator\":\"between\",\"values\":[{\"S\":\"a\"}]}}|between compares with 2 values, not 1",
        "\"source\":{\"kind\":\"query\",\"keys\":[{\"S\":\"a\"}],\"where\":{\"operator\":\"begins_with\",\"values\":[{\"N\":\"1\"}]}}|begins_with is for strings and binary",
        "\"source\":{\"kind\":\"query\",\"keys\":[{\"S\":\"a\"}],\"consistent\":1}|source.consistent must be true or false",
        "\"source\":{\"kind\":\"query\",\"keys\":[{\"S\":\"a\"}],\"limit\":1}|source has an unknown field limit",
        "\"source\":{\"kind\":\"index\",\"index\":\"a\"},\"target\":{\"tableName\":\"Cities\"}|target must be another table",
        "\"source\":{\"kind\":\"file\",\"location\":\"x\"},\"guard\":\"none\"|Leave out guard none",
        "\"source\":{\"kind\":\"file\",\"location\":\"x\"},\"undo\":\"r-0\"|undo goes without a source",
        "\"source\":{\"kind\":\"scan\"},\"target\":{\"tableName\":\"Cities\"}|target must be another table",
      })
  void read_aSourceThatIsNoneOrDoesNotGoWithTheRest_isRefused(String fields, String message) {
    var json = SHORTEST.replace("\"guard\":\"read-set\",", "");
    var guard = fields.contains("guard") ? "" : "\"guard\":\"read-set\",";
    var given = json.replaceFirst("}$", "," + guard + fields + "}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.read(given))
        .withMessageContaining(message);
  }

  @Test
  void read_aFileIntoTheTableItself_isTaken() {
    var json =
        SHORTEST.replaceFirst(
            "}$",
            ",\"source\":{\"kind\":\"file\",\"location\":\"x\"},\"target\":{\"tableName\":\"Cities\"}}");

    assertThat(RunRequestJson.read(json).target()).contains(Target.table("Cities"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"tableName\":\"Cities-2\",\"put\":\"if-absent\"}|if-absent",
        "{\"tableName\":\"Cities-2\",\"put\":\"always\"}|always",
        "{\"tableName\":\"Cities-2\",\"put\":\"replace-older\",\"attribute\":\"at\"}|replace-older:at",
      })
  void write_aTargetThatWasRead_isTheSame(String target, String put) {
    var json = SHORTEST.replaceFirst("}$", ",\"target\":" + target + "}");
    var request = RunRequestJson.read(json);

    assertThat(request.target()).contains(new Target("Cities-2", Target.Put.of(put)));
    assertThat(RunRequestJson.write(request)).hasToString(json);
    assertThat(request.withCode("fedcba9876543210".repeat(4)).target()).isEqualTo(request.target());
    assertThat(request.withMaxConcurrency(7).target()).isEqualTo(request.target());
  }

  @Test
  void write_aSampleThatWasRead_isTheSame() {
    var json =
        SHORTEST
            .replace("\"mode\":\"apply\"", "\"mode\":\"verify\"")
            .replaceFirst("}$", ",\"sample\":20}");

    assertThat(RunRequestJson.write(RunRequestJson.read(json))).hasToString(json);
  }

  @Test
  void read_aTargetWithoutARule_overwritesNothing() {
    var json = SHORTEST.replaceFirst("}$", ",\"target\":{\"tableName\":\"Cities-2\"}}");

    assertThat(RunRequestJson.read(json).target()).contains(Target.table("Cities-2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"target\":\"Cities-2\"|target must be an object",
        "\"target\":{}|target.tableName must be text, and is missing",
        "\"target\":{\"tableName\":\"Cities-2\",\"x\":1}|target has an unknown field x",
        "\"target\":{\"tableName\":\"C\"}|target.tableName must be a DynamoDB table's name",
        "\"target\":{\"tableName\":\"arn:aws:dynamodb:eu-west-1:1:table/C\"}|A target is a table's name",
        "\"target\":{\"tableName\":\"Cities\"}|target must be another table than the one that is read, Cities",
        "\"target\":{\"tableName\":\"Cities-2\",\"put\":\"maybe\"}|put must be if-absent, always or replace-older",
        "\"target\":{\"tableName\":\"Cities-2\",\"put\":\"replace-older\"}|target.attribute must be text, and is missing",
        "\"target\":{\"tableName\":\"Cities-2\",\"put\":\"always\",\"attribute\":\"at\"}|target.attribute goes with put replace-older alone",
        "\"target\":{\"tableName\":\"Cities-2\"},\"direction\":\"down\"|There is no way down from a target",
        "\"target\":{\"tableName\":\"Cities-2\"},\"undo\":\"r-0\"|There is no way down from a target",
        "\"target\":{\"tableName\":\"Cities-2\"},\"guard\":\"none\"|goes without a stamp and with guard read-set",
        "\"target\":{\"tableName\":\"Cities-2\"},\"stamp\":\"by\"|goes without a stamp and with guard read-set",
        "\"target\":{\"tableName\":\"Cities-2\"},\"keepBeforeImages\":true|keeps no before-images",
        "\"target\":{\"tableName\":\"Cities-2\"},\"prewarm\":{\"readUnits\":1,\"writeUnits\":1}|goes without prewarm",
      })
  void read_whatDoesNotGoWithATarget_isRefused(String fields, String message) {
    var json = SHORTEST.replaceFirst("}$", "," + fields.replace("$", "\\$") + "}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.read(json))
        .withMessageContaining(message);
  }

  @Test
  void write_ofWhatWasRead_isTheSame() {
    assertThat(RunRequestJson.write(RunRequestJson.read(WHOLE))).hasToString(WHOLE);
    assertThat(RunRequestJson.write(RunRequestJson.read(SHORTEST))).hasToString(SHORTEST);
  }

  @Test
  void read_parametersThatAreNumbersOrBooleans_areTheirText() {
    var json = SHORTEST.replace("\"parameters\":{}", "\"parameters\":{\"n\":1.50,\"b\":true}");
    assertThat(RunRequestJson.read(json).parameters()).isEqualTo(Map.of("n", "1.5", "b", "true"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"runId\":\"r\"|\"runId\":\"r\",\"x\":1|unknown field x; known: canary, code, direction, guard",
        "\"parameters\":{}|\"parameters\":{\"a\":[]}|parameters.a must be a string, a number or a boolean",
        "\"parameters\":{}|\"parameters\":{\"a\":null}|parameters.a must be",
        "\"version\":1|\"version\":2|version 2, this Godwit reads version 1",
        "\"version\":1|\"version\":\"1\"|version must be a whole number, not \"1\"",
        "\"runId\":\"r\",||runId must be text, and is missing",
        "\"runId\":\"r\"|\"runId\":\"r/s\"|runId must be 1 to 64 letters",
        "\"runId\":\"r\"|\"runId\":\"\"|runId must be 1 to 64 letters",
        "\"tableName\":\"Cities\"|\"tableName\":\"C\"|tableName must be a DynamoDB table's name",
        "\"tableName\":\"Cities\"|\"tableName\":\"arn:aws:dynamodb:eu-west-1:210987654321:table/Cities\"|For one elsewhere, give the state machine",
        "\"migration\":\"m\"|\"migration\":\"\"|migration must be the id",
        "\"direction\":\"up\"|\"direction\":\"left\"|direction must be up or down",
        "\"mode\":\"apply\"|\"mode\":\"try\"|mode must be apply, dry-run, export or verify",
        "\"totalSegments\":1|\"totalSegments\":0|totalSegments must be from 1 to 1,000,000, not 0",
        "\"totalSegments\":1|\"totalSegments\":1000001|must be from 1 to 1,000,000, not 1,000,001",
        "\"totalSegments\":1|\"totalSegments\":1.5|totalSegments must be a whole number, not 1.5",
        "\"totalSegments\":1|\"totalSegments\":\"x\"|totalSegments must be a whole number, not \"x\"",
        "\"maxConcurrency\":1|\"maxConcurrency\":10001|maxConcurrency must be from 1 to 10,000",
        "\"sliceSeconds\":1|\"sliceSeconds\":900|sliceSeconds must be from 1 to 840",
        "\"guard\":\"read-set\"|\"guard\":\"luck\"|guard must be read-set",
        "\"guard\":\"read-set\"|\"guard\":\"none\",\"stamp\":\"s\"|stamp needs a guard",
        "\"guard\":\"read-set\"|\"guard\":\"read-set\",\"stamp\":\"\"|stamp must be the name",
        "\"itemFailuresAllowed\":0|\"itemFailuresAllowed\":-1|itemFailuresAllowed must be at least 0",
        "\"toleratedFailurePercentage\":0|\"toleratedFailurePercentage\":101|from 0 to 100, not 101",
        "\"parameters\"|\"readUnitsPerSecond\":0,\"parameters\"|readUnitsPerSecond must be at least 1",
        "\"parameters\"|\"writeUnitsPerSecond\":0,\"parameters\"|writeUnitsPerSecond must be at least 1",
        "\"parameters\"|\"sample\":10,\"parameters\"|sample goes with mode verify alone",
        "\"mode\":\"apply\"|\"mode\":\"verify\",\"sample\":1001|sample must be from 1 to 1,000, not 1,001",
        "\"parameters\"|\"code\":\"0a1b\",\"parameters\"|code must be the digest of a migration's code: 64 hexadecimal",
        "\"parameters\"|\"prewarm\":{\"readUnits\":1},\"parameters\"|writeUnits must be a whole number, and is missing",
        "\"parameters\"|\"prewarm\":{\"readUnits\":1,\"writeUnits\":0},\"parameters\"|prewarm.writeUnits must be at least 1",
        "\"parameters\"|\"prewarm\":{\"readUnits\":1,\"writeUnits\":1,\"y\":1},\"parameters\"|unknown field prewarm.y",
      })
  void read_aWrongField_isRefusedByNameAndSaysHowToMendIt(
      String field, String wrong, String message) {
    var json = SHORTEST.replace(field, wrong == null ? "" : wrong);
    assertThat(json).isNotEqualTo(SHORTEST);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.read(json))
        .withMessageContaining(message);
  }

  @Test
  void withCode_ofARequest_isThatRequestWithTheCode() {
    var digest = "fedcba9876543210".repeat(4);

    assertThat(RunRequestJson.write(RunRequestJson.read(SHORTEST).withCode(digest)))
        .hasToString(SHORTEST.replaceFirst("}$", ",\"code\":\"" + digest + "\"}"));
  }

  @Test
  void read_whatIsNoObject_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> RunRequestJson.read("[]"));
    assertThatIllegalArgumentException().isThrownBy(() -> RunRequestJson.read("{"));
    assertThatIllegalArgumentException().isThrownBy(() -> RunRequestJson.read(SHORTEST + "{}"));
  }

  @Test
  void read_parametersThatCouldNotBeSettled_areRefused() {
    assertThat(RunRequestJson.read(withParameter("a".repeat(120_000))).parameters()).hasSize(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.read(withParameter("a".repeat(140_000))))
        .withMessageContaining("parameters must have at most 131,072 bytes together");
  }

  @Test
  void read_parametersThatGrowWhenTheyAreKeptAsText_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.read(withParameter("\\\"".repeat(40_000))))
        .withMessageContaining("parameters must have at most 131,072 bytes together, as JSON text");
  }

  private static String withParameter(String text) {
    return SHORTEST.replace("\"parameters\":{}", "\"parameters\":{\"long\":\"" + text + "\"}");
  }
}
