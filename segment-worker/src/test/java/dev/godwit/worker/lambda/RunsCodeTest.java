package dev.godwit.worker.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.testkit.InMemoryTable;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.code.MigrationCode;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.slice.TestMigration;
import dev.godwit.worker.slice.TestSlice;
import dev.godwit.worker.slice.TestWorker;
import dev.godwit.worker.source.NoSourceFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run keeps the code that it began with, and a worker says which one it has. */
class RunsCodeTest {
  private static final String OTHER = "0".repeat(64);

  private final TestMigration migration =
      TestMigration.up((item, context) -> Change.replace(item.with("marked", true)));
  private final String here = new MigrationCode().digest(migration);
  private final InMemoryTable table =
      InMemoryTable.withKeys("id").filledWith(List.of(Item.empty().with("id", "a")));
  private final InMemoryRecords records = new InMemoryRecords();
  private final InMemoryDatabase database = new InMemoryDatabase().with("Birds", table);
  private final TestWorker worker = TestWorker.inOneThread(migration, database, records);

  @Test
  void run_sliceOfARunWithThisCode_runs() {
    worker.run(slice().code(here));

    assertThat(table.contents().values()).allMatch(item -> item.has("marked"));
  }

  @Test
  void run_sliceOfARunWithOtherCode_isRefusedAndWritesNothing() {
    assertThatThrownBy(() -> worker.run(slice().code(OTHER)))
        .isInstanceOf(TransformChanged.class)
        .hasMessageContaining(
            "The run run began with other code for the migration " + TestSlice.MIGRATION)
        .hasMessageContaining("000000000000")
        .hasMessageContaining(here.substring(0, 12))
        .hasMessageContaining("--accept-new-code");

    assertThat(table.contents().values()).noneMatch(item -> item.has("marked"));
  }

  @Test
  void run_thisCodeWasAcceptedForTheRun_runs() {
    records.write("runs/run/accepted-code/" + here, new byte[0]);

    worker.run(slice().code(OTHER));

    assertThat(table.contents().values()).allMatch(item -> item.has("marked"));
  }

  @Test
  void run_thirdCodeWasAccepted_isRefused() {
    records.write("runs/run/accepted-code/" + "1".repeat(64), new byte[0]);

    assertThatThrownBy(() -> worker.run(slice().code(OTHER))).isInstanceOf(TransformChanged.class);
  }

  @Test
  void wake_nothingExpected_answersTheCode() throws IOException {
    assertThat(wake("Birds", "up", "")).isEqualTo("{\"code\":\"" + here + "\",\"hooks\":[]}");
  }

  @Test
  void wake_thisCodeExpected_answersIt() throws IOException {
    assertThat(wake("Birds", "up", ",\"code\":\"" + here + "\"")).contains(here);
  }

  @Test
  void wake_otherCodeExpected_isRefused() {
    assertThatThrownBy(() -> wake("Birds", "up", ",\"code\":\"" + OTHER + "\""))
        .isInstanceOf(TransformChanged.class)
        .hasMessageContaining("was to begin with other code")
        .hasMessageContaining("It never began")
        .hasMessageNotContaining("--accept-new-code");
  }

  @Test
  void wake_noWayDown_isRefused() {
    assertThatThrownBy(() -> wake("Birds", "down", ""))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("no down transform");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runId", "tableName", "migration", "direction"})
  void wake_fieldMissing_isRefusedByItsName(String field) {
    assertThatThrownBy(
            () ->
                handled(
                    "{\"wake\":"
                        + wakeOf("Birds", "up", "")
                            .replaceFirst("\"" + field + "\":\"[^\"]*\",?", "")
                            .replaceFirst(",}$", "}")
                        + "}"))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("wake request")
        .hasMessageContaining(field);
  }

  @Test
  void wake_unknownMigration_isRefusedAsASliceIs() {
    assertThatThrownBy(
            () ->
                handled(
                    "{\"wake\":" + wakeOf("Birds", "up", "").replace("under-test", "none") + "}"))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining(TestSlice.MIGRATION);
  }

  private static String wakeOf(String table, String direction, String more) {
    return """
        {"runId":"run","tableName":"%s","migration":"%s","direction":"%s"%s}"""
        .formatted(table, TestSlice.MIGRATION, direction, more);
  }

  private String wake(String table, String direction, String more) throws IOException {
    return handled("{\"wake\":" + wakeOf(table, direction, more) + "}");
  }

  private String handled(String event) throws IOException {
    var handler =
        new SegmentWorkerHandler(
            new WorkerSettings(
                migration.alone(),
                database,
                RateSource.NONE,
                records,
                NoSourceFiles.NONE,
                1,
                1,
                PageListener.NONE));
    var out = new ByteArrayOutputStream();
    handler.handle(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, () -> 60_000);
    return new ObjectMapper().readTree(out.toByteArray()).toString();
  }

  private static TestSlice slice() {
    return TestSlice.of("Birds", List.of("id"));
  }
}
