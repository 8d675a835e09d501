package dev.godwit.cli.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.results.RecordName;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunResultsTest {
  private static final Item WIDE =
      Item.empty().with("id", "wide").with("n".repeat(DynamoDbJson.LONGEST_NAME_BYTES), 1);

  @TempDir Path folder;

  @Test
  void report_itemsWithTheLongestNames_areRead() throws IOException {
    write(Kind.FAILURES, new RecordName(0, 0, 1, 0, "start-end"), failure("wide", "Refused", WIDE));
    var json = DynamoDbJson.format(WIDE);
    write(
        Kind.SAMPLES,
        "start.jsonl",
        "{\"key\":{\"id\":{\"S\":\"wide\"}},\"before\":" + json + ",\"after\":" + json + "}\n");

    var report = report();

    assertThat(report.failures()).containsExactly(Map.entry("Refused", 1L));
    assertThat(report.samples())
        .singleElement()
        .satisfies(sample -> assertThat(sample.before()).isEqualTo(WIDE));
  }

  @Test
  void report_itemThatFailedAndWasMigratedByARedrive_isNoFailure() throws IOException {
    write(Kind.FAILURES, new RecordName(0, 0, 1, 0, "start-a"), failure("a", "Early", WIDE));
    write(Kind.FAILURES, new RecordName(0, 10, 2, 0, "a-b"), failure("mended", "Mended", WIDE));
    write(Kind.FAILURES, new RecordName(0, 10, 2, 0, "b-end"), failure("b", "Once", WIDE));
    write(Kind.FAILURES, new RecordName(1, 10, 3, 0, "a-end"), failure("b", "Again", WIDE));
    write(Kind.FAILED_ACTIONS, new RecordName(0, 0, 4, 0, "00000"), "{\"error\":\"Refused\"}\n");
    write(Kind.FAILED_ACTIONS, new RecordName(0, 0, 4, 1, "begun"), "");

    var report = report();

    assertThat(report.failures()).containsOnly(Map.entry("Early", 1L), Map.entry("Again", 1L));
    assertThat(report.failed()).isEqualTo(2);
    assertThat(report.failureFiles()).hasSize(2).noneMatch(file -> file.contains("begun"));
  }

  @Test
  void report_oneTryThatWasDeliveredTwice_countsAnItemOnce() throws IOException {
    write(Kind.FAILURES, new RecordName(0, 0, 1, 0, "start-a"), failure("a", "Refused", WIDE));
    write(Kind.FAILURES, new RecordName(0, 0, 1, 0, "start-b"), failure("a", "Refused", WIDE));

    assertThat(report().failures()).containsExactly(Map.entry("Refused", 1L));
  }

  private static String failure(String id, String error, Item item) {
    return "{\"segment\":0,\"key\":{\"id\":{\"S\":\""
        + id
        + "\"}},\"error\":\""
        + error
        + "\",\"message\":\"m\",\"item\":"
        + DynamoDbJson.format(item)
        + "}\n";
  }

  private void write(Kind kind, Object name, String text) throws IOException {
    var file = folder.resolve(ResultsLayout.folder("r", kind, 0)).resolve(name.toString());
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private RunReport report() throws IOException {
    var state =
        new RunState(
            RunRequestJson.read(
                """
                {"version": 1, "runId": "r", "tableName": "Cities", "migration": "m", "direction": "up",
                 "mode": "apply", "totalSegments": 1, "maxConcurrency": 1, "sliceSeconds": 60,
                 "guard": "read-set", "itemFailuresAllowed": 0, "toleratedFailurePercentage": 0,
                 "parameters": {}}"""),
            RunStatus.FAILED,
            false,
            Instant.EPOCH,
            Optional.of(Instant.EPOCH),
            new SegmentCounts(1, 0, 1),
            Tally.ZERO,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty());
    return new RunResults(new FolderFiles(folder)).report(state, "here");
  }
}
