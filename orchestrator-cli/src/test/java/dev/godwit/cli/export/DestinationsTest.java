package dev.godwit.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsTest {
  @TempDir Path folder;

  @Test
  void finish_fileThatTwoExportsWrite_isWhollyTheFirstOnes() throws IOException {
    var file = folder.resolve("items.jsonl");
    try (var first = Destinations.of(file.toString());
        var second = Destinations.of(file.toString())) {
      take(first, "first 1\n");
      take(second, "second 1\n");
      Destinations.check(file.toString());
      first.finish();
      take(second, "second 2\n");

      assertThatThrownBy(second::finish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("was left alone");
    }

    assertThat(file).hasContent("first 1\n");
    try (var there = Files.list(folder)) {
      assertThat(there).as("what was begun is taken away").containsExactly(file);
    }
  }

  private static void take(Destination destination, String lines) throws IOException {
    destination.take(new byte[0], lines.getBytes(StandardCharsets.UTF_8));
  }
}
