package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderObjectStoreTest {
  @TempDir Path root;
  private FolderObjectStore store;

  @BeforeEach
  void open() {
    store = new FolderObjectStore(root);
  }

  private void write(String key, String text) throws IOException {
    store.write("b", key, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> keys(String prefix) throws IOException {
    try (Stream<ObjectStore.Listed> listed = store.list("b", prefix)) {
      return listed.map(ObjectStore.Listed::key).toList();
    }
  }

  @Test
  void list_prefix_isOfTheKeyNotOfTheFolder() throws IOException {
    for (String key : new String[] {"runs/1/a", "runs/1/b", "runs/10/a", "other"}) {
      write(key, "x");
    }
    assertThat(keys("runs/1")).containsExactly("runs/1/a", "runs/1/b", "runs/10/a");
    assertThat(keys("runs/1/")).containsExactly("runs/1/a", "runs/1/b");
    assertThat(keys("")).hasSize(4);
    assertThat(keys("none/")).isEmpty();
    assertThat(store.list("nowhere", "")).isEmpty();
  }

  @Test
  void list_order_isThatOfUtf8Bytes() throws IOException {
    write("\uFF5E", "x");
    write("\uD83D\uDC26", "x");
    write("Z", "x");
    write("a", "x");
    assertThat(keys("")).containsExactly("Z", "a", "\uFF5E", "\uD83D\uDC26");
  }

  @Test
  void write_thatBreaksOff_leavesTheOldObject() throws IOException {
    write("k", "old");
    assertThatThrownBy(
            () ->
                store.write(
                    "b",
                    "k",
                    out -> {
                      out.write('n');
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    try (InputStream in = store.read("b", "k")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("old");
    }
    assertThat(keys("")).containsExactly("k");
  }

  @Test
  void file_outsideOfTheBucket_isRefused() {
    assertThatThrownBy(() -> write("../c/k", "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.read("..", "k")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void read_noSuchObject_saysSo() {
    assertThatThrownBy(() -> store.read("b", "none")).isInstanceOf(NoSuchFileException.class);
  }
}
