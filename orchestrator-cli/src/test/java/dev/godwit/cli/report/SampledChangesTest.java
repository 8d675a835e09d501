package dev.godwit.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.worker.record.FolderRecordStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampledChangesTest {
  @TempDir Path folder;

  @Test
  void of_manySegmentsWithSamples_showsTwentyOfThisRun() {
    var records = new FolderRecordStore(folder);
    for (int segment = 0; segment < 30; segment++) {
      records.write(
          String.format("runs/mine/samples/segment-%05d/start.jsonl", segment),
          ("{\"key\":{\"id\":{\"N\":\""
                  + segment
                  + "\"}},\"before\":{\"id\":{\"N\":\""
                  + segment
                  + "\"}},\"after\":{\"id\":{\"N\":\""
                  + segment
                  + "\"},\"done\":{\"BOOL\":true}}}\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    records.write(
        "runs/other/samples/segment-00000/start.jsonl",
        "{\"key\":{\"id\":{\"N\":\"999\"}},\"before\":{\"id\":{\"N\":\"999\"}}}\n"
            .getBytes(StandardCharsets.UTF_8));

    var shown = SampledChanges.of(records, "mine");

    assertThat(shown)
        .hasSize(20)
        .doesNotHaveDuplicates()
        .allMatch(diff -> diff.contains("+ done") && !diff.contains("999"))
        .isEqualTo(SampledChanges.of(records, "mine"));
  }

  @Test
  void of_runThatChangesNothing_isEmpty() {
    assertThat(SampledChanges.of(new FolderRecordStore(folder), "mine")).isEmpty();
  }
}
