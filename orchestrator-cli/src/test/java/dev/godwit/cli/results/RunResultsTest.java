package dev.godwit.cli.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.run.Course;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.results.RecordName;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import dev.godwit.run.slice.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
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

  @Test
  void report_ofSegmentsThatWereRedriven_tellsTheirCourseOnce() throws IOException {
    mapRun("a", succeeded(0, 10, "[5]", "[10]"), child("FAILED", 2, "00:01:00", ""));
    mapRun("b", succeeded(2, 30, "[6]", "[30]"), succeeded(0, 10, "[5]", "[10]"));
    mapRun("c", child("ABORTED", 3, "00:02:30.500", ""));

    var course = report(4).course();

    assertThat(course.code()).hasValue("5f0c");
    assertThat(course.timeline())
        .isEqualTo(
            new Timeline(
                1,
                Map.of(
                    5L, Tally.of(Counter.SCANNED, 10),
                    6L, Tally.of(Counter.SCANNED, 30))));
    assertThat(course.segments())
        .containsExactly(
            new Course.Segments(0, 0, 1, 0, 2, 10, 7, 3, 1),
            new Course.Segments(1, 1, 0, 0, 0, 0, 0, 0, 0),
            new Course.Segments(2, 2, 1, 0, 60, 30, 7, 3, 1),
            new Course.Segments(3, 3, 0, 1, 150.5, 0, 0, 0, 0));
  }

  @Test
  void report_ofMoreSegmentsThanCanBeShown_countsNeighboursTogether() throws IOException {
    int total = 2 * CourseCount.MOST_GROUPS + 1;
    mapRun("a", succeeded(0, 10, "[5]", "[10]"), succeeded(1, 20, "[5]", "[20]"));
    mapRun("b", succeeded(total - 1, 40, "[6]", "[40]"));

    var segments = report(total).course().segments();

    assertThat(segments).hasSize(CourseCount.MOST_GROUPS);
    int next = 0;
    for (Course.Segments group : segments) {
      assertThat(group.first()).as("no segment left out, none twice").isEqualTo(next);
      next = group.last() + 1;
    }
    assertThat(next).isEqualTo(total);
    assertThat(segments.stream().mapToLong(Course.Segments::items).sum()).isEqualTo(70);
    assertThat(segments.get(segments.size() - 1).items()).isEqualTo(40);
  }

  @Test
  void failedItems_askedForOne_areTheLastWordOfEachError() throws IOException {
    write(
        Kind.FAILURES,
        new RecordName(0, 0, 1, 0, "start-a"),
        failure("a", "Early", WIDE) + failure("b", "Early", WIDE) + failure("c", "Early", WIDE));
    write(Kind.FAILURES, new RecordName(0, 10, 2, 0, "a-b"), failure("b", "Late", WIDE));

    var results = new RunResults(new FolderFiles(folder));

    assertThat(results.failedItems("r", 1)).extracting("error").containsExactly("Early", "Late");
    assertThat(results.failedItems("r", 9))
        .extracting("error")
        .as("b only as it failed the last time")
        .containsExactly("Early", "Early", "Late");
  }

  /** Writes the results of a Map Run with these children. */
  private void mapRun(String name, String... children) throws IOException {
    var at = ResultsLayout.folder("r") + "/" + name;
    var path = Files.createDirectories(folder.resolve(at));
    var files = new StringBuilder();
    for (String kind : new String[] {"SUCCEEDED", "FAILED"}) {
      var ofKind =
          Arrays.stream(children)
              .filter(one -> one.contains("SUCCEEDED") == kind.equals("SUCCEEDED"))
              .toList();
      Files.writeString(path.resolve(kind + "_0.json"), ofKind.toString());
      files
          .append(files.isEmpty() ? "" : ",")
          .append("\"%s\": [{\"Key\": \"%s/%s_0.json\"}]".formatted(kind, at, kind));
    }
    Files.writeString(
        path.resolve("manifest.json"),
        "{\"MapRunArn\": \"arn:aws:states:here:0:mapRun:m/Segments:%s\", \"ResultFiles\": {%s}}"
            .formatted(name, files));
  }

  private static String succeeded(int segment, int scanned, String spans, String counts) {
    return child(
        "SUCCEEDED",
        segment,
        "00:00:02",
        """
        {"segment": %d, "tally": {"scanned": %d, "updated": 4, "deleted": 3, "conflicts": 3, "failed": 1},
         "timeline": {"seconds": 1, "spans": %s, "scanned": %s}}"""
            .formatted(segment, scanned, spans, counts));
  }

  private static String child(String status, int segment, String until, String output) {
    return """
        {"Status": "%s", "StartDate": "2026-11-20T00:00:00Z", "StopDate": "2026-11-20T%sZ",
         "Input": "{\\"slice\\": {\\"segment\\": %d, \\"code\\": \\"5f0c\\"}}", "Output": "%s"}"""
        .formatted(status, until, segment, output.replace("\"", "\\\"").replace("\n", ""));
  }

  private RunReport report() throws IOException {
    return report(1);
  }

  private RunReport report(int segments) throws IOException {
    var state =
        new RunState(
            RunRequestJson.read(
                """
                {"version": 1, "runId": "r", "tableName": "Cities", "migration": "m", "direction": "up",
                 "mode": "apply", "totalSegments": %d, "maxConcurrency": 1, "sliceSeconds": 60,
                 "guard": "read-set", "itemFailuresAllowed": 0, "toleratedFailurePercentage": 0,
                 "parameters": {}}"""
                    .formatted(segments)),
            RunStatus.FAILED,
            false,
            Instant.EPOCH,
            Optional.of(Instant.EPOCH),
            new SegmentCounts(1, 0, 1),
            Tally.ZERO,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new RunResults(new FolderFiles(folder)).report(state, "here");
  }
}
