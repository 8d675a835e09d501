package dev.godwit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSettingsTest {
  private static final String WHOLE =
      """
      {"totalSegments":64,"maxConcurrency":8,"sliceSeconds":120,"guard":"version:rev",\
      "itemFailuresAllowed":3,"toleratedFailurePercentage":5,"readUnitsPerSecond":3000,\
      "writeUnitsPerSecond":1000,"parameters":{"a":"1","b":"2"}}""";

  private static final RunSettings SETTINGS =
      new RunSettings(
          64,
          8,
          120,
          new Guard.Version("rev"),
          3,
          5,
          OptionalInt.of(3000),
          OptionalInt.of(1000),
          Map.of("b", "2", "a", "1"));

  @Test
  void write_allFields_areThoseOfARequestAndAlwaysInOneOrder() {
    assertThat(RunRequestJson.write(SETTINGS)).hasToString(WHOLE);
  }

  @Test
  void readSettings_ofWhatWasWritten_isTheSame() {
    assertThat(RunRequestJson.readSettings(WHOLE)).isEqualTo(SETTINGS);
    assertThat(RunRequestJson.readSettings(RunRequestJson.write(RunSettings.DEFAULT).toString()))
        .isEqualTo(RunSettings.DEFAULT);
  }

  @Test
  void readSettings_withAFieldOfOneRun_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RunRequestJson.readSettings(WHOLE.replace("{\"total", "{\"runId\":\"r\",\"total")))
        .withMessageContaining("unknown field runId");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"totalSegments\":64 | \"totalSegments\":0 | totalSegments must be from 1 to 1,000,000, not 0",
        "\"maxConcurrency\":8 | \"maxConcurrency\":10001 | maxConcurrency must be from 1 to 10,000",
        "\"sliceSeconds\":120 | \"sliceSeconds\":841 | sliceSeconds must be from 1 to 840",
        "version:rev | strict | guard must be read-set, version:<attribute> or none",
        "\"itemFailuresAllowed\":3 | \"itemFailuresAllowed\":-1 | itemFailuresAllowed must be at least 0",
        "\"toleratedFailurePercentage\":5 | \"toleratedFailurePercentage\":101 | from 0 to 100",
        "\"readUnitsPerSecond\":3000 | \"readUnitsPerSecond\":0 | readUnitsPerSecond must be at least 1"
      })
  void readSettings_outOfRange_isRefusedAsInARequest(String good, String bad, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunRequestJson.readSettings(WHOLE.replace(good, bad)))
        .withMessageContaining(message);
  }

  @Test
  void request_itsJson_holdsTheSettings() {
    var request = SETTINGS.request("r", "Cities", "m", Direction.DOWN, Mode.APPLY);

    assertThat(RunRequestJson.write(request))
        .hasToString(
            "{\"version\":1,\"runId\":\"r\",\"tableName\":\"Cities\",\"migration\":\"m\","
                + "\"direction\":\"down\",\"mode\":\"apply\","
                + WHOLE.substring(1));
  }
}
