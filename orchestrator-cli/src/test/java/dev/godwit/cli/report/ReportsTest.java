package dev.godwit.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.worker.record.SampleRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final RunEnding ENDING =
      new RunEnding(
          "20261120-081502-7f3a9c",
          RunStatus.FAILED,
          new SegmentCounts(64, 63, 1),
          Tally.of(Counter.SCANNED, 171_075)
              .plus(Counter.KEPT, 5)
              .plus(Counter.UPDATED, 171_000)
              .plus(Counter.DELETED, 60)
              .plus(Counter.CONFLICTS, 7)
              .plus(Counter.FAILED, 10)
              .plus(Counter.READ_UNITS, 2_000.55)
              .plus(Counter.WRITE_UNITS, 171_060)
              .plus(Counter.THROTTLES, 3),
          "/home/me/.godwit/results/runs/20261120-081502-7f3a9c",
          Duration.ofMillis(83_456),
          Optional.of("it broke"),
          List.of(
              new SampleRecord(
                  DynamoDbJson.parse("{\"id\":{\"S\":\"7\"}}"),
                  DynamoDbJson.parse("{\"id\":{\"S\":\"7\"}}"),
                  Optional.of(
                      DynamoDbJson.parse("{\"id\":{\"S\":\"7\"},\"done\":{\"BOOL\":true}}")))));

  @Test
  void json_isOneLineWithExactlyTheFieldsPromised() {
    assertThat(JsonReport.of(ENDING))
        .isEqualTo(
            """
            {"runId":"20261120-081502-7f3a9c","status":"FAILED",\
            "segments":{"total":64,"succeeded":63,"failed":1},\
            "tally":{"scanned":171075,"kept":5,"updated":171000,"deleted":60,"conflicts":7,\
            "failed":10,"readUnits":2000.6,"writeUnits":171060.0},\
            "resultsLocation":"/home/me/.godwit/results/runs/20261120-081502-7f3a9c",\
            "seconds":83.456}""");
  }

  @Test
  void table_ofARunThatWrites() {
    assertThat(SummaryTable.of(RunRequestJson.read(request("apply")), ENDING).lines())
        .containsExactly(
            "  run          20261120-081502-7f3a9c",
            "  status       FAILED in 83.5 s",
            "  migration    20261120-city-coordinates (up, apply, guard read-set)",
            "  table        Cities",
            "  segments     63 of 64 succeeded, 1 failed",
            "  scanned      171,075",
            "  kept         5",
            "  updated      171,000",
            "  deleted      60",
            "  conflicts    7",
            "  failed       10",
            "  read units   2,000.6",
            "  write units  171,060.0",
            "  results      /home/me/.godwit/results/runs/20261120-081502-7f3a9c");
  }

  @Test
  void table_ofARehearsal_saysWould() {
    assertThat(SummaryTable.of(RunRequestJson.read(request("dry-run")), ENDING).lines())
        .contains(
            "  migration     20261120-city-coordinates (up, dry-run)",
            "  would update  171,000",
            "  would delete  60");
  }

  private static String request(String mode) {
    return """
        {"version":1,"runId":"20261120-081502-7f3a9c","tableName":"Cities",\
        "migration":"20261120-city-coordinates","direction":"up","mode":"MODE",\
        "totalSegments":64,"maxConcurrency":8,"sliceSeconds":240,"guard":"read-set",\
        "itemFailuresAllowed":0,"toleratedFailurePercentage":0,"parameters":{}}"""
        .replace("MODE", mode);
  }

  @Test
  void sampledChanges_ofADryRun_areShownAsDiffs() {
    assertThat(SampledChanges.of(ENDING).lines())
        .containsExactly("Some of what would change:", "id \"7\"", "  + done  true");
  }
}
