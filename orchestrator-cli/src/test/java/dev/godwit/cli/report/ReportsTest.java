package dev.godwit.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.ledger.HistoryEntry;
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
              .plus(Counter.THROTTLES, 3)
              .plus(Counter.TABLE_THROTTLES, 8)
              .plus(Counter.INDEX_THROTTLES, 1)
              .plus(Counter.PARTITION_THROTTLES, 2_000)
              .plus(Counter.ACCOUNT_THROTTLES, 4)
              .plus(Counter.MAXIMUM_THROTTLES, 5),
          "/home/me/.godwit/results/runs/20261120-081502-7f3a9c",
          Duration.ofMillis(83_456),
          Optional.of("it broke"),
          Optional.empty(),
          List.of(
              new SampleRecord(
                  DynamoDbJson.parse("{\"id\":{\"S\":\"7\"}}"),
                  DynamoDbJson.parse("{\"id\":{\"S\":\"7\"}}"),
                  Optional.of(
                      DynamoDbJson.parse("{\"id\":{\"S\":\"7\"},\"done\":{\"BOOL\":true}}")))));

  @Test
  void json_isOneLineWithExactlyTheFieldsPromised() {
    assertThat(JsonReport.of(ENDING, Optional.empty()))
        .isEqualTo(
            """
            {"runId":"20261120-081502-7f3a9c","status":"FAILED",\
            "segments":{"total":64,"succeeded":63,"failed":1},\
            "tally":{"scanned":171075,"kept":5,"updated":171000,"deleted":60,"conflicts":7,\
            "failed":10,"tableThrottles":8,"indexThrottles":1,"partitionThrottles":2000,\
            "accountThrottles":4,"maximumThrottles":5,"throttles":3,"readUnits":2000.6,"writeUnits":171060.0},\
            "resultsLocation":"/home/me/.godwit/results/runs/20261120-081502-7f3a9c",\
            "seconds":83.456,"error":"it broke"}""");
  }

  @Test
  void table_ofARunThatWrites() {
    assertThat(
            SummaryTable.of(RunRequestJson.read(request("apply")), ENDING, Optional.empty())
                .lines())
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
            "  throttled    8 for the table, 1 for an index, 2,000 for one partition, 4 for the account's"
                + " quota, 5 for the on-demand maximum, 3 without a reason",
            "  results      /home/me/.godwit/results/runs/20261120-081502-7f3a9c");
  }

  @Test
  void ending_withAPage_namesItBesideTheResults() {
    var page = Optional.of("/home/me/.godwit/results/runs/r/report.html");

    assertThat(SummaryTable.of(RunRequestJson.read(request("apply")), ENDING, page).lines())
        .contains("  report       /home/me/.godwit/results/runs/r/report.html");
    assertThat(JsonReport.of(ENDING, page))
        .contains("\"report\":\"/home/me/.godwit/results/runs/r/report.html\"");
  }

  @Test
  void table_ofARehearsal_saysWould() {
    assertThat(
            SummaryTable.of(RunRequestJson.read(request("dry-run")), ENDING, Optional.empty())
                .lines())
        .contains(
            "  migration     20261120-city-coordinates (up, dry-run)",
            "  would update  171,000",
            "  would delete  60");
  }

  @Test
  void table_ofARunThatSucceededWithFailures_endsWithWhatIsStillToDo() {
    var request = RunRequestJson.read(request("apply"));
    assertThat(
            SummaryTable.of(request, succeeded(new SegmentCounts(64, 64, 0), 3), Optional.empty())
                .lines())
        .last()
        .isEqualTo(
            "  still to do  3 items, which failed; to offer them again: the same command with --retry-failures 20261120-081502-7f3a9c");
    assertThat(
            SummaryTable.of(request, succeeded(new SegmentCounts(64, 62, 2), 3), Optional.empty())
                .lines())
        .last()
        .isEqualTo(
            "  still to do  2 segments, which may hold items that were never read: run the migration once more");
    assertThat(
            SummaryTable.of(request, succeeded(new SegmentCounts(64, 64, 0), 0), Optional.empty()))
        .doesNotContain("still to do");
    assertThat(
            SummaryTable.of(
                RunRequestJson.read(request("dry-run")),
                succeeded(new SegmentCounts(64, 64, 0), 3),
                Optional.empty()))
        .doesNotContain("still to do");
  }

  @Test
  void remarks_onARunThatFailed_nameTheReport() {
    assertThat(EndingRemarks.of(RunRequestJson.read(request("apply")), ENDING))
        .containsExactly(
            "The run did not succeed: it broke",
            "Which segments failed, and what is on record: 'godwit report 20261120-081502-7f3a9c'.",
            "Failure records, with the items as they were: "
                + "/home/me/.godwit/results/runs/20261120-081502-7f3a9c",
            "DynamoDB throttled the run 4 times for the account's quota for a table: ask for a higher"
                + " one in Service Quotas, or give the run a lower budget.",
            "DynamoDB throttled the run 5 times for the maximum throughput that is set for the table"
                + " or an index: raise that, or give the run a lower budget.");
  }

  @Test
  void remarks_onAVerification_sayWhatIsNotVerified() {
    var verify = RunRequestJson.read(request("verify"));
    var sound = succeeded(new SegmentCounts(64, 64, 0), 0);
    assertThat(EndingRemarks.isVerified(sound)).isTrue();
    assertThat(EndingRemarks.of(verify, sound)).isEmpty();
    var undecided = succeeded(new SegmentCounts(64, 64, 0), 1);
    assertThat(EndingRemarks.isVerified(undecided)).isFalse();
    assertThat(EndingRemarks.of(verify, undecided))
        .contains("Not verified: of 1 items nobody knows, for the transform failed.");
    var unread = succeeded(new SegmentCounts(64, 63, 1), 0);
    assertThat(EndingRemarks.isVerified(unread)).isFalse();
    assertThat(EndingRemarks.of(verify, unread))
        .contains("Not verified: 1 segments failed, and were not read to their ends.");
  }

  private static RunEnding succeeded(SegmentCounts segments, int failed) {
    return new RunEnding(
        ENDING.runId(),
        RunStatus.SUCCEEDED,
        segments,
        Tally.of(Counter.SCANNED, 100).plus(Counter.FAILED, failed),
        ENDING.resultsLocation(),
        ENDING.duration(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Test
  void history_ofAPartialMigration_countsWhatFailed() {
    var partial =
        new HistoryEntry(
            "20261120-m", "partial", "r", "2026-11-20T08:00:00Z", 1234, Optional.empty());
    assertThat(RunTexts.ofHistory(List.of(partial), List.of()).lines())
        .containsExactly(
            "  MIGRATION   STATE    FAILED  AT                    RUN",
            "  20261120-m  partial  1,234   2026-11-20T08:00:00Z  r");
    assertThat(JsonReport.of(partial))
        .isEqualTo(
            """
            {"migration":"20261120-m","state":"partial","failed":1234,"runId":"r",\
            "at":"2026-11-20T08:00:00Z"}""");
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

  @Test
  void textsAndJson_textThatWouldSteerATerminal_isEscaped() {
    var steering = "\u001b[2J\u009b\u202e\u007f";
    var entry =
        new HistoryEntry("m" + steering, "applied", "r" + steering, "now", 0, Optional.empty());

    assertThat(RunTexts.ofHistory(List.of(entry), List.of()) + JsonReport.of(entry))
        .contains("\\u001b[2J\\u009b\\u202e\\u007f")
        .doesNotContainPattern("[\\x1b\\x7f-\\x9f\\u202e]");
  }
}
