package dev.godwit.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  @TempDir Path folder;

  @Test
  void file_askedForTwice_isMadeOnce() throws IOException {
    var cache = Cache.found(Map.of("GODWIT_CACHE", folder.resolve("of/mine").toString()));

    var made = cache.file("1", "a.jar", () -> new ByteArrayInputStream(new byte[] {1, 2}));
    var again =
        cache.file(
            "1",
            "a.jar",
            () -> {
              throw new IOException("it is there");
            });

    assertThat(again).isEqualTo(made).hasBinaryContent(new byte[] {1, 2});
    assertThat(made).startsWith(folder.resolve("of/mine"));
  }

  @Test
  void file_whoseContentBreaksOff_leavesNothing() throws IOException {
    var cache = new Cache(folder);
    var broken = new SequenceInputStream(new ByteArrayInputStream(new byte[] {1, 2}), closed());

    assertThatThrownBy(() -> cache.file("1", "a.jar", () -> broken)).hasMessage("Stream closed");
    assertThat(folder.resolve("1")).isEmptyDirectory();
  }

  @Test
  void found_withoutAHomeToWriteIn_isATemporaryFolder() throws IOException {
    var noFolder = Files.createFile(folder.resolve("file"));

    var cache = Cache.found(Map.of("XDG_CACHE_HOME", noFolder.toString()));

    assertThat(cache.folder()).isDirectory().isNotEqualTo(noFolder);
    Files.delete(cache.folder());
  }

  private static InputStream closed() throws IOException {
    var closed = InputStream.nullInputStream();
    closed.close();
    return closed;
  }
}
