package dev.godwit.asl;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for each bucket, a file for each object: {@code <root>/<bucket>/<key>}.
 *
 * <p>An object appears whole or not at all: it is written beside its place and renamed.
 */
public final class FolderObjectStore implements ObjectStore {
  private static final String PARTIAL = ".godwit-partial";

  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final Path root;

  /**
   * @param root made when first written to
   */
  public FolderObjectStore(Path root) {
    this.root = root;
  }

  /** Where an object's file is or would be. */
  public Path file(String bucket, String key) {
    Path folder = root.resolve(bucket).normalize();
    Path file = folder.resolve(key).normalize();
    if (!folder.startsWith(root.normalize()) || !file.startsWith(folder)) {
      throw new IllegalArgumentException(
          "the object " + bucket + "/" + key + " would lie outside of " + root);
    }
    return file;
  }

  @Override
  public Stream<Listed> list(String bucket, String prefix) throws IOException {
    Path folder = root.resolve(bucket);
    Path deepest = file(bucket, prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(deepest)) {
      return Stream.empty();
    }
    try (Stream<Path> walk = Files.walk(deepest)) {
      return walk
          .filter(path -> !path.toString().endsWith(PARTIAL))
          .filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString().replace('\\', '/'))
          .filter(key -> key.startsWith(prefix))
          .sorted(BY_BYTES)
          .toList()
          .stream()
          .map(key -> listed(bucket, key));
    }
  }

  private Listed listed(String bucket, String key) {
    try {
      var attributes = Files.readAttributes(file(bucket, key), BasicFileAttributes.class);
      var modified = attributes.lastModifiedTime().toInstant();
      String etag =
          "\"" + Long.toHexString(modified.toEpochMilli()) + "-" + attributes.size() + "\"";
      return new Listed(key, attributes.size(), etag, modified);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public InputStream read(String bucket, String key) throws IOException {
    return Files.newInputStream(file(bucket, key));
  }

  @Override
  public void write(String bucket, String key, Content content) throws IOException {
    Path file = file(bucket, key);
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no object key: '" + key + "'");
    }
    Files.createDirectories(folder);
    Path partial = Files.createTempFile(folder, ".", PARTIAL);
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
        content.writeTo(out);
      }
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
