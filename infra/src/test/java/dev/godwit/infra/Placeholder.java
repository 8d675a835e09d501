package dev.godwit.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small jars in the place of real ones, the same byte for byte each time. */
final class Placeholder {
  private Placeholder() {}

  static Path jar(Path folder, String name) {
    return jar(folder, name, "a placeholder");
  }

  static Path jar(Path folder, String name, String content) {
    Path jar = folder.resolve(name);
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      var entry = new ZipEntry("placeholder.txt");
      entry.setTime(0);
      zip.putNextEntry(entry);
      zip.write(content.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }
}
