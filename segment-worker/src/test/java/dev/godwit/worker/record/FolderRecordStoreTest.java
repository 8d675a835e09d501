package dev.godwit.worker.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.worker.TableUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderRecordStoreTest {
  private static final String KEY = "runs/run/deferred/segment-00017/start.jsonl";
  private static final byte[] CONTENT = "{}\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path temporary;

  @Test
  void write_inNewFolders_forcesTheirNamesAndThenThatOfTheFile() {
    var store = temporary.resolve("store");
    List<String> forced = new ArrayList<>();
    new FolderRecordStore(
            store,
            folder ->
                forced.add(
                    temporary.relativize(folder)
                        + (Files.exists(store.resolve(KEY)) ? ", the file is there" : "")))
        .write(KEY, CONTENT);

    assertThat(forced)
        .containsExactly(
            "",
            "store",
            "store/runs",
            "store/runs/run",
            "store/runs/run/deferred",
            "store/runs/run/deferred/segment-00017, the file is there");
  }

  @Test
  void write_intoAFolderThatIsOnDisk_forcesTheNameOfTheFileAlone() {
    List<Path> forced = new ArrayList<>();
    var store = new FolderRecordStore(temporary, forced::add);
    store.write(KEY, CONTENT);
    forced.clear();

    store.write(KEY, CONTENT);

    assertThat(forced).containsExactly(temporary.resolve(KEY).getParent());
  }

  @Test
  void write_namesCannotBeForced_isNotTakenForWritten() {
    var store =
        new FolderRecordStore(
            temporary,
            folder -> {
              throw new IOException("the disk is gone");
            });

    assertThatThrownBy(() -> store.write(KEY, CONTENT))
        .isInstanceOf(TableUnavailable.class)
        .hasMessageContaining("the disk is gone");
  }

  @Test
  void write_onThisMachine_leavesTheFileAndNothingBesideIt() throws IOException {
    var store = new FolderRecordStore(temporary);

    store.write(KEY, CONTENT);
    store.write(KEY, CONTENT);

    assertThat(store.read(KEY)).isEqualTo(CONTENT);
    assertThat(store.list("runs/run/deferred/")).containsExactly(KEY);
    try (var beside = Files.list(temporary.resolve(KEY).resolveSibling("."))) {
      assertThat(beside).hasSize(1);
    }
  }
}
